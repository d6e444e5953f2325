using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>Tokens of one node, beside its jobs.</summary>
internal sealed class SqliteTokenStore(SqliteDatabase database) : ITokenStore
{
    private const bool Durable = true;
    private const bool NotDurable = false;

    public Task<bool> TryAddAsync(StoredToken token, CancellationToken cancellationToken) => database.WriteAsync(
        Durable,
        session => session.Execute(
            $"INSERT INTO tokens ({TokenRow.Columns}) VALUES (@name, @digest, @rights, @created, @expires, @last_used) ON CONFLICT (name) DO NOTHING", TokenRow.ValuesOf(token)) > 0,
        cancellationToken);

    public Task<IReadOnlyList<StoredToken>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<StoredToken>>(
        session => session.All($"SELECT {TokenRow.Columns} FROM tokens ORDER BY name", TokenRow.Read), cancellationToken);

    public Task<bool> RemoveAsync(string name, CancellationToken cancellationToken) =>
        database.WriteAsync(Durable, session => session.Execute("DELETE FROM tokens WHERE name = @name", ("@name", name)) > 0, cancellationToken);

    public Task TouchAsync(string name, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        NotDurable,
        session => session.Execute(
            "UPDATE tokens SET last_used = @at WHERE name = @name AND (last_used IS NULL OR last_used < @at)", ("@at", UnixTime.Floor(at)), ("@name", name)),
        cancellationToken);
}
