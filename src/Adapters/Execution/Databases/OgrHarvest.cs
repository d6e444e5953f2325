using System.Runtime.CompilerServices;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution.Databases;

/// <summary>
/// Sources of the kind <c>database</c>: a table or query of a file (SQLite, GeoPackage, …) or folder below one of the operator's folders, or of a named connection, in whatever form GDAL's OGR reads.
/// With a column that is another whenever the row is, rows travel only where that is; where a row is, is its geometry unless a column says it.
/// </summary>
internal sealed class OgrHarvest(OgrRows rows, IOperatorFolders folders, IOptions<HarvestingOptions> options, RowDocuments documents) : IHarvestReader, IDocumentReader
{
    private const string FilePath = "path";
    private const string Connection = "connection";
    private const string Table = "table";
    private const string Query = "query";
    private const string Updated = "updated";

    /// <summary>What a table calls its rows where no column does.</summary>
    private const string RowId = "fid";

    /// <summary>Of a source that was read before: keys are looked at first.</summary>
    private const string WasRead = "read";

    public string Kind => "database";

    public IReadOnlyList<string> Settings { get; } = [FilePath, Connection, Table, Query, Updated, RecordFields.Setting, RecordFields.TypeSetting, RecordFields.SchemeSetting, .. RowDocuments.Settings];

    public int Form => 1;

    public void Check(JsonElement settings, List<Mistake> mistakes)
    {
        RecordFields.Read(settings, required: true, mistakes);
        Find(settings, mistakes);
        var (table, query) = (Text(settings, Table), Text(settings, Query));
        if (table is null == query is null)
        {
            mistakes.Add(new Mistake(Table, $"is required, or {Query} in its place"));
        }
        else if (query is not null && (!query.TrimStart().StartsWith("SELECT ", StringComparison.OrdinalIgnoreCase) || query.Contains(';', StringComparison.Ordinal)))
        {
            mistakes.Add(new Mistake(Query, "must be one SELECT"));
        }
        else if (table?.StartsWith('-') == true)
        {
            mistakes.Add(new Mistake(Table, "must be the name of a table"));
        }

        if (settings.TryGetProperty(Updated, out _) && Text(settings, Updated) is null)
        {
            mistakes.Add(new Mistake(Updated, "must be the name of a column"));
        }

        documents.Check(settings, mistakes);
    }

    public Task<HarvestReading> ReadAsync(HarvestWish wish, CancellationToken cancellationToken)
    {
        var (settings, mistakes) = (wish.Settings, new List<Mistake>());
        Check(settings, mistakes);
        if (mistakes.Count > 0 || Find(settings, mistakes) is not var (source, folder) || RecordFields.Read(settings, required: true, mistakes) is not { } fields)
        {
            throw new HarvestException(string.Join("; ", mistakes));
        }

        var updated = Text(settings, Updated);
        var from = FromOf(settings, source);

        // Bytes do not travel with the rows, so whether a row has some is not known.
        var link = RowDocuments.IsContent(settings) ? null : RowDocuments.ColumnOf(settings);
        string[] columns = [.. fields.Columns, .. new[] { updated, link }.OfType<string>()];
        IAsyncEnumerable<JsonElement> Rows(IEnumerable<string> some) =>
            rows.ReadAsync(folder, [.. from, .. Select(some)], cancellationToken);
        var all = RecordsAsync(Rows(columns), wish.Source.Id, fields, updated, link, cancellationToken);
        return Task.FromResult<HarvestReading>(updated is null || wish.Mark != WasRead
            ? new HarvestReading.Whole(all, () => updated is null ? null : WasRead)
            : new HarvestReading.Sorted(
                VersionsAsync(Rows([fields.IdColumn, updated]), fields.IdColumn, updated, cancellationToken),
                (keys, _) => new HashSet<string>(keys, StringComparer.Ordinal) is var wanted ? all.Where(record => wanted.Contains(record.LocalId)) : all));
    }

    public bool Has(JsonElement settings, CatalogueRecord record) => RowDocuments.ColumnOf(settings) is not null && !record.LacksDocument;

