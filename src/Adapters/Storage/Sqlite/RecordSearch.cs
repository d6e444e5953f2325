using GeoWps.Adapters.Storage.Records;
using GeoWps.Application.Ports;
using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Words;
using Microsoft.Data.Sqlite;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>One search, on one state of the database.</summary>
/// <remarks>CROSS JOIN: first what has the words. Left to itself SQLite would rather go through all values of a property and ask the index of words for each.</remarks>
internal sealed class RecordSearch(SqliteSession session, RecordQuery query, int facetValues)
{
    private const string Table = "record_words";

    private readonly SearchText? _search = SearchText.Parse(query.Text);
    private readonly RecordConditions _conditions = new("", Meets);

    public RecordPage Run()
    {
        session.Run("BEGIN");
        try
        {
            return RunWithin();
        }
        finally
        {
            session.Run("COMMIT");
        }
    }

    private RecordPage RunWithin()
    {
        _conditions.Add(query);
        var hasPrivate = !query.SeesAll && session.Number("SELECT 1 FROM records WHERE owner IS NOT NULL LIMIT 1") is not null;
        if (_search is null && hasPrivate)
        {
            _conditions.AddCaller(query);
        }

        // With words, the index itself knows whose a record is.
        var match = _search is null ? null : Match(_search, "{title keywords description body}", hasPrivate);
        var found = match is null || query.SortBy.Count > 0 ? Sorted(match) : Ranked(match, Match(_search!, "{title}", hasPrivate));
        var matched = query.Limit == 0 || found.Count == query.Limit || query.Offset > 0 || match is not null ? Count(match) : found.Count;
        return new RecordPage([.. found.Select(Read)], matched) { Facets = Facets(match) };
    }

    private long Count(string? match)
    {
        if (match is null)
        {
            return Number($"SELECT count(*) FROM records r WHERE {_conditions.Sql}");
        }

        return _conditions.IsEmpty
            ? Number($"SELECT count(*) FROM {Table} WHERE {Table} MATCH @match", ("@match", match))
            : Number($"SELECT count(*) FROM {Table} w CROSS JOIN records r ON r.id = w.rowid WHERE {Table} MATCH @match AND {_conditions.Sql}", ("@match", match));
    }

    private List<Candidate> Sorted(string? match)
    {
        var source = match is null ? "records r" : $"{Table} w CROSS JOIN records r ON r.id = w.rowid";
        var words = match is null ? "" : $"{Table} MATCH @match AND ";
        var keys = Keys(
            $"SELECT r.id FROM {source} WHERE {words}{_conditions.Sql} ORDER BY {RecordConditions.Order(query.SortBy)} LIMIT @limit OFFSET @offset",
            ("@match", match),
            ("@limit", query.Limit),
            ("@offset", query.Offset));
        return [.. keys.Select(key => new Candidate(key, "", _search is null ? 0 : RankOf(key)))];
    }

    private List<Candidate> Ranked(string match, string titleMatch)
    {
        var candidates = Weigh(titleMatch, RankedPage.Weighed);
        var rest = $"({match}) NOT ({titleMatch})";
        if (candidates.Count < RankedPage.Weighed)
        {
            candidates.AddRange(Weigh(rest, RankedPage.Weighed - candidates.Count));
        }

        var sorted = RankedPage.Sort(candidates);
        var (shown, restOffset, restLimit) = RankedPage.Divide(sorted, query);
        return restLimit == 0 ? shown : [.. shown, .. Further(titleMatch, rest, RankedPage.Weighed + restOffset, restLimit)];
    }

    private List<Candidate> Weigh(string match, int most) => Read(
        $"""
        SELECT k.record, k.record_id, k.weights FROM {Table} w {(_conditions.IsEmpty ? "" : "CROSS JOIN records r ON r.id = w.rowid ")}CROSS JOIN record_weights k ON k.record = w.rowid
        WHERE {Table} MATCH @match AND {_conditions.Sql} ORDER BY w.rowid LIMIT @most
        """,
        row => new Candidate(row.GetInt64(0), row.GetString(1), RankedPage.Rank((byte[])row.GetValue(2), _search!)),
        ("@match", match),
        ("@most", most));

    // Where nobody pages but machines: in the order of the index, first what has all words in its title.
    private List<Candidate> Further(string titleMatch, string restMatch, int offset, int limit)
    {
        var inTitle = (int)Math.Min(int.MaxValue, Number($"SELECT count(*) FROM {Table} w CROSS JOIN records r ON r.id = w.rowid WHERE {Table} MATCH @match AND {_conditions.Sql}", ("@match", titleMatch)));
        List<long> keys = [];
        if (offset < inTitle)
        {
            keys.AddRange(InOrder(titleMatch, offset, limit));
        }

        if (keys.Count < limit)
        {
            keys.AddRange(InOrder(restMatch, Math.Max(0, offset - inTitle), limit - keys.Count));
        }

        return [.. keys.Select(key => new Candidate(key, "", RankOf(key)))];
    }

