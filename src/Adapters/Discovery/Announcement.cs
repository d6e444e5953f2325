using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Discovery;

/// <summary>Keeps a node known until it is disposed of, however often the registry is away meanwhile.</summary>
internal sealed partial class Announcement : IAsyncDisposable
{
    /// <summary>A stopping node does not wait for a registry that is away.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IMembership _membership;
    private readonly TimeSpan _beat;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private Task _keeping = Task.CompletedTask;
    private int _ended;

    private Announcement(IMembership membership, TimeSpan beat, TimeProvider clock, ILogger logger) =>
        (_membership, _beat, _clock, _logger) = (membership, beat, clock, logger);

    /// <summary>Returns when the registry has been tried once, with whatever outcome.</summary>
    /// <param name="beat">From one call of <see cref="IMembership.KeepAsync"/> to the next; also the longest pause after a failure.</param>
    public static async Task<Announcement> StartAsync(IMembership membership, TimeSpan beat, TimeProvider clock, ILogger logger, CancellationToken cancellationToken)
    {
        var announcement = new Announcement(membership, beat, clock, logger);
        announcement._keeping = Task.Run(announcement.KeepAsync, CancellationToken.None);
        try
        {
            await announcement._tried.Task.WaitAsync(cancellationToken);
            return announcement;
        }
        catch (OperationCanceledException)
        {
            await announcement.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _keeping;
        await EndAsync();
        _stopping.Dispose();
    }

    private async Task EndAsync()
    {
        using var patience = new CancellationTokenSource(EndPatience, _clock);
        for (var failures = 1; ; failures++)
        {
            try
            {
                await _membership.EndAsync(patience.Token);
                return;
            }
            catch (Exception error) when (error is OperationCanceledException || _membership.IsAway(error))
            {
                // A connection that is older than the registry's restart fails once.
                await Task.Delay(RegistryPause.After(failures, EndPatience), _clock, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (patience.IsCancellationRequested)
                {
                    LogNotWithdrawn(error.Message.ReplaceLineEndings(" "));
                    return;
                }
            }
        }
    }

    private async Task KeepAsync()
    {
        var stop = _stopping.Token;
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await _membership.KeepAsync(stop);
                if (failures > 0)
                {
                    LogBack();
                }

                failures = 0;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                // Whatever it is, the node goes on trying; what is not expected leaves its trace.
                if (failures++ == 0)
                {
                    LogAway(_membership.IsAway(error) ? null : error, error.Message.ReplaceLineEndings(" "));
                }
            }

            _tried.TrySetResult();
            await Task.Delay(failures == 0 ? _beat : RegistryPause.After(failures, _beat), _clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _tried.TrySetResult();
    }

    [LoggerMessage(EventId = 7000, Level = LogLevel.Warning, Message = "The registry of nodes does not take this node; trying on: {Reason}")]
    private partial void LogAway(Exception? error, string reason);

    [LoggerMessage(EventId = 7001, Level = LogLevel.Information, Message = "The registry of nodes knows this node again")]
    private partial void LogBack();

    [LoggerMessage(EventId = 7002, Level = LogLevel.Warning, Message = "The registry of nodes could not be told that this node ends: {Reason}")]
    private partial void LogNotWithdrawn(string reason);
}
