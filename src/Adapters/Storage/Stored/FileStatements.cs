using System.Data.Common;
using GeoWps.Application.Ports;
using GeoWps.Domain.Files;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>The statements of the index of files, which SQLite and PostgreSQL understand alike.</summary>
/// <param name="schema">Before the names of tables.</param>
internal sealed class FileStatements(string schema)
{
    public const string Columns = "path, is_folder, owner, is_public, length, content_type, etag, modified, sha256, contents";

    public string Files { get; } = schema + "files";

    public string Changes { get; } = schema + "file_changes";

    /// <summary>Bytes of files, of changes that have begun, and of uploads on their way.</summary>
    public string UseOfAll =>
        $"coalesce((SELECT sum(bytes) FROM {schema}file_use), 0) + coalesce((SELECT sum(bytes) FROM {Changes}), 0) + {UploadStatements.Reserved(schema, "")}";

    public string UseOfOwner =>
        $"coalesce((SELECT bytes FROM {schema}file_use WHERE owner = @owner), 0) + coalesce((SELECT sum(bytes) FROM {Changes} WHERE coalesce(owner, '') = @owner), 0)"
        + $" + {UploadStatements.Reserved(schema, " AND coalesce(owner, '') = @owner")}";

    public string Find => $"SELECT {Columns} FROM {Files} WHERE path = @path";

    public string Twin => $"SELECT {Columns} FROM {Files} WHERE fold = @fold AND path <> @path LIMIT 1";

    public string Below => $"SELECT count(CASE WHEN is_folder THEN NULL ELSE 1 END), coalesce(sum(length), 0), count(CASE WHEN owner <> @owner THEN 1 END) FROM {Files} WHERE path >= @from AND path < @end";

    public string Store =>
        $"""
        INSERT INTO {Files} (path, folder, fold, is_folder, owner, length, content_type, etag, modified, sha256, contents)
        VALUES (@path, @folder, @fold, @is_folder, @owner, @length, @content_type, @etag, @modified, @sha256, @contents)
        ON CONFLICT (path) DO UPDATE SET owner = excluded.owner, length = excluded.length, content_type = excluded.content_type, etag = excluded.etag, modified = excluded.modified,
            sha256 = excluded.sha256, contents = excluded.contents
        WHERE NOT excluded.is_folder
        """;

    public string Remove => $"DELETE FROM {Files} WHERE path = @path OR (path >= @from AND path < @end)";

    // The folder of the top one is given; of those below it, it changes as their path does. 'fold' is worked out by whoever calls.
    public string Move => $"UPDATE {Files} SET path = @new, folder = @folder, fold = @fold WHERE path = @path";

    public string Copy =>
        $"""
        INSERT INTO {Files} (path, folder, fold, is_folder, owner, length, content_type, etag, modified, sha256, contents)
        SELECT @new, @folder, @fold, is_folder, @owner, length, content_type, etag, modified, sha256, contents FROM {Files} WHERE path = @path
        """;

    public string PathsFrom => $"SELECT path FROM {Files} WHERE path = @path OR (path >= @from AND path < @end) ORDER BY path";

    public string Share => $"UPDATE {Files} SET is_public = @public WHERE path = @path";

    public string NoteContents => $"UPDATE {Files} SET contents = @contents WHERE path = @path AND etag = @etag AND NOT is_folder";

    public string Forget => $"DELETE FROM {Changes} WHERE id = @id";

