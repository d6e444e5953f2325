using GeoWps.Application.Layers;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Records;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Records;

/// <summary>
/// Makes records of what this server has: layers, processes, services. At the start, and soon after something has changed; each time it compares and stores only what is another, so that
/// several nodes that share their records may all do it.
/// </summary>
/// <param name="news">There where nodes share what they keep.</param>
public sealed partial class OwnRecords(
    RecordKeeper keeper,
    LayerCatalogue layers,
    ProcessCatalogues processes,
    ThisNode node,
    Readiness readiness,
    TimeProvider clock,
    ILogger<OwnRecords> logger,
    INodeNews? news = null,
    LayerValues? values = null) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Also without a sign of change: news can be missed.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly LayerRecords _layers = new(layers, values, clock);
    private ProcessCatalogue? _knownProcesses;
    private long? _knownLayers;
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    /// <summary>One look.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        var isTime = clock.GetUtcNow() - _last >= Longest;
        var catalogue = processes.Current;

        // While it starts, a server does not have all of its processes yet; it stops without losing any.
        var isReady = readiness.IsReady;
        if (isReady && (!ReferenceEquals(catalogue, _knownProcesses) || isTime))
        {
            // Nodes that share their records need not have the same processes: each removes only what it had itself.
            await keeper.ReplaceAsync(RecordSources.Processes, catalogue.Processes.Values.Select(RecordOf.Process).ToAsyncEnumerable(), removes: news is null, cancellationToken);
            foreach (var gone in news is null || _knownProcesses is null ? [] : _knownProcesses.Processes.Keys.Where(id => !catalogue.Processes.ContainsKey(id)))
            {
                await keeper.RemoveAsync(RecordSources.Processes, gone, cancellationToken);
            }

            await keeper.ReplaceAsync(RecordSources.Services, RecordOf.Services(node.Offers).ToAsyncEnumerable(), removes: news is null, cancellationToken);
            _knownProcesses = catalogue;
        }

        // The number first: what changes while they are read is read once more.
        var changes = layers.Changes;
        if (changes != _knownLayers || isTime)
        {
            await keeper.ReplaceAsync(RecordSources.Layers, _layers.ListAsync(cancellationToken), removes: true, cancellationToken, _layers.CompleteAsync);
            _layers.Stored();
            _knownLayers = changes;
        }

        if (isTime && isReady)
        {
            _last = clock.GetUtcNow();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                await KeepAsync(stoppingToken);
                failures = 0;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                failures++;
                LogFailed(error);
            }

            await Task.Delay(failures == 0 ? Pause : Backoff.After(failures, Pause, TimeSpan.FromMinutes(1), share: 0.5), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(EventId = 1801, Level = LogLevel.Error, Message = "Records of what this server has could not be kept; trying again")]
    private partial void LogFailed(Exception error);
}
