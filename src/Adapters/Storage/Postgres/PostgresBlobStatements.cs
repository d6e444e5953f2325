namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>The statements on keys of blobs. One is one change of one key; a condition (<c>@absent</c>, <c>@present</c>, <c>@tags</c>, <c>@others</c>) is judged in it.</summary>
internal static class PostgresBlobStatements
{
    private const string Holds = "@present AND (@tags::text[] IS NULL OR b.etag = ANY (@tags)) AND (@others::text[] IS NULL OR b.etag <> ALL (@others))";

    private const string Assignments = "content = excluded.content, content_type = excluded.content_type, length = excluded.length, etag = excluded.etag, modified = excluded.modified";

    // A row that must be there is changed, not made; one that may be missing is made, or changed when somebody has made it.
    private const string Change =
        $"""
        changed AS (
            UPDATE geowps.blob b SET content = source.id, content_type = @type, length = @length, etag = @etag, modified = geowps.now_ms()
            FROM source WHERE NOT @absent AND b.key = @key AND {Holds} RETURNING b.modified),
        made AS (
            INSERT INTO geowps.blob AS b (key, content, content_type, length, etag, modified)
            SELECT @key, id, @type, @length, @etag, geowps.now_ms() FROM source WHERE @absent
            ON CONFLICT (key) DO UPDATE SET {Assignments} WHERE {Holds} RETURNING b.modified)
        """;

    /// <summary>Names a content, if it is still there: who wrote for very long may find that it was cleared away.</summary>
    public const string Name =
        $"""
        WITH source AS (SELECT id FROM geowps.blob_content WHERE id = @content FOR KEY SHARE), {Change}
        SELECT modified FROM changed UNION ALL SELECT modified FROM made
        """;

    /// <summary>A content that gets no name is in doubt.</summary>
    public const string PutSmall =
        $"""
        WITH source AS (INSERT INTO geowps.blob_content (length, small) VALUES (@length, @data) RETURNING id), {Change},
        named AS (SELECT modified FROM changed UNION ALL SELECT modified FROM made),
        unnamed AS (INSERT INTO geowps.blob_doubt (content, since) SELECT id, geowps.now_ms() FROM source WHERE NOT EXISTS (SELECT FROM named))
        SELECT modified FROM named
        """;

    public const string Copy =
        $"""
        WITH source AS (SELECT content, content_type, length, etag, modified FROM geowps.blob WHERE key = @from FOR SHARE)
        INSERT INTO geowps.blob (key, content, content_type, length, etag, modified)
        SELECT @to, content, content_type, length, etag, modified FROM source
        ON CONFLICT (key) DO UPDATE SET {Assignments}
        """;

    private const string IsFree = "NOT EXISTS (SELECT FROM geowps.blob WHERE key >= @to AND key < @toEnd)";

    public const string IsTaken = "SELECT EXISTS (SELECT FROM geowps.blob WHERE key >= @to AND key < @toEnd)";

    public const string MoveAll = $"UPDATE geowps.blob SET key = @to || substr(key, length(@from) + 1) WHERE key >= @from AND key < @fromEnd AND {IsFree}";

    /// <summary>Each source is held while its copy is made: a content that is about to be named again is named now.</summary>
    public const string CopyAll =
        $"""
        WITH source AS (SELECT key, content, content_type, length, etag, modified FROM geowps.blob WHERE key >= @from AND key < @fromEnd FOR SHARE)
        INSERT INTO geowps.blob (key, content, content_type, length, etag, modified)
        SELECT @to || substr(key, length(@from) + 1), content, content_type, length, etag, modified FROM source WHERE {IsFree}
        """;
}
