using System.Text.Json;
using System.Text.Json.Serialization;
using GeoWps.Domain.Records;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;

namespace GeoWps.Adapters.Storage.Records;

/// <summary>A record as a text, the same in every database. Its text (<see cref="CatalogueRecord.Text"/>) stands beside.</summary>
internal static class StoredRecord
{
    public static string Write(CatalogueRecord record) => JsonSerializer.Serialize(
        new RecordDocument(record.Source, record.LocalId, record.Type, record.Title)
        {
            Description = record.Description,
            Keywords = OrNull(record.Keywords),
            Language = record.Language,
            Extents = record.Extents.Count == 0 ? null : [.. record.Extents.SelectMany(extent => (double[])[extent.MinX, extent.MinY, extent.MaxX, extent.MaxY])],
            GeometryJson = record.GeometryJson,
            HasTime = record.Time is not null,
            From = record.Time?.From,
            To = record.Time?.To,
            Created = record.Created,
            Updated = record.Updated,
            ExternalIds = OrNull(record.ExternalIds),
            Classifications = OrNull(record.Classifications),
            Links = OrNull(record.Links),
            Formats = OrNull(record.Formats),
            License = record.License,
            Properties = record.Properties.Count == 0 ? null : record.Properties.ToDictionary(),
            Owner = record.Owner,
            Version = record.Version,
        },
        RecordJson.Default.RecordDocument);

    public static CatalogueRecord Read(string json, string? text)
    {
        var stored = JsonSerializer.Deserialize(json, RecordJson.Default.RecordDocument)!;
        return new CatalogueRecord(stored.Source, stored.LocalId, stored.Type, stored.Title)
        {
            Description = stored.Description,
            Keywords = stored.Keywords ?? [],
            Language = stored.Language,
            Extents = [.. (stored.Extents ?? []).Chunk(4).Select(four => new Extent(four[0], four[1], four[2], four[3]))],
            GeometryJson = stored.GeometryJson,
            Time = stored.HasTime ? new TimeInterval(stored.From, stored.To) : null,
            Created = stored.Created,
            Updated = stored.Updated,
            ExternalIds = stored.ExternalIds ?? [],
            Classifications = stored.Classifications ?? [],
            Links = stored.Links ?? [],
            Formats = stored.Formats ?? [],
            License = stored.License,
            Properties = stored.Properties ?? [],
            Owner = stored.Owner,
            Version = stored.Version,
            Text = text,
        };
    }

    private static T[]? OrNull<T>(IReadOnlyList<T> list) => list.Count == 0 ? null : [.. list];
}

internal sealed record RecordDocument(string Source, string LocalId, string Type, string Title)
{
    public string? Description { get; init; }

    public string[]? Keywords { get; init; }

    public string? Language { get; init; }

    /// <summary>Four for each.</summary>
    public double[]? Extents { get; init; }

    public string? GeometryJson { get; init; }

    public bool HasTime { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? Updated { get; init; }

    public ExternalId[]? ExternalIds { get; init; }

    public Classification[]? Classifications { get; init; }

    public RecordLink[]? Links { get; init; }

    public string[]? Formats { get; init; }

    public string? License { get; init; }

    public Dictionary<string, string>? Properties { get; init; }

    public string? Owner { get; init; }

    public string? Version { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(RecordDocument))]
internal sealed partial class RecordJson : JsonSerializerContext;
