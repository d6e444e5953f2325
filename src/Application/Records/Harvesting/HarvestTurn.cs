using GeoWps.Application.Ports;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>The turn of one job at a source: no other, on whichever node, reads it at the same time. It is renewed until it is given back, and ends by itself with the process that had it.</summary>
internal sealed partial class HarvestTurn : IAsyncDisposable
{
    /// <summary>How long a turn outlives the last sign of its job.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly IHarvestStore _store;
    private readonly (string Source, string Job) _who;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Task _renewing;

    private HarvestTurn(IHarvestStore store, string source, string job, TimeProvider clock, ILogger logger)
    {
        (_store, _who, _clock, _logger) = (store, (source, job), clock, logger);
        _renewing = RenewAsync();
    }

    /// <summary>Another has it by now: nothing may be stored any more.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>A turn that nobody renews is waited for; the same job, begun again, takes its own over at once.</summary>
    /// <exception cref="HarvestException">Another job has it.</exception>
    public static async Task<HarvestTurn> TakeAsync(IHarvestStore store, string source, string job, TimeProvider clock, ILogger logger, CancellationToken cancellationToken)
    {
        for (var seen = await store.TryClaimAsync(source, job, Lease, cancellationToken); seen is not null;)
        {
            await Task.Delay(Pause, clock, cancellationToken);
            var now = await store.TryClaimAsync(source, job, Lease, cancellationToken);
            if (now is not null && now != seen)
            {
                throw new HarvestException($"job {now.Job} reads this source already");
            }

            seen = now;
        }

        return new HarvestTurn(store, source, job, clock, logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _renewing;
        try
        {
            await _store.ReleaseAsync(_who.Source, _who.Job, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // It ends by itself.
            LogKept(failure, _who.Source);
        }

        _end.Dispose();
        _lost.Dispose();
    }

    private async Task RenewAsync()
    {
        using var beat = new PeriodicTimer(Lease / 3, _clock);
        var renewed = _clock.GetTimestamp();
        try
        {
            while (await beat.WaitForNextTickAsync(_end.Token))
            {
                try
                {
                    if (await _store.TryClaimAsync(_who.Source, _who.Job, Lease, _end.Token) is not null)
                    {
                        break;
                    }

                    renewed = _clock.GetTimestamp();
                }
                catch (Exception failure) when (!_end.IsCancellationRequested)
                {
                    LogKept(failure, _who.Source);
                    if (_clock.GetElapsedTime(renewed) > Lease)
                    {
                        break;
                    }
                }
            }

            await _lost.CancelAsync();
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // It is given back.
        }
    }

    [LoggerMessage(EventId = 1856, Level = LogLevel.Warning, Message = "The turn at source {Source} could not be renewed or given back")]
    private partial void LogKept(Exception failure, string source);
}
