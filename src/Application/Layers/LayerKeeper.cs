using GeoWps.Application.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Layers;

/// <summary>Removes layers whose time is over, and data that no layer has any more.</summary>
public sealed partial class LayerKeeper(LayerCatalogue layers, RemoveLayer remove, ILayerFiles files, TimeProvider clock, ILogger<LayerKeeper> logger) : BackgroundService
{
    private const int Batch = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Who has found a layer opens its file within this time.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();

        // At the start nobody reads.
        for (var grace = TimeSpan.Zero; !stoppingToken.IsCancellationRequested; grace = Grace)
        {
            try
            {
                await RemoveExpiredAsync(stoppingToken);
                await files.SweepAsync(grace, layers.FindStoredAsync, stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(error);
            }

            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>How many were removed.</returns>
    public async Task<int> RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        while (await layers.ExpiredAsync(Batch, cancellationToken) is { Count: > 0 } expired)
        {
            foreach (var layer in expired)
            {
                await remove.ExecuteAsync(layer.Id, cancellationToken);
                LogExpired(layer.Id);
                removed++;
            }
        }

        return removed;
    }

    [LoggerMessage(EventId = 1510, Level = LogLevel.Information, Message = "Layer {Layer} was removed: its time was over")]
    private partial void LogExpired(string layer);

    [LoggerMessage(EventId = 1511, Level = LogLevel.Error, Message = "Layers whose time is over could not be removed; trying again later")]
    private partial void LogFailed(Exception error);
}