    public async Task<DocumentOpening> OpenAsync(DocumentWish wish, CancellationToken cancellationToken)
    {
        var (settings, id) = (wish.Settings, wish.Record.LocalId);
        if (RowDocuments.ColumnOf(settings) is not { } column || Find(settings, []) is not var (source, folder) || RecordFields.Read(settings, required: true, []) is not { } fields)
        {
            return new DocumentOpening.Gone();
        }

        string[] one = [.. FromOf(settings, source), .. Text(settings, Table) is null ? [] : OneOf(fields.IdColumn, id), .. Select([fields.IdColumn, column])];
        await foreach (var row in rows.ReadAsync(folder, one, cancellationToken))
        {
            if (Value(row, fields.IdColumn)?.Trim() == id)
            {
                return Value(row, column) is not { Length: > 0 } value ? new DocumentOpening.Gone()
                    : RowDocuments.IsContent(settings) ? new DocumentOpening.Opened(ContentOf(value))
                    : await documents.OpenAsync(wish, value, cancellationToken);
            }
        }

        return new DocumentOpening.Gone();
    }

    private static string[] FromOf(JsonElement settings, string source) =>
        Text(settings, Query) is { } query ? ["-preserve_fid", source, "-sql", query] : ["-preserve_fid", source, Text(settings, Table)!];

    private static string[] Select(IEnumerable<string> columns) => ["-select", string.Join(',', columns.Where(column => column != RowId).Distinct(StringComparer.Ordinal))];

    /// <summary>What spares reading all rows where it can be said in the SQL of every database, without a character that one of them might take for something else.</summary>
    private static string[] OneOf(string column, string id) =>
        column == RowId ? id.All(char.IsAsciiDigit) ? ["-fid", id] : []
        : column.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') && id.All(letter => char.IsLetterOrDigit(letter) || letter is '.' or '_' or '-' or '/' or ':' or ' ') ? ["-where", $"{column} = '{id}'"]
        : [];

    /// <summary>GDAL writes bytes as hexadecimal digits.</summary>
    private static SourceDocument ContentOf(string digits)
    {
        try
        {
            var bytes = Convert.FromHexString(digits);
            return new SourceDocument(new MemoryStream(bytes, writable: false), "") { Length = bytes.Length };
        }
        catch (FormatException fault)
        {
            throw new HarvestException("the column that content names has no bytes", fault);
        }
    }

    private static async IAsyncEnumerable<(string Key, string Version)> VersionsAsync(
        IAsyncEnumerable<JsonElement> rows, string id, string updated, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var sorted = new SortedPairs();
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            sorted.Add(Value(row, id)?.Trim() is { Length: > 0 } key ? key : throw new HarvestException("a row has no id"), Value(row, updated) ?? "");
        }

        foreach (var one in sorted.Read())
        {
            yield return one;
        }
    }

    private static async IAsyncEnumerable<CatalogueRecord> RecordsAsync(
        IAsyncEnumerable<JsonElement> rows, string source, RecordFields fields, string? updated, string? link, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            var record = fields.Make(source, updated is null ? RecordFields.Digest(row.GetRawText()) : Value(row, updated) ?? "", column => Value(row, column)) ?? throw new HarvestException("a row has no id");
            record = record with { LacksDocument = link is not null && Value(row, link) is not { Length: > 0 } };
            yield return record.Extents.Count == 0 && row.TryGetProperty("geometry", out var geometry) ? record with { Extents = GeoJsonExtent.Of(geometry) } : record;
        }
    }

    private static string? Value(JsonElement row, string column)
    {
        if (!row.GetProperty("properties").TryGetProperty(column, out var value) && !(column == RowId && row.TryGetProperty("id", out value)))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Array => string.Join(';', value.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.String ? one.GetString() : one.GetRawText())),
            _ => value.GetRawText(),
        };
    }

    /// <returns>What GDAL is to open, and the folder that it lies in.</returns>
    private (string Source, string? Folder)? Find(JsonElement settings, List<Mistake> mistakes)
    {
        var (path, connection) = (Text(settings, FilePath), Text(settings, Connection));
        if (path is null == connection is null)
        {
            mistakes.Add(new Mistake(FilePath, $"is required, or {Connection} in its place"));
            return null;
        }

        if (connection is not null)
        {
            if (options.Value.Databases.TryGetValue(connection, out var secret))
            {
                return (secret, null);
            }

            mistakes.Add(new Mistake(Connection, $"must be one of Harvesting:Databases: {string.Join(", ", options.Value.Databases.Keys.Order(StringComparer.Ordinal))}"));
            return null;
        }

        if (folders.Find(path!) is { Path: { } file })
        {
            return (file, Path.GetDirectoryName(file)!);
        }

        var (folder, refusal) = folders.FindFolder(path!);
        if (folder is null)
        {
            mistakes.Add(new Mistake(FilePath, refusal!));
            return null;
        }

        return (folder, folder);
    }

    private static string? Text(JsonElement settings, string name) =>
        settings.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && !text.Any(letter => letter is '\0' or '\n' or '\r') ? text : null;
}
