using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Storage.Tiles;

/// <summary>What is wrong with settings that are each possible for themselves.</summary>
internal sealed class CacheOptionsValidator(IOptions<StorageOptions> storage) : IValidateOptions<CacheOptions>
{
    public ValidateOptionsResult Validate(string? name, CacheOptions options) =>
        options is { Enabled: true, Persistent: { Enabled: true, Provider: TileStoreProvider.Postgres } } && string.IsNullOrWhiteSpace(storage.Value.ConnectionString)
            ? ValidateOptionsResult.Fail("Storage:ConnectionString: missing; Cache:Persistent:Provider 'Postgres' needs the address of a PostgreSQL: Host=…;Database=…;Username=…;Password=…")
            : ValidateOptionsResult.Success;
}
