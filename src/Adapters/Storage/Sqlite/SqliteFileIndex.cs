using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Files;
using Microsoft.Data.Sqlite;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>The index of one node's files, beside its jobs. A change of an earlier start is lost.</summary>
internal sealed class SqliteFileIndex(SqliteDatabase database) : IFileIndex
{
    private const bool Durable = true;

    private static readonly FileStatements _sql = new("");

    private readonly string _process = Guid.NewGuid().ToString("N");

    public ValueTask<FileEntry?> FindAsync(FilePath path, CancellationToken cancellationToken) =>
        new(database.ReadAsync(session => session.First(_sql.Find, FileStatements.Entry, ("@path", path.Text)), cancellationToken));

    public Task<IReadOnlyList<FileEntry>> LineAsync(FilePath path, CancellationToken cancellationToken) => database.ReadAsync(
        session => (IReadOnlyList<FileEntry>)[.. FileStatements.Line(path).Select(text => session.First(_sql.Find, FileStatements.Entry, ("@path", text))).OfType<FileEntry>()], cancellationToken);

    public Task<IReadOnlyList<FileEntry>> ListAsync(FileQuery query, CancellationToken cancellationToken)
    {
        var (sql, values) = _sql.List(query);
        return database.ReadAsync(session => (IReadOnlyList<FileEntry>)session.All(sql, FileStatements.Entry, [.. values]), cancellationToken);
    }

    public Task<FilesBelow> BelowAsync(FilePath path, string? owner, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.First(_sql.Below, row => new FilesBelow(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), [("@owner", owner ?? ""), .. FileStatements.Range(path)])!, cancellationToken);

    public Task<FileUse> UseAsync(string? owner, CancellationToken cancellationToken) => database.ReadAsync(
        session => new FileUse(
            session.Number($"SELECT {_sql.UseOfAll}") ?? 0,
            session.Number($"SELECT {_sql.UseOfOwner}", ("@owner", owner ?? "")) ?? 0),
        cancellationToken);

    public Task<FileEntry?> TwinAsync(FilePath path, CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.First(_sql.Twin, FileStatements.Entry, ("@fold", FileStatements.Fold(path.Text)), ("@path", path.Text)), cancellationToken);

    public Task<FileChange?> BeginAsync(FileChange change, CancellationToken cancellationToken) => database.WriteAsync(
        !Durable,
        session =>
        {
            if (Changes(session).Find(other => FileStatements.Meet(change, other)) is { } inTheWay)
            {
                return inTheWay;
            }

            session.Execute(
                "INSERT INTO file_changes (id, kind, path, target, owner, bytes, is_folder, process) VALUES (@id, @kind, @path, @target, @owner, @bytes, @is_folder, @process)",
                ("@id", change.Id.ToString("N")), ("@kind", (int)change.Kind), ("@path", change.Path.Text), ("@target", change.Target?.Text),
                ("@owner", change.Owner), ("@bytes", change.Bytes), ("@is_folder", change.IsFolder), ("@process", _process));
            return null;
        },
        cancellationToken);

    public Task<bool> EndAsync(FileChange change, IReadOnlyList<FileEffect> effects, CancellationToken cancellationToken) => database.WriteAsync(
        Durable,
        session =>
        {
            if (session.Execute(_sql.Forget, ("@id", change.Id.ToString("N"))) == 0)
            {
                return false;
            }

            foreach (var effect in effects)
            {
                Apply(session, effect);
            }

            return true;
        },
        cancellationToken);

    public Task<IReadOnlyList<FileChange>> LostAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(session => (IReadOnlyList<FileChange>)Changes(session).FindAll(change => change.IsLost), cancellationToken);

    public Task<bool> ShareAsync(FilePath path, bool isPublic, CancellationToken cancellationToken) =>
        database.WriteAsync(Durable, session => session.Execute(_sql.Share, ("@path", path.Text), ("@public", isPublic)) > 0, cancellationToken);

    public Task NoteContentsAsync(FilePath path, string eTag, string? contents, CancellationToken cancellationToken) => database.WriteAsync(
        !Durable, session => session.Execute(_sql.NoteContents, ("@path", path.Text), ("@etag", eTag), ("@contents", contents)), cancellationToken);

    private static void Apply(SqliteSession session, FileEffect effect)
    {
        switch (effect)
        {
            case FileEffect.Stored(var entry):
                session.Execute(_sql.Store, FileStatements.Stored(entry, value => value));
                break;
            case FileEffect.Removed(var path):
                session.Execute(_sql.Remove, [("@path", path.Text), .. FileStatements.Range(path)]);
                break;
            case FileEffect.Moved(var from, var to):
                foreach (var path in Paths(session, from))
                {
                    session.Execute(_sql.Move, FileStatements.Renamed(path, from, to));
                }

                break;
            case FileEffect.Copied(var from, var to, var owner):
                foreach (var path in Paths(session, from))
                {
                    session.Execute(_sql.Copy, [.. FileStatements.Renamed(path, from, to), ("@owner", owner)]);
                }

                break;
            default:
                throw new NotSupportedException($"{effect.GetType().Name} is an effect that nobody keeps.");
        }
    }

    private static List<string> Paths(SqliteSession session, FilePath from) =>
        session.All(_sql.PathsFrom, row => row.GetString(0), [("@path", from.Text), .. FileStatements.Range(from)]);

    private List<FileChange> Changes(SqliteSession session) => session.All(
        "SELECT id, kind, path, target, owner, bytes, is_folder, process FROM file_changes ORDER BY id",
        row => new FileChange(
            Guid.Parse(row.GetString(0)), (FileChangeKind)row.GetInt32(1), FileStatements.Path(row.GetString(2)), row.IsDBNull(3) ? null : FileStatements.Path(row.GetString(3)),
            row.IsDBNull(4) ? null : row.GetString(4), row.GetInt64(5), row.GetBoolean(6))
        {
            IsLost = row.GetString(7) != _process,
        });
}
