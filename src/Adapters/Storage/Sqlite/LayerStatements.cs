namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>The statements on layers. A change names the revision that it expects.</summary>
internal static class LayerStatements
{
    public const string Find = "SELECT document FROM layers WHERE id = @id";

    public const string Add =
        """
        INSERT INTO layers (id, revision, updated, expires, bytes, document) VALUES (@id, @revision, @updated, @expires, @bytes, @document)
        ON CONFLICT (id) DO NOTHING
        """;

    public const string Replace =
        """
        UPDATE layers SET revision = @revision, updated = @updated, expires = @expires, bytes = @bytes, document = @document
        WHERE id = @id AND revision = @revision - 1
        """;

    public const string Remove = "DELETE FROM layers WHERE id = @id AND revision = @revision";

    public const string List = "SELECT document FROM layers WHERE id > @after ORDER BY id LIMIT @limit";

    public const string Count = "SELECT count(*) FROM layers";

    public const string Revisions = "SELECT id, revision, updated FROM layers ORDER BY id";

    public const string Expired = "SELECT document FROM layers WHERE expires <= @now ORDER BY expires LIMIT @limit";

    public const string Temporary = "SELECT count(*), coalesce(sum(bytes), 0) FROM layers WHERE expires IS NOT NULL";
}
