using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Uploads;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>Uploads of all nodes: each goes on with those of any other. What time it is, the database says.</summary>
internal sealed class PostgresUploadStore(PostgresDatabase database) : IUploadStore
{
    private const bool Repeat = true;
    private const bool Once = false;

    private static readonly UploadStatements _sql = new("geowps.", "geowps.now_ms()", (parameter, type) => $"{parameter}::{type}");

    public async Task<bool> TryAddAsync(Upload upload, int mostUnfinished, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(_sql.Add, Once, cancellationToken, [.. UploadRow.ValuesOf(upload), ("@most", mostUnfinished)]) > 0;

    public Task<Upload?> FindAsync(UploadId id, CancellationToken cancellationToken) => database.FirstAsync(_sql.Find, UploadRow.Read, Repeat, cancellationToken, ("@id", id.Value));

    public async Task<IReadOnlyList<Upload>> ListAsync(Caller caller, int most, CancellationToken cancellationToken) =>
        await database.AllAsync(_sql.List, UploadRow.Read, Repeat, cancellationToken, ("@all", caller.IsAdministrator), ("@owner", caller.Name), ("@most", most));

    public async Task<IReadOnlyList<UploadPiece>> PiecesAsync(UploadId id, CancellationToken cancellationToken) =>
        await database.AllAsync(_sql.Pieces, UploadRow.ReadPiece, Repeat, cancellationToken, ("@id", id.Value));

    public async Task<HoldOutcome> TryHoldAsync(UploadId id, string holder, TimeSpan lease, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(_sql.Hold, Repeat, cancellationToken, ("@id", id.Value), ("@holder", holder), Lease(lease)) > 0 ? HoldOutcome.Held
        : await database.ExecuteAsync(_sql.Want, Repeat, cancellationToken, ("@id", id.Value)) > 0 ? HoldOutcome.Taken
        : HoldOutcome.Unknown;

    public async Task<RenewOutcome> RenewAsync(UploadId id, string holder, TimeSpan lease, CancellationToken cancellationToken) =>
        await database.ValueAsync(_sql.Renew, Repeat, cancellationToken, ("@id", id.Value), ("@holder", holder), Lease(lease)) switch
        {
            null => RenewOutcome.Lost,
            0 => RenewOutcome.Held,
            _ => RenewOutcome.Wanted,
        };

    public Task ReleaseAsync(UploadId id, string holder, CancellationToken cancellationToken) =>
        database.ExecuteAsync(_sql.Release, Repeat, cancellationToken, ("@id", id.Value), ("@holder", holder));

    // What is written depends on nothing that is there, but for the holder: to write it twice does no harm.
    public Task<bool> TryWriteAsync(Upload next, string holder, IReadOnlyList<UploadPiece> pieces, CancellationToken cancellationToken) => database.RunAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var write = PostgresDatabase.Command(connection, _sql.Write, [.. UploadRow.ChangingOf(next), ("@holder", holder)]);
            if (await write.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                return false;
            }

            if (pieces.Count > 0)
            {
                await using var drop = PostgresDatabase.Command(connection, _sql.DropPieces, [("@id", next.Id.Value), ("@start", pieces[0].Offset)]);
                await drop.ExecuteNonQueryAsync(cancellationToken);
            }

            foreach (var piece in pieces)
            {
                await using var add = PostgresDatabase.Command(
                    connection, _sql.AddPiece, [("@id", next.Id.Value), ("@start", piece.Offset), ("@length", piece.Length), ("@key", piece.Key)]);
                await add.ExecuteNonQueryAsync(cancellationToken);
            }

            foreach (var part in UploadRow.NoLongerNeeded(next))
            {
                await using var remove = PostgresDatabase.Command(connection, _sql.Remove, [("@id", part.Value)]);
                await remove.ExecuteNonQueryAsync(cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
            return true;
        },
        Repeat,
        cancellationToken);

    public async Task<bool> RemoveAsync(UploadId id, CancellationToken cancellationToken) => await database.ExecuteAsync(_sql.Remove, Once, cancellationToken, ("@id", id.Value)) > 0;

    public async Task<IReadOnlyList<UploadId>> RemoveExpiredAsync(DateTimeOffset now, int most, CancellationToken cancellationToken) => await database.AllAsync(
        _sql.RemoveExpired, row => UploadRow.Id(row.GetString(0)), Once, cancellationToken, ("@now", UnixTime.Floor(now)), ("@most", most));

    public async Task<IReadOnlyList<UploadId>> ListDueAsync(int most, CancellationToken cancellationToken) =>
        await database.AllAsync(_sql.Due, row => UploadRow.Id(row.GetString(0)), Repeat, cancellationToken, ("@most", most));

    private static (string Name, object? Value) Lease(TimeSpan lease) => ("@lease", (long)lease.TotalMilliseconds);
}
