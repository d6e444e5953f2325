using GeoWps.Adapters.Storage.Records;
using GeoWps.Application.Ports;
using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Words;
using GeoWps.Domain.Spatial;
using Microsoft.Data.Sqlite;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>One search, on one state of the database.</summary>
/// <remarks>CROSS JOIN: first what has the words. Left to itself SQLite would rather go through all values of a property and ask the index of words for each.</remarks>
internal sealed class RecordSearch(SqliteSession session, RecordQuery query, int facetValues)
{
    private const string Table = "record_words";

    private readonly SearchText? _search = SearchText.Parse(query.Text);
    private readonly RecordConditions _conditions = new("", list => $"SELECT value FROM json_each({list})", Meets);

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
        foreach (var test in _conditions.Tests)
        {
            var shapes = test.Begin();
            Each(test.Sql, row => shapes.Add(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1), new Extent(row.GetDouble(2), row.GetDouble(3), row.GetDouble(4), row.GetDouble(5))));
            _conditions.Found(test, $"[{string.Join(',', shapes.NearMisses())}]");
        }

        var hasPrivate = !query.SeesAll && session.Number("SELECT 1 FROM records WHERE owner IS NOT NULL LIMIT 1") is not null;
        if (_search is null && hasPrivate)
        {
            _conditions.AddCaller(query);
        }

        // With words, the index itself knows whose a record is.
        var match = _search is null ? null : Match(_search, "{title keywords description body}", hasPrivate);
        var (found, all) = match is null || query.SortBy.Count > 0 ? (Sorted(match), null) : Ranked(match, Match(_search!, "{title}", hasPrivate));
        var matched = all ?? (query.Limit == 0 || found.Count == query.Limit || query.Offset > 0 || match is not null ? Count(match) : found.Count);
        return new RecordPage(Documents(found), matched) { Facets = Facets(match) };
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

    /// <returns>The page, and how many there are in all where that is known.</returns>
    private (List<Candidate> Found, long? Matched) Ranked(string match, string titleMatch)
    {
        // What costs is to ask the index of words: once where all that fits is weighed, which is most searches.
        var first = InOrder(match, 0, RankedPage.Weighed);
        if (first.Count < RankedPage.Weighed)
        {
            var weighed = Read(
                "SELECT k.record, k.record_id, k.weights FROM json_each(@keys) f CROSS JOIN record_weights k ON k.record = f.value", CandidateOf, ("@keys", $"[{string.Join(',', first)}]"));
            return (RankedPage.Divide(RankedPage.Sort(weighed), query).Shown, first.Count);
        }

        var candidates = Weigh(titleMatch, RankedPage.Weighed);
        var rest = $"({match}) NOT ({titleMatch})";
        if (candidates.Count < RankedPage.Weighed)
        {
            candidates.AddRange(Weigh(rest, RankedPage.Weighed - candidates.Count));
        }

        var sorted = RankedPage.Sort(candidates);
        var (shown, restOffset, restLimit) = RankedPage.Divide(sorted, query);
        return (restLimit == 0 ? shown : [.. shown, .. Further(titleMatch, rest, RankedPage.Weighed + restOffset, restLimit)], null);
    }

    private Candidate CandidateOf(SqliteDataReader row) => new(row.GetInt64(0), row.GetString(1), RankedPage.Rank((byte[])row.GetValue(2), _search!));

    private List<Candidate> Weigh(string match, int most) => Read(
        $"""
        SELECT k.record, k.record_id, k.weights FROM {Table} w {(_conditions.IsEmpty ? "" : "CROSS JOIN records r ON r.id = w.rowid ")}CROSS JOIN record_weights k ON k.record = w.rowid
        WHERE {Table} MATCH @match AND {_conditions.Sql} ORDER BY w.rowid LIMIT @most
        """,
        CandidateOf,
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
        $"SELECT w.rowid FROM {Table} w {(_conditions.IsEmpty ? "" : "CROSS JOIN records r ON r.id = w.rowid ")}WHERE {Table} MATCH @match AND {_conditions.Sql} ORDER BY w.rowid LIMIT @limit OFFSET @offset",
        ("@match", match),
        ("@limit", limit),
        ("@offset", offset));

    private double RankOf(long key) => session.First("SELECT weights FROM record_weights WHERE record = @key", row => (byte[])row.GetValue(0), ("@key", key)) is { } weights
        ? RankedPage.Rank(weights, _search!)
        : 0;

    private FoundRecord[] Documents(List<Candidate> found)
    {
        var documents = session.All(
            "SELECT d.record, d.document, d.text FROM json_each(@keys) f CROSS JOIN record_documents d ON d.record = f.value",
            row => (Key: row.GetInt64(0), Record: StoredRecord.Read(row.GetString(1), null), Text: _search is null || row.IsDBNull(2) ? null : row.GetString(2)),
            ("@keys", $"[{string.Join(',', found.Select(one => one.Key))}]")).ToDictionary(one => one.Key);
        return
        [
            .. found.Select(one => new FoundRecord(
                documents[one.Key].Record, one.Rank, _search is null ? null : HitSentence.Of(documents[one.Key].Record, documents[one.Key].Text, _search))),
        ];
    }

    private Dictionary<string, IReadOnlyList<(string Value, long Count)>> Facets(string? match)
    {
        string[] names = [.. query.Facets.Distinct(StringComparer.Ordinal)];
        if (names.Length == 0)
        {
            return [];
        }

        var from = match is null && _conditions.IsEmpty ? "record_facets k"
            : match is null ? "records r JOIN record_facets k ON k.record = r.id"
            : _conditions.IsEmpty ? $"{Table} w CROSS JOIN record_facets k ON k.record = w.rowid"
            : $"{Table} w CROSS JOIN records r ON r.id = w.rowid CROSS JOIN record_facets k ON k.record = r.id";
        var facets = new RecordFacets();
        Each($"SELECT k.codes FROM {from} WHERE {(match is null ? "" : $"{Table} MATCH @match AND ")}{_conditions.Sql}", row => facets.Add(row.GetString(0)), ("@match", match));
        var values = session.All(
            "SELECT c.code, c.name, c.value FROM json_each(@codes) f CROSS JOIN facet_values c ON c.code = f.value",
            row => (row.GetInt32(0), row.GetString(1), row.GetString(2)),
            ("@codes", $"[{string.Join(',', facets.Codes)}]"));
        return facets.Top(values, names, facetValues);
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
        var all = new List<T>();
        Each(sql, row => all.Add(read(row)), values);
        return all;
    }

    private void Each(string sql, Action<SqliteDataReader> read, params (string Name, object? Value)[] values)
    {
        using var command = session.Once(sql, [.. _conditions.Values.Where(value => value.Value is not Array), .. values.Where(value => sql.Contains(value.Name, StringComparison.Ordinal))]);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            read(row);
        }
    }
}
