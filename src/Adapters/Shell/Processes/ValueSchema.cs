using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Processes;

/// <summary>What a client needs to know of an input's or output's JSON Schema: which values it takes, in which media types.</summary>
internal sealed record ValueSchema
{
    private const string GeoJson = "application/geo+json";

    /// <summary>JSON types of one value, of all alternatives; empty when any will do.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>Media types of content (a layer, a file, a document), the first being the default; empty for a plain value.</summary>
    public required IReadOnlyList<string> MediaTypes { get; init; }

    public required IReadOnlyList<string> Choices { get; init; }

    /// <summary>An OGC bounding box.</summary>
    public required bool IsBox { get; init; }

    public required string? Range { get; init; }

    /// <summary>Of the members of an array.</summary>
    public required ValueSchema? Items { get; init; }

    public required string? Default { get; init; }

    /// <summary>Whether a file or an address can be its value.</summary>
    public bool TakesContent => MediaTypes.Count > 0 || Items?.TakesContent == true;

    /// <summary>In a person's words.</summary>
    public string TypeText => this switch
    {
        { Items: { } items } when Types is ["array"] && MediaTypes.Count == 0 => $"list of {items.TypeText}",
        { MediaTypes.Count: > 0 } => string.Join(", ", MediaTypes.Select(FileFormats.ShortName).Distinct()),
        { IsBox: true } => "box" + (Types.Contains("string") ? " or text" : ""),
        { Types.Count: 0 } => "any",
        _ => string.Join(" or ", Types.Select(type => type == "string" ? "text" : type)) + Range,
    };

    public static ValueSchema Of(JsonNode? schema)
    {
        var alternatives = Alternatives(schema as JsonObject ?? []).ToArray();
        return new ValueSchema
        {
            Types = [.. alternatives.Select(part => part.Text("type")).OfType<string>().Distinct()],
            MediaTypes = [.. alternatives.Select(MediaType).OfType<string>().Distinct()],
            Choices = Choose(alternatives),
            IsBox = alternatives.Any(part => part.Text("format") == "ogc-bbox" || part.Text("$ref")?.EndsWith("bbox.yaml", StringComparison.Ordinal) == true),
            Range = alternatives.Select(RangeOf).FirstOrDefault(range => range is not null),
            Items = alternatives.Select(part => part["items"]).FirstOrDefault(items => items is not null) is { } items ? Of(items) : null,
            Default = alternatives.Select(part => part["default"]).FirstOrDefault(value => value is not null) switch
            {
                null => null,
                JsonValue value => value.ToString(),
                var value => value.ToJsonString(),
            },
        };
    }

    private static IEnumerable<JsonObject> Alternatives(JsonObject schema) =>
        new[] { "oneOf", "anyOf", "allOf" }.SelectMany(name => schema.Objects(name)).SelectMany(Alternatives).Prepend(schema);

    private static string? MediaType(JsonObject part) =>
        part.Text("contentMediaType")
        ?? (part.Text("format")?.StartsWith("geojson", StringComparison.Ordinal) == true || part.Text("$ref")?.Contains("GeoJSON", StringComparison.Ordinal) == true ? GeoJson : null);

    // An enumeration by index has its labels as titles, or in a second alternative of as many texts.
    private static IReadOnlyList<string> Choose(JsonObject[] alternatives)
    {
        var lists = alternatives.Select(part => (Titled: part.Text("title"), Values: Values(part["enum"]))).Where(list => list.Values.Length > 0).ToArray();
        var titled = lists.Where(list => list is { Titled: not null, Values.Length: 1 }).ToArray();
        if (titled.Length > 0)
        {
            return [.. titled.Select(choice => Labelled(choice.Values[0], choice.Titled!))];
        }

        return lists is [(_, var indices), (_, var labels)] && indices.Length == labels.Length
            ? [.. indices.Zip(labels, Labelled)]
            : [.. lists.SelectMany(list => list.Values).Distinct()];
    }

    private static string[] Values(JsonNode? list) => [.. (list as JsonArray ?? []).Select(item => item?.ToString() ?? "null")];

    private static string Labelled(string index, string label) => index == label ? index : $"{index} = {label}";

    private static string? RangeOf(JsonObject part)
    {
        var from = part.Text("minimum");
        var to = part.Text("maximum");
        return (from, to) switch
        {
            (null, null) => null,
            (_, null) => part.Text("exclusiveMinimum") == "true" ? $" above {from}" : $" from {from}",
            (null, _) => part.Text("exclusiveMaximum") == "true" ? $" below {to}" : $" up to {to}",
            _ => $" {from} to {to}",
        };
    }
}
