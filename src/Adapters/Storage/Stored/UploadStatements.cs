namespace GeoWps.Adapters.Storage.Stored;

/// <summary>The statements on uploads, which differ between the databases in where their tables are and what time it is.</summary>
/// <param name="schema">With its dot, or nothing.</param>
/// <param name="now">Milliseconds since 1970.</param>
/// <param name="maybe">What makes a text or number that may be missing of a parameter.</param>
internal sealed class UploadStatements(string schema, string now, Func<string, string, string> maybe)
{
    private readonly string _own = $"(owner = {maybe("@owner", "text")} OR (owner IS NULL AND {maybe("@owner", "text")} IS NULL))";

    public string Add =>
        $"""
        INSERT INTO {schema}uploads ({UploadRow.Columns})
        SELECT @id, {maybe("@owner", "text")}, @kind, @status, {maybe("@path", "text")}, {maybe("@media_type", "text")}, @may_replace, {maybe("@sha256", "text")}, @metadata, @parts,
            {maybe("@length", "bigint")}, @received, {maybe("@joined", "text")}, @created, @expires, {maybe("@stored", "bigint")}, @is_administered
        WHERE (SELECT count(*) FROM {schema}uploads WHERE {_own} AND status <> 'stored') < @most
        """;

    /// <summary>
    /// Bytes that uploads take up until they are files: what they will have, or what has come while that is not known. What is made of parts has none of its own. One that is a file, and whose
    /// row does not say so yet, is taken out again (with its parts): it counts among the files.
    /// </summary>
    public static string Reserved(string schema, string condition) =>
        $"""
        coalesce((SELECT sum(coalesce(length, received)) FROM {schema}uploads WHERE status <> 'stored' AND kind <> 'final'{condition}), 0)
            - coalesce((SELECT sum(received) FROM {schema}uploads WHERE status = '{UploadRow.Received}' AND kind <> 'part'
                AND EXISTS (SELECT 1 FROM {schema}files f WHERE f.path = uploads.path AND f.etag = uploads.joined){condition}), 0)
        """;

    public string Find => $"SELECT {UploadRow.Columns} FROM {schema}uploads WHERE id = @id";

    public string List =>
        $"""
        SELECT {UploadRow.Columns} FROM {schema}uploads WHERE @all OR owner IS NULL OR owner = {maybe("@owner", "text")}
        ORDER BY created DESC, id DESC LIMIT @most
        """;

    public string Pieces => $"SELECT start, length, key FROM {schema}upload_pieces WHERE upload = @id ORDER BY start";

    public string Hold =>
        $"""
        UPDATE {schema}uploads SET holder = @holder, held_until = {now} + @lease, is_wanted = false
        WHERE id = @id AND (holder IS NULL OR holder = @holder OR held_until <= {now})
        """;

    public string Want => $"UPDATE {schema}uploads SET is_wanted = true WHERE id = @id";

    public string Renew => $"UPDATE {schema}uploads SET held_until = {now} + @lease WHERE id = @id AND holder = @holder RETURNING CASE WHEN is_wanted THEN 1 ELSE 0 END";

    public string Release => $"UPDATE {schema}uploads SET holder = NULL, held_until = 0, is_wanted = false WHERE id = @id AND holder = @holder";

    public string Write =>
        $"""
        UPDATE {schema}uploads SET status = @status, length = {maybe("@length", "bigint")}, received = @received, joined = {maybe("@joined", "text")}, expires = @expires,
            stored = {maybe("@stored", "bigint")}
        WHERE id = @id AND holder = @holder
        """;

    public string DropPieces => $"DELETE FROM {schema}upload_pieces WHERE upload = @id AND start >= @start";

    public string AddPiece => $"INSERT INTO {schema}upload_pieces (upload, start, length, key) VALUES (@id, @start, @length, @key)";

    public string Remove => $"DELETE FROM {schema}uploads WHERE id = @id";

    public string RemoveExpired =>
        $"""
        DELETE FROM {schema}uploads WHERE id IN (
            SELECT id FROM {schema}uploads WHERE expires <= @now AND (holder IS NULL OR held_until <= {now}) ORDER BY expires LIMIT @most)
        RETURNING id
        """;

    public string Due =>
        $"SELECT id FROM {schema}uploads WHERE status = '{UploadRow.Received}' AND kind <> 'part' AND (holder IS NULL OR held_until <= {now}) ORDER BY created LIMIT @most";
}
