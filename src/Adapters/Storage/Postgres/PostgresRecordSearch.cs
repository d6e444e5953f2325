using System.Data.Common;
using GeoWps.Adapters.Storage.Records;
using GeoWps.Application.Ports;
using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Words;
using GeoWps.Domain.Spatial;
using Npgsql;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>One search, in the transaction of whoever calls.</summary>
internal sealed class PostgresRecordSearch(NpgsqlConnection connection, RecordQuery query, int facetValues, CancellationToken cancellationToken)
{
    private const string Records = "geowps.records r";
    private const string Schema = "geowps.";

    private readonly SearchText? _search = SearchText.Parse(query.Text);

    // Conditions name their values in order, so each statement has all of them.
    private readonly RecordConditions _conditions = new(Schema, list => $"SELECT unnest({list}::bigint[])", Meets);

    public async Task<RecordPage> RunAsync()
    {
        _conditions.Add(query);
        foreach (var test in _conditions.Tests)
        {
            var shapes = test.Begin();
            var near = await ReadAsync(
                test.Sql, row => (Record: row.GetInt64(0), Geometry: row.IsDBNull(1) ? null : row.GetString(1), Area: new Extent(row.GetDouble(2), row.GetDouble(3), row.GetDouble(4), row.GetDouble(5))));
            near.ForEach(one => shapes.Add(one.Record, one.Geometry, one.Area));
            _conditions.Found(test, shapes.NearMisses());
        }

        _conditions.AddCaller(query);
        var beside = _conditions.Sql;
        if (_search is not null)
        {
            _conditions.Add(Match(_search, "r.words", "row_all"));
        }

        var (found, all) = _search is null || query.SortBy.Count > 0 ? (await SortedAsync(), null) : await RankedAsync(_search, beside);
        var matched = all ?? (await ReadAsync($"SELECT count(*) FROM {Records} WHERE {_conditions.Sql}", row => row.GetInt64(0)))[0];
        return new RecordPage(await DocumentsAsync(found), matched) { Facets = await FacetsAsync() };
    }

    private async Task<List<Candidate>> SortedAsync()
    {
        var weights = _search is null ? "NULL::bytea" : $"(SELECT d.weights FROM {Schema}record_documents d WHERE d.record = r.id)";
        return await ReadAsync(
            $"SELECT r.id, r.record_id, {weights} FROM {Records} WHERE {_conditions.Sql} ORDER BY {RecordConditions.Order(query.SortBy)} LIMIT @limit OFFSET @offset",
            row => new Candidate(row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? 0 : RankedPage.Rank((byte[])row.GetValue(2), _search!)),
            ("@limit", query.Limit),
            ("@offset", query.Offset));
    }

    /// <param name="beside">The conditions but for the words.</param>
    /// <returns>The page, and how many there are in all where that is known.</returns>
    private async Task<(List<Candidate> Found, long? Matched)> RankedAsync(SearchText search, string beside)
    {
        // What has the words in its title has them, and is most of what is kept: to sort all that has them somewhere, each of these rows would be read. The rest is looked for only where there is room.
        const string Shortest = "r.title_length, r.id";
        var inTitle = Match(search, "r.title_words", "row_title");
        var candidates = await ReadAsync(
            $"""
            WITH titled AS MATERIALIZED (SELECT r.id, r.record_id FROM {Records} WHERE {beside} AND {inTitle} ORDER BY {Shortest} LIMIT @limit),
            other AS MATERIALIZED (
                SELECT r.id, r.record_id FROM {Records} WHERE (SELECT count(*) FROM titled) < @limit AND {_conditions.Sql} AND NOT {inTitle} ORDER BY {Shortest} LIMIT @limit - (SELECT count(*) FROM titled)
            )
            SELECT f.id, f.record_id, d.weights FROM (SELECT * FROM titled UNION ALL SELECT * FROM other) f JOIN {Schema}record_documents d ON d.record = f.id
            """,
            CandidateOf,
            ("@limit", RankedPage.Weighed));
        var (shown, restOffset, restLimit) = RankedPage.Divide(RankedPage.Sort(candidates), query);
        return (
            restLimit == 0 ? shown : [.. shown, .. await FurtherAsync($"({inTitle}) DESC, {Shortest}", RankedPage.Weighed + restOffset, restLimit)],
            candidates.Count < RankedPage.Weighed ? candidates.Count : null);
    }

