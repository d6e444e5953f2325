using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>Tokens of all nodes.</summary>
internal sealed class PostgresTokenStore(PostgresDatabase database) : ITokenStore
{
    private const bool Repeat = true;
    private const bool Once = false;

    public async Task<bool> TryAddAsync(StoredToken token, CancellationToken cancellationToken) => await database.ExecuteAsync(
        $"INSERT INTO geowps.tokens ({TokenRow.Columns}) VALUES (@name, @digest, @rights, @created, @expires::bigint, @last_used::bigint) ON CONFLICT (name) DO NOTHING",
        Once,
        cancellationToken,
        TokenRow.ValuesOf(token)) > 0;

    public async Task<IReadOnlyList<StoredToken>> ListAsync(CancellationToken cancellationToken) =>
        await database.AllAsync($"SELECT {TokenRow.Columns} FROM geowps.tokens ORDER BY name", TokenRow.Read, Repeat, cancellationToken);

    public async Task<bool> RemoveAsync(string name, CancellationToken cancellationToken) =>
        await database.ExecuteAsync("DELETE FROM geowps.tokens WHERE name = @name", Once, cancellationToken, ("@name", name)) > 0;

    public Task TouchAsync(string name, DateTimeOffset at, CancellationToken cancellationToken) => database.ExecuteAsync(
        "UPDATE geowps.tokens SET last_used = @at WHERE name = @name AND (last_used IS NULL OR last_used < @at)",
        Repeat,
        cancellationToken,
        ("@at", UnixTime.Floor(at)),
        ("@name", name));
}
