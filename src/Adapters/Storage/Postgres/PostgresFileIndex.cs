using System.Data.Common;
using System.Globalization;
using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Files;
using Npgsql;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>The index of the files of all nodes. A change that is older than a minute, by the database's clock, is lost: what one has to wait for is done before it begins.</summary>
internal sealed class PostgresFileIndex(PostgresDatabase database) : IFileIndex
{
    private const bool Repeat = true;
    private const long LostAfterMs = 60_000;

    /// <summary>Changes begin one after the other.</summary>
    private const string Lock = "SELECT pg_advisory_xact_lock(7310246119)";

    private static readonly FileStatements _sql = new("geowps.");

    private static readonly string _changes = string.Create(
        CultureInfo.InvariantCulture, $"SELECT id, kind, path, target, owner, bytes, is_folder, since < geowps.now_ms() - {LostAfterMs} FROM geowps.file_changes ORDER BY since");

    public async ValueTask<FileEntry?> FindAsync(FilePath path, CancellationToken cancellationToken) => await database.FirstAsync(_sql.Find, FileStatements.Entry, Repeat, cancellationToken, ("@path", path.Text));

    public async Task<IReadOnlyList<FileEntry>> LineAsync(FilePath path, CancellationToken cancellationToken) => await database.AllAsync(
        $"SELECT {FileStatements.Columns} FROM geowps.files WHERE path = ANY (@paths) ORDER BY length(path)", FileStatements.Entry, Repeat, cancellationToken, ("@paths", FileStatements.Line(path)));

    public async Task<IReadOnlyList<FileEntry>> ListAsync(FileQuery query, CancellationToken cancellationToken)
    {
        var (sql, values) = _sql.List(query);
        return await database.AllAsync(sql, FileStatements.Entry, Repeat, cancellationToken, [.. values]);
    }

    public async Task<FilesBelow> BelowAsync(FilePath path, string? owner, CancellationToken cancellationToken) => (await database.FirstAsync(
        _sql.Below.Replace("coalesce(sum(length), 0)", "coalesce(sum(length), 0)::bigint", StringComparison.Ordinal),
        row => new FilesBelow(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
        Repeat,
        cancellationToken,
        [("@owner", owner ?? ""), .. FileStatements.Range(path)]))!;

    public async Task<FileUse> UseAsync(string? owner, CancellationToken cancellationToken) => (await database.FirstAsync(
        $"SELECT ({_sql.UseOfAll})::bigint, ({_sql.UseOfOwner})::bigint", row => new FileUse(row.GetInt64(0), row.GetInt64(1)), Repeat, cancellationToken, ("@owner", owner ?? "")))!;

    public Task<FileEntry?> TwinAsync(FilePath path, CancellationToken cancellationToken) =>
        database.FirstAsync(_sql.Twin, FileStatements.Entry, Repeat, cancellationToken, ("@fold", FileStatements.Fold(path.Text)), ("@path", path.Text));

    public Task<FileChange?> BeginAsync(FileChange change, CancellationToken cancellationToken) => database.RunAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, Lock, cancellationToken);
            foreach (var other in await ChangesAsync(connection, cancellationToken))
            {
                if (other.Id != change.Id && FileStatements.Meet(change, other))
                {
                    return other;
                }
            }

