namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>Makes one content of several, within the database: their bytes never come here. Pieces are cut anew where those of the sources don't end where a piece has to.</summary>
internal sealed class PostgresBlobJoin(PostgresDatabase database)
{
    /// <summary>Pieces that one statement makes.</summary>
    private const int PiecesAtOnce = 64;

    private const bool Repeat = true;

    private const string Find =
        "SELECT b.content, b.length FROM unnest(@keys) WITH ORDINALITY AS k (key, number) LEFT JOIN geowps.blob b ON b.key = k.key ORDER BY k.number";

    private const string Begin =
        """
        WITH made AS (INSERT INTO geowps.blob_content (piece) VALUES (@piece) RETURNING id)
        INSERT INTO geowps.blob_doubt (content, since) SELECT id, geowps.now_ms() FROM made RETURNING content
        """;

    private const string Join =
        """
        WITH sign AS (UPDATE geowps.blob_doubt SET since = geowps.now_ms() WHERE content = @content),
        source AS (
            SELECT content, start, length FROM unnest(@contents, @starts, @lengths) AS s (content, start, length)
            WHERE start < (@last + 1) * @piece AND start + length > @first * @piece),
        part AS (
            SELECT source.start + p.number * @piece AS start, p.data
            FROM source JOIN geowps.blob_piece p ON p.content = source.content
                AND p.number BETWEEN greatest(@first * @piece - source.start, 0) / @piece AND (least((@last + 1) * @piece, source.start + source.length) - 1 - source.start) / @piece
            UNION ALL
            SELECT source.start, c.small FROM source JOIN geowps.blob_content c ON c.id = source.content WHERE c.small IS NOT NULL),
        slice AS (
            SELECT n.number, part.start, part.data, greatest(n.number * @piece, part.start) AS low, least((n.number + 1) * @piece, part.start + octet_length(part.data)) AS high
            FROM part JOIN generate_series(@first, @last) AS n (number) ON n.number * @piece < part.start + octet_length(part.data) AND (n.number + 1) * @piece > part.start)
        INSERT INTO geowps.blob_piece (content, number, data)
        SELECT @content, number, string_agg(substring(data FROM (low - start + 1)::integer FOR (high - low)::integer), ''::bytea ORDER BY start)
        FROM slice GROUP BY number ON CONFLICT DO NOTHING
        """;

    /// <returns>A content that nobody names yet, and its bytes; <see langword="null"/> when a key has none.</returns>
    public async Task<(long Content, long Length)?> MakeAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var sources = await database.AllAsync(
            Find, row => row.IsDBNull(0) ? ((long Content, long Length)?)null : (row.GetInt64(0), row.GetInt64(1)), Repeat, cancellationToken, ("@keys", keys.ToArray()));
        if (sources.Contains(null))
        {
            return null;
        }

        long[] contents = [.. sources.Select(source => source!.Value.Content)];
        long[] lengths = [.. sources.Select(source => source!.Value.Length)];
        var starts = new long[lengths.Length];
        long length = 0;
        for (var i = 0; i < lengths.Length; i++)
        {
            starts[i] = length;
            length += lengths[i];
        }

        var content = (long)(await database.ValueAsync(Begin, Repeat, cancellationToken, ("@piece", PostgresBlobStore.PieceSize)))!;
        var pieces = (length + PostgresBlobStore.PieceSize - 1) / PostgresBlobStore.PieceSize;
        for (long first = 0; first < pieces; first += PiecesAtOnce)
        {
            await database.ExecuteAsync(
                Join,
                Repeat,
                cancellationToken,
                ("@content", content),
                ("@contents", contents),
                ("@starts", starts),
                ("@lengths", lengths),
                ("@first", first),
                ("@last", Math.Min(first + PiecesAtOnce, pieces) - 1),
                ("@piece", (long)PostgresBlobStore.PieceSize));
        }

        return (content, length);
    }
}
