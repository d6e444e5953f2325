using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Application.Jobs;

/// <summary>Waits for the end of one job. Watching begins with the constructor, so that an end between two steps is not missed.</summary>
internal sealed class JobWatch : IAsyncDisposable
{
    private readonly TaskCompletionSource<Job> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _pump;

    public JobWatch(IJobEvents events, JobId id) => _pump = PumpAsync(events.WatchAsync(id, _stop.Token));

    /// <summary>The job in its terminal state.</summary>
    public Task<Job> Ended => _ended.Task;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pump;
        _stop.Dispose();
    }

    private async Task PumpAsync(IAsyncEnumerable<JobEvent> happenings)
    {
        try
        {
            await foreach (var happening in happenings)
            {
                if (happening is JobEvent.Changed { Job: { State.HasEnded: true } job })
                {
                    _ended.TrySetResult(job);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody waits any more.
        }
    }
}
