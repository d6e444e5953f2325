using GeoWps.Application.Layers;
using GeoWps.Application.Tiles.Caching;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Tiles;

/// <summary>
/// Tells the cache after the start what the tiles of each layer may take, so that what is too much goes before a tile is made. The start does not wait for it;
/// later changes <see cref="TilesOfLayers"/> tells.
/// </summary>
public sealed partial class LayerQuotas(LayerCatalogue layers, TileCache cache, ILogger<LayerQuotas> logger) : BackgroundService
{
    private const int AtOnce = 500;

    /// <summary>Reads all layers once, a page at a time.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        string? last = null;
        while (await layers.ListAsync(last, AtOnce, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var layer in page.Where(layer => layer.Caching.QuotaBytes > 0))
            {
                cache.SetQuota(layer.Id, layer.Caching.QuotaBytes);
            }

            last = page[^1].Id;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await TellAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start tells.
        }
        catch (Exception error)
        {
            LogFailed(error);
        }
    }

    [LoggerMessage(EventId = 1570, Level = LogLevel.Warning, Message = "Quotas of layers could not be read at the start; each holds from the first tile of its layer that is made")]
    private partial void LogFailed(Exception error);
}
