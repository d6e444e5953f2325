using GeoWps.Adapters.Execution.Policy;
using GeoWps.Adapters.Execution.Workers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>Keeps the catalogue fresh: asks QGIS when it is there, and again when a model or script comes, changes or goes.</summary>
internal sealed partial class CatalogueRefresher(
    QgisCatalogue catalogue,
    CatalogueReading reading,
    AlgorithmPolicy policy,
    IWorkers workers,
    ExecutionFolders folders,
    TimeProvider clock,
    ILogger<CatalogueRefresher> logger) : BackgroundService
{
    /// <summary>A poll, because file system events do not come from every kind of mount.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    /// <summary>An editor writes a file in several steps.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        folders.Make();
        if (policy.TrustsCallers)
        {
            LogTrust();
        }
        else if (policy.Allowed.Count > 0)
        {
            LogAllowed(string.Join(", ", policy.Allowed));
        }

        // Before the host listens: the first answer has the list.
        catalogue.TryLoadKept();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await workers.Ready.WaitAsync(stoppingToken);
                if (CatalogueKey.OfFolders(folders) != reading.Known)
                {
                    await Task.Delay(reading.Known is null ? TimeSpan.Zero : Settle, clock, stoppingToken);
                    await reading.ReadAsync(stoppingToken);
                }
            }
            catch (Exception) when (workers.Ready.IsFaulted)
            {
                // It will not come any more, and who starts it has said why.
                return;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(error);
            }

            await Task.Delay(Poll, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(EventId = 3211, Level = LogLevel.Error, Message = "The list of algorithms could not be read from QGIS; trying again")]
    private partial void LogFailed(Exception error);

    [LoggerMessage(EventId = 3212, Level = LogLevel.Warning, Message = "Security:TrustCallers is on: every caller may run algorithms and expressions that read files and run code")]
    private partial void LogTrust();

    [LoggerMessage(EventId = 3213, Level = LogLevel.Warning, Message = "Processes:Allow switches on, for every caller: {Algorithms}")]
    private partial void LogAllowed(string algorithms);
}
