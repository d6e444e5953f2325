using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>Sources of the kind <c>list</c>: one document of JSON or CSV at an address, a row each record.</summary>
public sealed class ListReader(HarvestWeb web) : IHarvestReader, IDocumentReader
{
    private const string Format = "format";

    /// <summary>The member of a JSON document whose array the rows are.</summary>
    private const string Items = "items";

    private static readonly string[] Formats = ["csv", "json"];
    private static readonly string[] UsualItems = ["records", "items", "features"];

    public string Kind => "list";

    public IReadOnlyList<string> Settings { get; } = [HarvestWeb.Url, HarvestForm.Credentials, Format, Items, RecordFields.Setting, RecordFields.TypeSetting, RecordFields.SchemeSetting];

    public void Check(JsonElement settings, List<Mistake> mistakes)
    {
        web.Check(settings, mistakes);
        RecordFields.Read(settings, required: false, mistakes);
        RecordFields.Text(settings, Items, mistakes);
        if (RecordFields.Text(settings, Format, mistakes) is { } format && !Formats.Contains(format))
        {
            mistakes.Add(new Mistake(Format, $"must be one of: {string.Join(", ", Formats)}"));
        }
    }

    public bool Has(JsonElement settings, CatalogueRecord record) => HarvestWeb.DocumentOf(settings, record) is not null;

    public Task<DocumentOpening> OpenAsync(DocumentWish wish, CancellationToken cancellationToken) => web.OpenAsync(wish, cancellationToken);

    public async Task<HarvestReading> ReadAsync(HarvestWish wish, CancellationToken cancellationToken)
    {
        var (settings, mistakes) = (wish.Settings, new List<Mistake>());
        var fields = RecordFields.Read(settings, required: false, mistakes) ?? throw new HarvestException(string.Join("; ", mistakes));
        var href = settings.GetProperty(HarvestWeb.Url).GetString()!;
        var (content, contentType, etag) = await web.GetAsync(settings, href, "application/json, text/csv, */*;q=0.1", wish.Mark, cancellationToken);
        if (content is null)
        {
            return new HarvestReading.Unchanged();
        }

        wish.Progress(50);
        var isCsv = RecordFields.Text(settings, Format, mistakes) is { } format ? format == "csv"
            : contentType?.Contains("csv", StringComparison.OrdinalIgnoreCase) ?? new Uri(href).AbsolutePath.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        return new HarvestReading.Whole(isCsv ? CsvAsync(wish.Source.Id, content, fields, cancellationToken) : Json(wish.Source.Id, content, fields, RecordFields.Text(settings, Items, mistakes)).ToAsyncEnumerable(), () => etag);
    }

    private static async IAsyncEnumerable<CatalogueRecord> CsvAsync(string source, Stream content, RecordFields fields, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(content, Encoding.UTF8);
        var rows = new CsvRows(reader);
        if (await rows.NextAsync(cancellationToken) is not { } names)
        {
            throw new HarvestException("its list is empty: it has no row of names");
        }

        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            places.TryAdd(names[i].Trim(), i);
        }

        Demand(fields, places.ContainsKey);
        for (var row = 2L; await rows.NextAsync(cancellationToken) is { } values; row++)
        {
            if (values is not [""])
            {
                yield return fields.Make(source, null, name => places.TryGetValue(name, out var place) && place < values.Count ? values[place] : null)
                    ?? throw new HarvestException($"row {row} of its list has no id");
            }
        }
    }

    private static IEnumerable<CatalogueRecord> Json(string source, MemoryStream content, RecordFields fields, string? items)
    {
        using var document = Parse(content);
        var root = document.RootElement;
        var rows = root.ValueKind == JsonValueKind.Array ? root
            : (items is null ? UsualItems : [items]).Select(name => Find(root, name)).FirstOrDefault(found => found is { ValueKind: JsonValueKind.Array })
            ?? throw new HarvestException($"its list has no array {items ?? string.Join(", ", UsualItems)}");
        var number = 0;
        foreach (var row in rows.EnumerateArray())
        {
            number++;
            yield return fields.Make(source, null, name => Find(row, name) is { } value ? TextOf(value) : null)
                ?? throw new HarvestException($"entry {number} of its list has no id");
        }
    }

    private static void Demand(RecordFields fields, Func<string, bool> has)
    {
        if (!has(fields.IdColumn))
        {
            throw new HarvestException($"its list has no column '{fields.IdColumn}'");
        }
    }

    private static JsonDocument Parse(MemoryStream content)
    {
        try
        {
            return JsonDocument.Parse(content);
        }
        catch (JsonException fault)
        {
            throw new HarvestException($"its list is not JSON, in line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}", fault);
        }
    }

    /// <summary>A member, or one within another: <c>properties.title</c>.</summary>
    private static JsonElement? Find(JsonElement row, string path)
    {
        if (row.ValueKind == JsonValueKind.Object && row.TryGetProperty(path, out var direct))
        {
            return direct;
        }

        foreach (var part in path.Split('.'))
        {
            if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty(part, out row))
            {
                return null;
            }
        }

        return row;
    }

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array => string.Join(';', value.EnumerateArray().Select(TextOf)),
        _ => value.GetRawText(),
    };
}
