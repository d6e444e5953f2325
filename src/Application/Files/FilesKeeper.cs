using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Files;

/// <summary>Ends the changes of files that processes left behind: at the start, and now and then, since in a cluster others may go away.</summary>
public sealed partial class FilesKeeper(FileChanges changes, TimeProvider clock, ILogger<FilesKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await changes.SettleAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(error);
            }

            await Task.Delay(Backoff.Spread(Pause), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(EventId = 1772, Level = LogLevel.Error, Message = "Changes of files that were left behind could not be ended; trying again later")]
    private partial void LogFailed(Exception error);
}
