using System.Text.Json;
using GeoWps.Domain.Records;
using GeoWps.Domain.Time;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>A record of ours from an item of OGC API - Records Part 1 (clause 7), or of any collection of features.</summary>
internal static class OgcRecord
{
    /// <summary>Links that are of the page and not of the thing.</summary>
    private static readonly string[] OfPage = ["alternate", "collection", "root", "parent", "next", "prev"];

    /// <param name="type">Of records that say none.</param>
    /// <returns><see langword="null"/> for what has no id.</returns>
    public static CatalogueRecord? Read(string source, JsonElement feature, string? type)
    {
        if (Member(feature, "id") is not { } idMember || TextOf(idMember) is not { Length: > 0 } id)
        {
            return null;
        }

        var properties = Member(feature, "properties") is { ValueKind: JsonValueKind.Object } given ? given : default;
        var geometry = Member(feature, "geometry") is { ValueKind: JsonValueKind.Object } shape ? shape : default;
        return new CatalogueRecord(source, id, Text(properties, "type") ?? type ?? "feature", Text(properties, "title") ?? Text(properties, "name") ?? id)
        {
            Description = Text(properties, "description"),
            Keywords = Texts(properties, "keywords", null),
            Language = Member(properties, "language") is { ValueKind: JsonValueKind.Object } language ? Text(language, "code") : Text(properties, "language"),
            Extents = GeoJsonExtent.Of(geometry),
            GeometryJson = geometry.ValueKind == JsonValueKind.Object && Text(geometry, "type") is not ("Point" or "GeometryCollection") && GeoJsonExtent.Of(geometry).Count > 0 ? geometry.GetRawText() : null,
            Time = Time(feature),
            Created = RecordFields.Instant(Text(properties, "created")),
            Updated = RecordFields.Instant(Text(properties, "updated")),
            ExternalIds = [.. Objects(properties, "externalIds").Where(one => Text(one, "value") is not null).Select(one => new ExternalId(Text(one, "value")!, Text(one, "scheme")))],
            Classifications = [.. Objects(properties, "themes").SelectMany(theme => Objects(theme, "concepts")
                .Where(concept => Text(concept, "id") is not null).Select(concept => new Classification(Text(theme, "scheme") ?? "", Text(concept, "id")!)))],
            Links = [.. Links(feature)],
            Formats = Texts(properties, "formats", ["mediaType", "name"]),
            License = Text(properties, "license"),
            Properties = properties.ValueKind != JsonValueKind.Object ? [] : properties.EnumerateObject()
                .Where(one => RecordProperties.KindOf(one.Name) == RecordPropertyKind.Any && one.Name is not ("themes" or "conformsTo") && one.Value.ValueKind != JsonValueKind.Null)
                .DistinctBy(one => one.Name).ToDictionary(one => one.Name, one => one.Value.GetRawText(), StringComparer.Ordinal),
            Version = RecordFields.Digest(feature.GetRawText()),
        };
    }

    private static IEnumerable<RecordLink> Links(JsonElement feature)
    {
        foreach (var link in Objects(feature, "links"))
        {
            if (RecordFields.IsWeb(Text(link, "href")) is { } href && Text(link, "rel") is { } rel && !OfPage.Contains(rel))
            {
                // What is there about itself is here about the original.
                yield return new RecordLink(href, rel == "self" ? "canonical" : rel, Text(link, "type"), rel == "self" ? "The original record" : Text(link, "title"));
            }
        }
    }

    private static TimeInterval? Time(JsonElement feature)
    {
        if (Member(feature, "time") is not { ValueKind: JsonValueKind.Object } time)
        {
            return null;
        }

        return Member(time, "interval") is { ValueKind: JsonValueKind.Array } interval && interval.GetArrayLength() == 2
            ? RecordFields.Interval($"{TextOf(interval[0]) ?? ".."}/{TextOf(interval[1]) ?? ".."}")
            : RecordFields.Interval(Text(time, "timestamp") ?? Text(time, "date"));
    }

    private static IReadOnlyList<string> Texts(JsonElement json, string name, string[]? within) => Member(json, name) is not { ValueKind: JsonValueKind.Array } list ? [] :
        [.. list.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.Object ? within?.Select(each => Text(one, each)).FirstOrDefault(text => text is not null) : TextOf(one)).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static IEnumerable<JsonElement> Objects(JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object) : [];

    private static JsonElement? Member(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement json, string name) => Member(json, name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };
}
