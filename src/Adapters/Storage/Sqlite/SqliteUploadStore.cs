using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Uploads;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>Uploads of one node, beside its jobs. Who held one in an earlier start is seen to be gone when its time is over.</summary>
internal sealed class SqliteUploadStore(SqliteDatabase database, TimeProvider clock) : IUploadStore
{
    private const bool Durable = true;
    private const bool NotDurable = false;

    private static readonly UploadStatements _sql = new("", "@now_ms", (parameter, _) => parameter);

    private (string Name, object? Value) Now => ("@now_ms", UnixTime.Floor(clock.GetUtcNow()));

    public Task<bool> TryAddAsync(Upload upload, int mostUnfinished, CancellationToken cancellationToken) =>
        database.WriteAsync(Durable, session => session.Execute(_sql.Add, [.. UploadRow.ValuesOf(upload), ("@most", mostUnfinished)]) > 0, cancellationToken);

    public Task<Upload?> FindAsync(UploadId id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.First(_sql.Find, UploadRow.Read, ("@id", id.Value)), cancellationToken);

    public Task<IReadOnlyList<Upload>> ListAsync(Caller caller, int most, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<Upload>>(
        session => session.All(_sql.List, UploadRow.Read, ("@all", caller.IsAdministrator), ("@owner", caller.Name), ("@most", most)), cancellationToken);

    public Task<IReadOnlyList<UploadPiece>> PiecesAsync(UploadId id, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<UploadPiece>>(session => session.All(_sql.Pieces, UploadRow.ReadPiece, ("@id", id.Value)), cancellationToken);

    public Task<HoldOutcome> TryHoldAsync(UploadId id, string holder, TimeSpan lease, CancellationToken cancellationToken) => database.WriteAsync(
        NotDurable,
        session => session.Execute(_sql.Hold, ("@id", id.Value), ("@holder", holder), ("@lease", (long)lease.TotalMilliseconds), Now) > 0 ? HoldOutcome.Held
            : session.Execute(_sql.Want, ("@id", id.Value)) > 0 ? HoldOutcome.Taken
            : HoldOutcome.Unknown,
        cancellationToken);

    public Task<RenewOutcome> RenewAsync(UploadId id, string holder, TimeSpan lease, CancellationToken cancellationToken) => database.WriteAsync(
        NotDurable,
        session => session.Number(_sql.Renew, ("@id", id.Value), ("@holder", holder), ("@lease", (long)lease.TotalMilliseconds), Now) switch
        {
            null => RenewOutcome.Lost,
            0 => RenewOutcome.Held,
            _ => RenewOutcome.Wanted,
        },
        cancellationToken);

    public Task ReleaseAsync(UploadId id, string holder, CancellationToken cancellationToken) =>
        database.WriteAsync(NotDurable, session => session.Execute(_sql.Release, ("@id", id.Value), ("@holder", holder)), cancellationToken);

    public Task<bool> TryWriteAsync(Upload next, string holder, IReadOnlyList<UploadPiece> pieces, CancellationToken cancellationToken) => database.WriteAsync(
        Durable,
        session =>
        {
            if (session.Execute(_sql.Write, [.. UploadRow.ChangingOf(next), ("@holder", holder)]) == 0)
            {
                return false;
            }

            if (pieces.Count > 0)
            {
                session.Execute(_sql.DropPieces, ("@id", next.Id.Value), ("@start", pieces[0].Offset));
            }

            foreach (var piece in pieces)
            {
                session.Execute(_sql.AddPiece, ("@id", next.Id.Value), ("@start", piece.Offset), ("@length", piece.Length), ("@key", piece.Key));
            }

            foreach (var part in UploadRow.NoLongerNeeded(next))
            {
                Remove(session, part.Value);
            }

            return true;
        },
        cancellationToken);

    public Task<bool> RemoveAsync(UploadId id, CancellationToken cancellationToken) => database.WriteAsync(Durable, session => Remove(session, id.Value), cancellationToken);

    public Task<IReadOnlyList<UploadId>> RemoveExpiredAsync(DateTimeOffset now, int most, CancellationToken cancellationToken) => database.WriteAsync<IReadOnlyList<UploadId>>(
        Durable,
        session =>
        {
            var gone = session.All(_sql.RemoveExpired, row => UploadRow.Id(row.GetString(0)), ("@now", UnixTime.Floor(now)), Now, ("@most", most));
            foreach (var id in gone)
            {
                Remove(session, id.Value);
            }

            return gone;
        },
        cancellationToken);

    public Task<IReadOnlyList<UploadId>> ListDueAsync(int most, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<UploadId>>(
        session => session.All(_sql.Due, row => UploadRow.Id(row.GetString(0)), Now, ("@most", most)), cancellationToken);

    private static bool Remove(SqliteSession session, string id)
    {
        session.Execute(_sql.DropPieces, ("@id", id), ("@start", 0L));
        return session.Execute(_sql.Remove, ("@id", id)) > 0;
    }
}
