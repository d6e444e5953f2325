using GeoWps.Adapters.Execution.Workers;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>Asks QGIS for its catalogue; one at a time, so that an older answer never comes after a newer one.</summary>
internal sealed class CatalogueReading(QgisCatalogue catalogue, IWorkers workers, ExecutionFolders folders) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>The key of the folders that were read last; <see langword="null"/>: none yet.</summary>
    public string? Known { get; private set; }

    /// <summary>When it returns, what was in the folders before it began is offered.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Taken before: what changes while QGIS reads is read again.
            var (key, known) = (CatalogueKey.Of(folders), CatalogueKey.OfFolders(folders));
            catalogue.Refresh(await workers.CatalogueAsync(cancellationToken), key);
            Known = known;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
