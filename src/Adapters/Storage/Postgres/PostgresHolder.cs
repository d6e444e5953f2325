using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>The database of this node, opened once by whoever needs it first.</summary>
internal sealed class PostgresHolder(IOptions<StorageOptions> options, ILogger<PostgresDatabase> logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1);
    private PostgresDatabase? _database;
    private PostgresDocuments? _documents;

    /// <summary>The database, which <see cref="OpenAsync(CancellationToken)"/> has opened.</summary>
    public PostgresDatabase Database => _database ?? throw new InvalidOperationException($"{nameof(StorageModule.PrepareStorageAsync)} has to run before the storage is used.");

    /// <summary>Its documents; as <see cref="Database"/>.</summary>
    public PostgresDocuments Documents => _documents ??= new PostgresDocuments(Database);

    /// <inheritdoc cref="OpenAsync(TimeSpan, CancellationToken)"/>
    public Task<PostgresDatabase> OpenAsync(CancellationToken cancellationToken) => OpenAsync(TimeSpan.FromSeconds(options.Value.WaitSeconds), cancellationToken);

    /// <param name="patience">How long a server that is away is waited for.</param>
    /// <exception cref="StorageUnavailableException">With a line for the operator.</exception>
    public async Task<PostgresDatabase> OpenAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            return _database ??= await PostgresDatabase.OpenAsync(options.Value.ConnectionString!, patience, logger, cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _documents?.Dispose();
        if (_database is { } database)
        {
            await database.DisposeAsync();
        }

        _opening.Dispose();
    }
}
