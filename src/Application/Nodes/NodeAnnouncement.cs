using GeoWps.Application.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Nodes;

/// <summary>
/// Makes this node known when it is ready, and unknown first of all when it stops: gateways let go of it while it still serves, and only then it refuses work and drains.
/// </summary>
public sealed partial class NodeAnnouncement(
    INodeRegistry registry,
    ThisNode self,
    INodeOffer offer,
    Readiness readiness,
    IOptions<NodeOptions> options,
    TimeProvider clock,
    ILogger<NodeAnnouncement> logger) : IHostedLifecycleService, IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>For the news to reach the gateways, which they are told at once.</summary>
    private static readonly TimeSpan LettingGo = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stopping = new();
    private Task<IAsyncDisposable?> _announced = Task.FromResult<IAsyncDisposable?>(null);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The server listens by now.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _announced = AnnounceAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Leave();
        await _stopping.CancelAsync();
        if (await _announced is { } announced)
        {
            await announced.DisposeAsync();
            LogWithdrawn(self.Name);

            // Never much of the time that jobs have to end in.
            var most = TimeSpan.FromSeconds(options.Value.DrainSeconds) / 4;
            await Task.Delay(LettingGo < most ? LettingGo : most, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _stopping.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<IAsyncDisposable?> AnnounceAsync(CancellationToken stop)
    {
        try
        {
            while (!readiness.IsReady)
            {
                await Task.Delay(Look, clock, stop);
            }

            // What it may offer and has endpoints for.
            var entry = self.ToEntry(offer.Current);
            var announced = await registry.AnnounceAsync(entry, stop);
            LogAnnounced(entry.Name, entry.Address, string.Join(", ", entry.Services));
            return announced;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception error)
        {
            // A registry promises not to fail; a node that is not known still serves whoever knows it.
            LogFailed(error, self.Name);
            return null;
        }
    }

    [LoggerMessage(EventId = 1700, Level = LogLevel.Information, Message = "Node {Node} announces itself at {Address} with {Services}")]
    private partial void LogAnnounced(string node, Uri address, string services);

    [LoggerMessage(EventId = 1701, Level = LogLevel.Information, Message = "Node {Node} is no longer announced")]
    private partial void LogWithdrawn(string node);

    [LoggerMessage(EventId = 1702, Level = LogLevel.Error, Message = "Node {Node} can't be announced")]
    private partial void LogFailed(Exception error, string node);
}
