using System.Threading.Channels;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Execution.Deployment;

/// <summary>
/// Keeps this node's deployed files like the cluster's: at the start, when another node tells of a change, and now and then. Before the first time, what this node has of its own
/// is given to the cluster, but where that has another one of the same id.
/// </summary>
internal sealed partial class ClusterUnits(QgisDeployments deployments, IDeployedUnits units, TimeProvider clock, ILogger<ClusterUnits> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var listening = units.Listen(() => _changes.Writer.TryWrite(true));
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = BetweenLooks;
            try
            {
                await deployments.FollowAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(error);
                pause = AfterFailure;
            }

            await WaitAsync(pause, stoppingToken);
        }
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var changed = _changes.Reader.ReadAsync(wait.Token).AsTask();
        await Task.WhenAny(changed, Task.Delay(pause, clock, wait.Token));
        await wait.CancelAsync();
        await ((Task)changed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(EventId = 3401, Level = LogLevel.Warning, Message = "What is deployed in the cluster could not be taken over; trying again")]
    private partial void LogFailed(Exception error);
}