    private List<long> InOrder(string match, int offset, int limit) => Keys(
        $"SELECT r.id FROM {Table} w CROSS JOIN records r ON r.id = w.rowid WHERE {Table} MATCH @match AND {_conditions.Sql} ORDER BY w.rowid LIMIT @limit OFFSET @offset",
        ("@match", match),
        ("@limit", limit),
        ("@offset", offset));

    private double RankOf(long key) => session.First("SELECT weights FROM record_weights WHERE record = @key", row => (byte[])row.GetValue(0), ("@key", key)) is { } weights
        ? RankedPage.Rank(weights, _search!)
        : 0;

    private FoundRecord Read(Candidate found)
    {
        var (record, text) = session.First(
            "SELECT document, text FROM record_documents WHERE record = @key",
            row => Tuple.Create(StoredRecord.Read(row.GetString(0), null), _search is null || row.IsDBNull(1) ? null : row.GetString(1)),
            ("@key", found.Key))!;
        return new FoundRecord(record, found.Rank, _search is null ? null : HitSentence.Of(record, text, _search));
    }

    // All of them in one pass: what costs is to go to each record that was found.
    private Dictionary<string, IReadOnlyList<(string Value, long Count)>> Facets(string? match)
    {
        string[] names = [.. query.Facets.Distinct(StringComparer.Ordinal)];
        if (names.Length == 0)
        {
            return [];
        }

        var from = match is null && _conditions.IsEmpty ? "record_values v"
            : match is null ? "records r JOIN record_values v ON v.record = r.id"
            : _conditions.IsEmpty ? $"{Table} w CROSS JOIN record_values v ON v.record = w.rowid"
            : $"{Table} w CROSS JOIN records r ON r.id = w.rowid CROSS JOIN record_values v ON v.record = r.id";
        var counted = Read(
            $"""
            SELECT name, value, number FROM (
                SELECT v.name, v.value, count(*) AS number, row_number() OVER (PARTITION BY v.name ORDER BY count(*) DESC, v.value) AS place FROM {from}
                WHERE {(match is null ? "" : $"{Table} MATCH @match AND ")}v.name IN ({string.Join(", ", names.Select((_, i) => $"@facet{i}"))}) AND {_conditions.Sql} GROUP BY v.name, v.value
            ) WHERE place <= @most ORDER BY name, place
            """,
            row => (Name: row.GetString(0), Value: row.GetString(1), Count: row.GetInt64(2)),
            [("@match", match), ("@most", facetValues), .. names.Select((name, i) => ($"@facet{i}", (object?)name))]);
        return names.ToDictionary(name => name, name => (IReadOnlyList<(string, long)>)[.. counted.Where(one => one.Name == name).Select(one => (one.Value, one.Count))], StringComparer.Ordinal);
    }

    private string Match(SearchText search, string columns, bool hasPrivate)
    {
        var words = string.Join(" OR ", search.Alternatives.Select(units => $"({string.Join(" AND ", units.Select(unit => $"\"{string.Join(' ', unit.Words)}\"{(unit.IsBegin ? " *" : "")}"))})"));
        var match = $"{columns} : ({words})";
        if (!hasPrivate)
        {
            return match;
        }

        var own = query.Owners().Select(owner => $"{{owner}} : \"{RecordWriting.OwnerWord(owner)}\"");
        var others = query.Owners().Count == 0
            ? $"{{owner}} : \"{RecordWriting.Private}\""
            : $"({{owner}} : \"{RecordWriting.Private}\" NOT ({string.Join(" OR ", own)}))";
        return $"({match}) NOT {others}";
    }

    private static string Meets(string west, string south, string east, string north) =>
        $"a.max_x >= {west} AND a.min_x <= {east} AND a.max_y >= {south} AND a.min_y <= {north} AND a.east >= {west} AND a.west <= {east} AND a.north >= {south} AND a.south <= {north}";

    private List<long> Keys(string sql, params (string Name, object? Value)[] values) => Read(sql, row => row.GetInt64(0), values);

    private long Number(string sql, params (string Name, object? Value)[] values) => Read(sql, row => row.GetInt64(0), values)[0];

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read, params (string Name, object? Value)[] values)
    {
        using var command = session.Once(sql, [.. _conditions.Values, .. values.Where(value => sql.Contains(value.Name, StringComparison.Ordinal))]);
        using var row = command.ExecuteReader();
        var all = new List<T>();
        while (row.Read())
        {
            all.Add(read(row));
        }

        return all;
    }
}
