using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>The database of this node, opened once by whoever needs it first.</summary>
internal sealed class PostgresHolder(IOptions<StorageOptions> options, ILogger<PostgresDatabase> logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1);
    private PostgresDatabase? _database;

    /// <summary>The database, which <see cref="OpenAsync"/> has opened.</summary>
    public PostgresDatabase Database => _database ?? throw new InvalidOperationException($"{nameof(StorageModule.PrepareStorageAsync)} has to run before the storage is used.");

    /// <exception cref="StorageUnavailableException">With a line for the operator.</exception>
    public async Task<PostgresDatabase> OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            return _database ??= await PostgresDatabase.OpenAsync(
                options.Value.ConnectionString!, TimeSpan.FromSeconds(options.Value.WaitSeconds), logger, cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is { } database)
        {
            await database.DisposeAsync();
        }

        _opening.Dispose();
    }
}