    // Numbers are given to the few that are kept: over all of them the database would sort all.
    private Task<List<Candidate>> FurtherAsync(string order, int offset, int limit) => ReadAsync(
        $"""
        SELECT f.id, f.record_id, d.weights FROM (
            SELECT n.id, n.record_id, row_number() OVER () AS place FROM (
                SELECT r.id, r.record_id FROM {Records} WHERE {_conditions.Sql} ORDER BY {order} LIMIT @limit OFFSET @offset
            ) n
        ) f JOIN {Schema}record_documents d ON d.record = f.id ORDER BY f.place
        """,
        CandidateOf,
        ("@limit", limit),
        ("@offset", offset));

    private Candidate CandidateOf(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), RankedPage.Rank((byte[])row.GetValue(2), _search!));

    private async Task<IReadOnlyList<FoundRecord>> DocumentsAsync(List<Candidate> found)
    {
        var keys = found.ConvertAll(one => one.Key).ToArray();
        var documents = (await ReadAsync(
            $"SELECT d.record, d.document, {(_search is null ? "NULL" : "d.text")} FROM {Schema}record_documents d WHERE d.record = ANY(@keys)",
            row => (Key: row.GetInt64(0), Record: StoredRecord.Read(row.GetString(1), null), Text: row.IsDBNull(2) ? null : row.GetString(2)),
            ("@keys", keys))).ToDictionary(one => one.Key);
        return
        [
            .. found.Select(one => new FoundRecord(
                documents[one.Key].Record, one.Rank, _search is null ? null : HitSentence.Of(documents[one.Key].Record, documents[one.Key].Text, _search))),
        ];
    }

    private async Task<Dictionary<string, IReadOnlyList<(string Value, long Count)>>> FacetsAsync()
    {
        string[] names = [.. query.Facets.Distinct(StringComparer.Ordinal)];
        if (names.Length == 0)
        {
            return [];
        }

        // Many records have the same row of numbers.
        var facets = new RecordFacets();
        var rows = await ReadAsync(
            $"SELECT k.codes, count(*) FROM {Records} JOIN {Schema}record_facets k ON k.record = r.id WHERE {_conditions.Sql} GROUP BY k.codes", row => (Codes: row.GetString(0), Records: row.GetInt64(1)));
        rows.ForEach(row => facets.Add(row.Codes, row.Records));
        var values = await ReadAsync(
            $"SELECT c.code, c.name, c.value FROM {Schema}facet_values c WHERE c.code = ANY(@codes)", row => (row.GetInt32(0), row.GetString(1), row.GetString(2)), ("@codes", facets.Codes.ToArray()));
        return facets.Top(values, names, facetValues);
    }

    /// <summary>The index knows which words a record has; of those that follow each other, the row of its words tells whether they do.</summary>
    private string Match(SearchText search, string vector, string row) => $"({string.Join(" OR ", search.Alternatives.Select(units => AllOf(units, vector, row)))})";

    private string AllOf(IReadOnlyList<SearchUnit> units, string vector, string row)
    {
        var lexemes = string.Join(" & ", units.SelectMany(unit => unit.Words.Select((word, i) => $"'{word}'{(unit.IsBegin && i == unit.Words.Count - 1 ? ":*" : "")}")));
        string[] phrases =
        [
            .. units.Where(unit => unit.Words.Count > 1).Select(unit =>
                $"(SELECT d.{row} FROM {Schema}record_documents d WHERE d.record = r.id) LIKE {_conditions.Value($"% {string.Join(' ', unit.Words)}{(unit.IsBegin ? "%" : " %")}")}"),
        ];
        return $"({string.Join(" AND ", [$"{vector} @@ {_conditions.Value(lexemes)}::tsquery", .. phrases])})";
    }

    private static string Meets(string west, string south, string east, string north) =>
        $"a.area && box(point({east}, {north}), point({west}, {south})) AND a.east >= {west} AND a.west <= {east} AND a.north >= {south} AND a.south <= {north}";

    private Task<List<T>> ReadAsync<T>(string sql, Func<DbDataReader, T> read, params (string Name, object? Value)[] values) => PostgresDatabase.AllAsync(
        connection, sql, read, cancellationToken, [.. _conditions.Values.Where(value => sql.Contains(value.Name, StringComparison.Ordinal)), .. values]);
}
