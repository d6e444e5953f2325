using System.Text.Json.Nodes;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Processes.Schemas;
using Types = GeoWps.Domain.Processes.MediaTypes;

namespace GeoWps.Application.Processes.Binding;

/// <summary>One way in which a value may come.</summary>
/// <param name="MediaType">Of its content; <see langword="null"/> for a literal.</param>
/// <param name="IsBinary">It is a string of base64.</param>
internal sealed record InputAlternative(CompiledSchema Schema, string? MediaType, bool IsBinary)
{
    private static readonly CompiledSchema Base64 =
        CompiledSchema.Compile(new JsonObject { ["type"] = "string", ["contentEncoding"] = "binary", ["contentMediaType"] = Types.Unknown });

    /// <summary>The content of a file that is a text; in base64 it is the same file.</summary>
    public bool IsText => MediaType is not null && !IsBinary && Schema.Kinds == JsonKinds.String;

    /// <summary>The same content as it is encoded: what it holds is not to be seen yet.</summary>
    public InputAlternative InBase64() => IsText ? this with { Schema = Base64 } : this;
}

/// <summary>An input's description, read once.</summary>
internal sealed class CompiledInput
{
    private CompiledInput(InputDescription description, CompiledSchema schema)
    {
        Description = description;
        Schema = schema;
        Alternatives = [.. Flatten(schema).Select(Alternative)];
        MediaTypes = [.. Alternatives.Select(alternative => alternative.MediaType).OfType<string>().Distinct()];
        TakesArrays = schema.Takes(JsonKinds.Array) && Alternatives.Any(alternative => alternative.Schema.Kinds != JsonKinds.None);
        var known = schema.Together().Select(part => part.WellKnown).Where(kind => kind != WellKnownObject.None).ToHashSet();
        TakesBox = known.Contains(WellKnownObject.BoundingBox);
        TakesGeoJson = known.Any(kind => kind != WellKnownObject.BoundingBox);
        TakesCollections = known.Contains(WellKnownObject.FeatureCollection);
        HoldsReferences = Mentions(description.Schema, 0);
        Texts = MediaTypes.Contains(Types.Unknown) ? [.. Alternatives.Where(alternative => alternative.IsText)] : [];
    }

    public InputDescription Description { get; }

    public CompiledSchema Schema { get; }

    public IReadOnlyList<InputAlternative> Alternatives { get; }

    /// <summary>Those of the alternatives; empty for a literal.</summary>
    public IReadOnlyList<string> MediaTypes { get; }

    /// <summary>
    /// Where an input takes content of an unknown type, its content tells what it is: these are the ways in which a text may come whose declared type says
    /// only that, or something else. Empty for an input that goes by the declared type.
    /// </summary>
    public IReadOnlyList<InputAlternative> Texts { get; }

    /// <summary>One value may be an array.</summary>
    public bool TakesArrays { get; }

    /// <summary>A bounding box may stand bare.</summary>
    public bool TakesBox { get; }

    /// <summary>A geometry, feature or collection may stand bare.</summary>
    public bool TakesGeoJson { get; }

    /// <summary>Features of any number.</summary>
    public bool TakesCollections { get; }

    /// <summary>A value may hold references deeper inside.</summary>
    public bool HoldsReferences { get; }

    public static CompiledInput Of(InputDescription description) => new(description, CompiledSchema.Compile(description.Schema));

    /// <summary>The alternatives of a media type that a sender names; <see langword="null"/>: it is not taken.</summary>
    public IReadOnlyList<InputAlternative>? Offered(string mediaType)
    {
        if (MediaTypes.Count == 0)
        {
            return Types.IsText(mediaType) ? Alternatives : null;
        }

        // GeoJSON and every other object of JSON is JSON, too.
        if (Types.Canonical(mediaType) == Types.Json && !MediaTypes.Contains(Types.Json)
            && Alternatives.Where(alternative => alternative.MediaType is { } type && Types.IsJson(type)).ToList() is { Count: > 0 } json)
        {
            return json;
        }

        var found = Types.Match(mediaType, MediaTypes);
        if (found >= 0)
        {
            return [.. Alternatives.Where(alternative => alternative.MediaType == MediaTypes[found])];
        }

        if (Texts.Count == 0)
        {
            return null;
        }

        // A version that is not listed is for the content to tell, too.
        var kind = Types.Canonical(mediaType).Split(';')[0];
        var related = Alternatives.Where(alternative => alternative.MediaType is { } type && Types.Canonical(type).Split(';')[0] == kind).ToList();
        return related.Count > 0 ? related : Types.IsGeneral(mediaType) ? Texts : null;
    }

    private static IEnumerable<CompiledSchema> Flatten(CompiledSchema schema) =>
        schema.Alternatives is [var only] && ReferenceEquals(only, schema) ? [schema] : schema.Alternatives.SelectMany(Flatten);

    private static InputAlternative Alternative(CompiledSchema schema)
    {
        var parts = schema.Together().ToList();
        var media = parts.Select(part => part.ContentMediaType).FirstOrDefault(type => type is not null);
        var known = parts.Select(part => part.WellKnown).FirstOrDefault(kind => kind != WellKnownObject.None);
        var structured = parts.Any(part => (part.Kinds & (JsonKinds.Object | JsonKinds.Array)) != 0);
        return new InputAlternative(
            schema,
            media ?? (known is not (WellKnownObject.None or WellKnownObject.BoundingBox) ? Types.GeoJson
                : known == WellKnownObject.BoundingBox || structured ? Types.Json : null),
            parts.Any(part => part.IsBinary));
    }

    private static bool Mentions(JsonNode? schema, int depth) => depth < 64 && schema switch
    {
        JsonObject node =>
            (node["properties"] is JsonObject properties && properties.ContainsKey("href"))
            || WellKnownLink(node)
            || node.Any(member => Mentions(member.Value, depth + 1)),
        JsonArray items => items.Any(item => Mentions(item, depth + 1)),
        _ => false,
    };

    private static bool WellKnownLink(JsonObject node) =>
        node["$ref"] is JsonValue value && value.TryGetValue<string>(out var reference) && reference.EndsWith("link.yaml", StringComparison.Ordinal);
}
