namespace GeoWps.Application.Jobs;

/// <summary>Why a running attempt is stopped before its end.</summary>
public enum StopReason
{
    /// <summary>It goes on.</summary>
    None,

    /// <summary>Its caller wishes so; the row says dismissed already.</summary>
    Dismissed,

    /// <summary>The node stops; the job goes back into the queue.</summary>
    Draining,

    /// <summary>The row is not this worker's any more.</summary>
    NotOurs,
}

/// <summary>An attempt that this node is working on.</summary>
public sealed class Held : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private int _reason;

    public CancellationToken Stop => _stop.Token;

    /// <summary>The first reason given counts.</summary>
    public StopReason Reason => (StopReason)Volatile.Read(ref _reason);

    public Task Run { get; set; } = Task.CompletedTask;

    public void Cancel(StopReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, (int)StopReason.None) == (int)StopReason.None)
        {
            try
            {
                _stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended in the same moment.
            }
        }
    }

    public void Dispose() => _stop.Dispose();
}