            // Repeated after an answer was lost, it is there already.
            await ExecuteAsync(
                connection,
                """
                INSERT INTO geowps.file_changes (id, kind, path, target, owner, bytes, is_folder, since)
                VALUES (@id, @kind, @path, @target, @owner, @bytes, @is_folder, geowps.now_ms()) ON CONFLICT DO NOTHING
                """,
                cancellationToken,
                ("@id", change.Id), ("@kind", (int)change.Kind), ("@path", change.Path.Text), ("@target", change.Target?.Text), ("@owner", change.Owner), ("@bytes", change.Bytes), ("@is_folder", change.IsFolder));
            await transaction.CommitAsync(cancellationToken);
            return null;
        },
        Repeat,
        cancellationToken);

    public Task<bool> EndAsync(FileChange change, IReadOnlyList<FileEffect> effects, CancellationToken cancellationToken) => database.RunAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (await ExecuteAsync(connection, _sql.Forget, cancellationToken, ("@id", change.Id)) == 0)
            {
                return false;
            }

            foreach (var effect in effects)
            {
                await ApplyAsync(connection, effect, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
            return true;
        },
        mayRepeat: false,
        cancellationToken);

    public async Task<IReadOnlyList<FileChange>> LostAsync(CancellationToken cancellationToken) =>
        (await database.AllAsync(_changes, ReadChange, Repeat, cancellationToken)).FindAll(change => change.IsLost);

    public async Task<bool> ShareAsync(FilePath path, bool isPublic, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(_sql.Share, Repeat, cancellationToken, ("@path", path.Text), ("@public", isPublic)) > 0;

    public Task NoteContentsAsync(FilePath path, string eTag, string? contents, CancellationToken cancellationToken) =>
        database.ExecuteAsync(_sql.NoteContents.Replace("@contents", "@contents::text", StringComparison.Ordinal), Repeat, cancellationToken, ("@path", path.Text), ("@etag", eTag), ("@contents", contents));

    private static async Task ApplyAsync(NpgsqlConnection connection, FileEffect effect, CancellationToken cancellationToken)
    {
        switch (effect)
        {
            case FileEffect.Stored(var entry):
                await ExecuteAsync(connection, _sql.Store.Replace("(@path, @folder", "(@path::text, @folder", StringComparison.Ordinal), cancellationToken, FileStatements.Stored(entry, value => value));
                break;
            case FileEffect.Removed(var path):
                await ExecuteAsync(connection, _sql.Remove, cancellationToken, [("@path", path.Text), .. FileStatements.Range(path)]);
                break;
            case FileEffect.Moved(var from, var to):
                await ExecuteAsync(
                    connection,
                    """
                    UPDATE geowps.files SET path = @to || substr(path, length(@from) + 1), fold = @fold || substr(fold, length(@fromFold) + 1),
                        folder = CASE WHEN path = @from THEN @folder ELSE @to || substr(folder, length(@from) + 1) END
                    WHERE path = @from OR (path >= @first AND path < @end)
                    """,
                    cancellationToken,
                    Renaming(from, to));
                break;
            case FileEffect.Copied(var from, var to, var owner):
                await ExecuteAsync(
                    connection,
                    """
                    INSERT INTO geowps.files (path, folder, fold, is_folder, owner, length, content_type, etag, modified, sha256, contents)
                    SELECT @to || substr(path, length(@from) + 1), CASE WHEN path = @from THEN @folder ELSE @to || substr(folder, length(@from) + 1) END, @fold || substr(fold, length(@fromFold) + 1),
                        is_folder, @owner, length, content_type, etag, modified, sha256, contents
                    FROM geowps.files WHERE path = @from OR (path >= @first AND path < @end)
                    """,
                    cancellationToken,
                    [.. Renaming(from, to), ("@owner", owner)]);
                break;
            default:
                throw new NotSupportedException($"{effect.GetType().Name} is an effect that nobody keeps.");
        }
    }

    private static (string, object?)[] Renaming(FilePath from, FilePath to) =>
    [
        ("@from", from.Text), ("@to", to.Text), ("@folder", to.Folder.Text), ("@fromFold", FileStatements.Fold(from.Text)), ("@fold", FileStatements.Fold(to.Text)),
        ("@first", from.Text + "/"), ("@end", from.Text + "0"),
    ];

    private static async Task<List<FileChange>> ChangesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = PostgresDatabase.Command(connection, _changes, []);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var changes = new List<FileChange>();
        while (await row.ReadAsync(cancellationToken))
        {
            changes.Add(ReadChange(row));
        }

        return changes;
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] values)
    {
        await using var command = PostgresDatabase.Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static FileChange ReadChange(DbDataReader row) => new(
        row.GetGuid(0), (FileChangeKind)row.GetInt32(1), FileStatements.Path(row.GetString(2)), row.IsDBNull(3) ? null : FileStatements.Path(row.GetString(3)),
        row.IsDBNull(4) ? null : row.GetString(4), row.GetInt64(5), row.GetBoolean(6))
    {
        IsLost = row.GetBoolean(7),
    };
}