    /// <summary>A row of <see cref="Columns"/>.</summary>
    public static FileEntry Entry(DbDataReader row) => new(Path(row.GetString(0)), row.GetBoolean(1), row.IsDBNull(2) ? null : row.GetString(2))
    {
        IsPublic = row.GetBoolean(3),
        Length = row.GetInt64(4),
        ContentType = row.GetString(5),
        ETag = row.GetString(6),
        Modified = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)),
        Sha256 = row.IsDBNull(8) ? null : row.GetString(8),
        Contents = row.IsDBNull(9) ? null : row.GetString(9),
    };

    /// <summary>A page of a listing.</summary>
    public (string Sql, List<(string Name, object? Value)> Values) List(FileQuery query)
    {
        var key = query.Order switch
        {
            FileOrder.Name => "f.path",
            FileOrder.Modified => "f.modified",
            FileOrder.Size => "f.length",
            FileOrder.Type => "f.content_type",
        };
        var (rank, direction, beyond) = query.IsDescending ? ("CASE WHEN f.is_folder THEN 1 ELSE 0 END", "DESC", "<") : ("CASE WHEN f.is_folder THEN 0 ELSE 1 END", "ASC", ">");
        var conditions = new List<string>();
        var values = new List<(string Name, object? Value)> { ("@limit", query.Limit) };
        if (query.IsRecursive)
        {
            conditions.Add("f.path >= @from AND f.path < @end");
            values.AddRange(Range(query.Folder));
        }
        else
        {
            conditions.Add("f.folder = @folder AND f.path <> ''");
            values.Add(("@folder", query.Folder.Text));
        }

        if (!query.Sees.SeesAll)
        {
            conditions.Add(
                $"(f.is_public OR {(query.Sees.SeesNobodys ? "f.owner IS NULL" : "1 = 0")} OR f.owner = @viewer"
                + $" OR EXISTS (SELECT 1 FROM {Files} p WHERE p.is_public AND p.is_folder AND substr(f.path, 1, length(p.path) + 1) = p.path || '/'))");
            values.Add(("@viewer", query.Sees.Name ?? ""));
        }

        if (query.After is { } after)
        {
            conditions.Add($"({rank}, {key}, f.path) {beyond} (@rank, @key, @after)");
            values.Add(("@rank", after.IsFolder == query.IsDescending ? 1 : 0));
            values.Add(("@key", query.Order switch
            {
                FileOrder.Name => after.Path.Text,
                FileOrder.Modified => UnixTime.Floor(after.Modified),
                FileOrder.Size => after.Length,
                FileOrder.Type => after.ContentType,
            }));
            values.Add(("@after", after.Path.Text));
        }

        return ($"SELECT {Columns} FROM {Files} f WHERE {string.Join(" AND ", conditions)} ORDER BY {rank} {direction}, {key} {direction}, f.path {direction} LIMIT @limit", values);
    }

    /// <summary>All that is below a path: from its slash to what comes after a slash. Of the root, everything.</summary>
    public static (string Name, object? Value)[] Range(FilePath path) =>
        path.IsRoot ? [("@from", ""), ("@end", "\U0010FFFF")] : [("@from", path.Text + "/"), ("@end", path.Text + "0")];

    public static (string Name, object? Value)[] Stored(FileEntry entry, Func<bool, object> boolean) =>
    [
        ("@path", entry.Path.Text), ("@folder", entry.Path.Folder.Text), ("@fold", Fold(entry.Path.Text)), ("@is_folder", boolean(entry.IsFolder)), ("@owner", entry.Owner),
        ("@length", entry.Length), ("@content_type", entry.ContentType), ("@etag", entry.ETag), ("@modified", UnixTime.Floor(entry.Modified)), ("@sha256", entry.Sha256), ("@contents", entry.Contents),
    ];

    /// <summary>Of what moves or is copied: where one of its paths goes.</summary>
    public static (string Name, object? Value)[] Renamed(string path, FilePath from, FilePath to)
    {
        var next = to.Text + path[from.Text.Length..];
        return [("@path", path), ("@new", next), ("@folder", next[..Math.Max(0, next.LastIndexOf('/'))]), ("@fold", Fold(next))];
    }

    /// <summary>Itself and the folders above, from the top.</summary>
    public static string[] Line(FilePath path)
    {
        var line = new List<string>();
        for (; !path.IsRoot; path = path.Folder)
        {
            line.Insert(0, path.Text);
        }

        return [.. line];
    }

    public static FilePath Path(string text) =>
        FilePath.TryParse(text, out var path, out var mistake) ? path : throw new InvalidDataException($"The index of files has a path that is none: {mistake}");

    /// <summary>Whether the two can't be on their way at once.</summary>
    public static bool Meet(FileChange one, FileChange other) => Places(one).Any(a => Places(other).Any(b => a == b || IsBelow(a, b) || IsBelow(b, a)));

    public static string Fold(string path) => path.ToUpperInvariant().ToLowerInvariant();

    private static IEnumerable<string> Places(FileChange change) => change.Target is { } target ? [Fold(change.Path.Text), Fold(target.Text)] : [Fold(change.Path.Text)];

    private static bool IsBelow(string path, string folder) => path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal);
}
