using System.Globalization;
using System.Text.Json;
using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Words;
using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.Storage.Records;

/// <summary>What is stored beside a record's document, so that it can be found and sorted: the same in every database. Made before anybody waits for the one who writes.</summary>
internal sealed class RecordRow
{
    /// <summary>UTF-16 units of a value that are compared.</summary>
    public const int MaxValue = 500;

    /// <summary>Boxes of one record; what is beyond is in the last one.</summary>
    public const int MaxAreas = 16;

    public RecordRow(CatalogueRecord record, int maxText)
    {
        Record = record;
        Words = IndexedRecord.Of(record, maxText);
        Document = StoredRecord.Write(record);
        Title = Cut(record.Title);
        TitleKey = Cut(WordBreaker.Fold(Title));
        Description = record.Description is { } description ? description : null;
        DescriptionKey = Description is null ? null : WordBreaker.Fold(Description);
        Text = record.Text is { Length: > 0 } text ? text.Length > maxText ? text[..maxText] : text : null;
        Created = Milliseconds(record.Created);
        Updated = Milliseconds(record.Updated);
        (From, To) = record.Time is { } time ? (Milliseconds(time.From) ?? long.MinValue, Milliseconds(time.To) ?? long.MaxValue) : ((long?)null, (long?)null);
        Values = [.. ValuesOf(record).DistinctBy(value => (value.Name, value.Value))];
        Areas = record.Extents.Count <= MaxAreas ? record.Extents : [.. record.Extents.Take(MaxAreas - 1), record.Extents.Skip(MaxAreas - 1).Aggregate((one, other) => one.Join(other))];
    }

    public CatalogueRecord Record { get; }

    public IndexedRecord Words { get; }

    public string Document { get; }

    public string Title { get; }

    public string TitleKey { get; }

    public string? Description { get; }

    public string? DescriptionKey { get; }

    public string? Text { get; }

    public long? Created { get; }

    public long? Updated { get; }

    /// <summary>An open end is the least or the greatest number; <see langword="null"/>: it has no time.</summary>
    public long? From { get; }

    public long? To { get; }

    public IReadOnlyList<RecordValue> Values { get; }

    public IReadOnlyList<Extent> Areas { get; }

    public static long? Milliseconds(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    /// <summary>How an external id with its scheme is stored.</summary>
    public static string WithScheme(ExternalId id) => Cut($"{id.Scheme} {id.Value}");

    public static string Cut(string text) => text.Length <= MaxValue ? text : text[..(char.IsHighSurrogate(text[MaxValue - 1]) ? MaxValue - 1 : MaxValue)];

    private static IEnumerable<RecordValue> ValuesOf(CatalogueRecord record)
    {
        yield return RecordValue.Of(RecordProperties.Type, record.Type);
        yield return RecordValue.Of(RecordProperties.Source, record.Source);
        if (record.Language is { } language)
        {
            yield return RecordValue.Of(RecordProperties.Language, language);
        }

        if (record.License is { } license)
        {
            yield return RecordValue.Of(RecordProperties.License, license);
        }

        foreach (var (name, list) in ((string, IEnumerable<string>)[])[(RecordProperties.Keywords, record.Keywords), (RecordProperties.Formats, record.Formats), (RecordProperties.ExternalIds, record.ExternalIds.Select(id => id.Value))])
        {
            foreach (var one in list)
            {
                yield return RecordValue.Of(name, one);
            }
        }

        foreach (var id in record.ExternalIds.Where(id => id.Scheme is not null))
        {
            yield return RecordValue.Of(RecordValue.SchemedIds, WithScheme(id));
        }

        foreach (var (scheme, code) in record.Classifications)
        {
            yield return RecordValue.Of(RecordProperties.Classification, code);
            yield return RecordValue.Of(RecordProperties.SchemePrefix + scheme, code);
        }

        foreach (var (name, json) in record.Properties.Where(one => RecordProperties.KindOf(one.Key) == RecordPropertyKind.Any))
        {
            foreach (var value in FromJson(name, json))
            {
                yield return value;
            }
        }
    }

    // What is no JSON is a text.
    private static IEnumerable<RecordValue> FromJson(string name, string json)
    {
        JsonElement element;
        try
        {
            element = JsonElement.Parse(json);
        }
        catch (JsonException)
        {
            return [RecordValue.Of(name, json)];
        }

        return (element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : (JsonElement[])[element]).Select(one => one.ValueKind switch
        {
            JsonValueKind.String => RecordValue.Of(name, one.GetString()!),
            JsonValueKind.Number => RecordValue.Of(name, one.GetRawText()) with { Number = one.GetDouble() },
            JsonValueKind.True => RecordValue.Of(name, "true"),
            JsonValueKind.False => RecordValue.Of(name, "false"),
            _ => null,
        }).OfType<RecordValue>();
    }
}

/// <summary>One value of a property.</summary>
/// <param name="Key">As it is compared where neither case nor marks count.</param>
internal sealed record RecordValue(string Name, string Value, string Key)
{
    /// <summary>External ids with their schemes.</summary>
    public const string SchemedIds = "externalIds+scheme";

    public double? Number { get; init; }

    public static RecordValue Of(string name, string value) => new(RecordRow.Cut(name), RecordRow.Cut(value), RecordRow.Cut(WordBreaker.Fold(value)))
    {
        Number = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
    };
}
