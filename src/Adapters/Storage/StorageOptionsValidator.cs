using Microsoft.Extensions.Options;
using Npgsql;

namespace GeoWps.Adapters.Storage;

/// <summary>What is wrong with settings that are each possible for themselves.</summary>
/// <param name="othersInPostgres">Whether the cache of tiles or the registry of nodes is there, which jobs need not be.</param>
/// <param name="jobsInPostgres">Whether jobs are there.</param>
internal sealed class StorageOptionsValidator(bool othersInPostgres = false, bool jobsInPostgres = false) : IValidateOptions<StorageOptions>, IValidateOptions<BlobOptions>, IValidateOptions<DataOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options) => options.Provider switch
    {
        StorageProvider.Sqlite when !string.IsNullOrEmpty(options.ConnectionString) && !othersInPostgres =>
            Fail("Storage:ConnectionString is set, but Storage:Provider 'Sqlite' needs none: its file lies in Data:Directory"),
        StorageProvider.Sqlite => ValidateOptionsResult.Success,
        StorageProvider.Postgres when string.IsNullOrWhiteSpace(options.ConnectionString) => Fail("Storage:ConnectionString: missing; Storage:Provider 'Postgres' needs it"),
        StorageProvider.Postgres => CheckConnection(options.ConnectionString),
    };

    public ValidateOptionsResult Validate(string? name, BlobOptions options) => options.Provider switch
    {
        BlobProvider.Postgres when !jobsInPostgres => Fail("Blobs:Provider: 'Postgres' is not allowed without Storage:Provider 'Postgres'; allowed are Memory, File"),
        _ => ValidateOptionsResult.Success,
    };

    public ValidateOptionsResult Validate(string? name, DataOptions options) => string.IsNullOrWhiteSpace(options.Directory)
        ? Fail($"Data:Directory: '{options.Directory}' is not allowed; the path of a folder")
        : ValidateOptionsResult.Success;

    // The text itself is never shown: it may hold a password.
    private static ValidateOptionsResult CheckConnection(string connectionString)
    {
        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connectionString).Host)
                ? Fail("Storage:ConnectionString: there is no Host in it")
                : ValidateOptionsResult.Success;
        }
        catch (Exception reason) when (reason is ArgumentException or FormatException or KeyNotFoundException)
        {
            return Fail("Storage:ConnectionString: it can't be read; for example Host=…;Port=5432;Database=…;Username=…;Password=…");
        }
    }

    private static ValidateOptionsResult Fail(string message) => ValidateOptionsResult.Fail(message);
}
