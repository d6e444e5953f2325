using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Storage;

/// <summary>What is wrong with settings that are each possible for themselves.</summary>
/// <param name="othersInPostgres">Whether the cache of tiles or the registry of nodes is there, which jobs need not be.</param>
internal sealed class StorageOptionsValidator(bool othersInPostgres = false) : IValidateOptions<StorageOptions>, IValidateOptions<BlobOptions>, IValidateOptions<DataOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options) => options.Provider switch
    {
        StorageProvider.Sqlite when !string.IsNullOrEmpty(options.ConnectionString) && !othersInPostgres =>
            Fail("Storage:ConnectionString is set, but Storage:Provider 'Sqlite' needs none: its file lies in Data:Directory"),
        StorageProvider.Sqlite => ValidateOptionsResult.Success,
        StorageProvider.Postgres => Fail("Storage:Provider: 'Postgres' is not allowed yet, it comes with the cluster; allowed is Sqlite"),
    };

    public ValidateOptionsResult Validate(string? name, BlobOptions options) => options.Provider switch
    {
        BlobProvider.Memory or BlobProvider.File => ValidateOptionsResult.Success,
        BlobProvider.Postgres => Fail("Blobs:Provider: 'Postgres' is not allowed yet, it comes with the cluster; allowed are Memory, File"),
    };

    public ValidateOptionsResult Validate(string? name, DataOptions options) => string.IsNullOrWhiteSpace(options.Directory)
        ? Fail($"Data:Directory: '{options.Directory}' is not allowed; the path of a folder")
        : ValidateOptionsResult.Success;

    private static ValidateOptionsResult Fail(string message) => ValidateOptionsResult.Fail(message);
}
