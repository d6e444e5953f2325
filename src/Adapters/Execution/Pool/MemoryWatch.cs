namespace GeoWps.Adapters.Execution.Pool;

/// <summary>Looks four times a second what a worker and its tools take beyond what the worker had before the run.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _exceeded = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    private MemoryWatch(int? process, long maxBytes, TimeProvider clock) =>
        _watching = process is { } id ? WatchAsync(id, maxBytes, clock) : Task.CompletedTask;

    /// <summary>Cancelled when it is too much.</summary>
    public CancellationToken Exceeded => _exceeded.Token;

    public static MemoryWatch Start(int? process, int maxMegabytes, TimeProvider clock) => new(process, maxMegabytes * 1024L * 1024L, clock);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
        _exceeded.Dispose();
    }

    private async Task WatchAsync(int process, long maxBytes, TimeProvider clock)
    {
        try
        {
            var before = ProcessSignals.ResidentBytes(process);
            while (true)
            {
                await Task.Delay(Pause, clock, _stop.Token);
                if (ProcessSignals.Tree(process).Sum(ProcessSignals.ResidentBytes) - before > maxBytes)
                {
                    await _exceeded.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }
}
