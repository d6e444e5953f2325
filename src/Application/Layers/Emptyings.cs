using System.Collections.Concurrent;

namespace GeoWps.Application.Layers;

/// <summary>
/// Changes after which this process empties the cache itself. The message that says the same usually comes to this process, and finds it done: tiles that were made
/// meanwhile are right, and stay.
/// </summary>
internal sealed class Emptyings
{
    /// <summary>With more, messages about earlier ones empty once more.</summary>
    private const int Most = 1000;

    private readonly ConcurrentDictionary<string, TaskCompletionSource<bool>> _known = new(StringComparer.Ordinal);

    public Emptying Begin()
    {
        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        var emptying = new Emptying();
        _known[emptying.Change] = emptying.Ended;
        return emptying;
    }

    /// <summary>Waits for it, where it is this process's.</summary>
    /// <returns>Whether it was done.</returns>
    public async Task<bool> IsDoneAsync(string change, CancellationToken cancellationToken)
    {
        if (!_known.TryGetValue(change, out var known))
        {
            return false;
        }

        var isDone = await known.Task.WaitAsync(cancellationToken);
        _known.TryRemove(change, out _);
        return isDone;
    }
}

/// <summary>One of them, from before the change is stored on. What is disposed of before it was done was not done.</summary>
internal sealed class Emptying : IDisposable
{
    public string Change { get; } = Guid.NewGuid().ToString("N");

    public TaskCompletionSource<bool> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Done() => Ended.TrySetResult(true);

    public void Dispose() => Ended.TrySetResult(false);
}
