namespace GeoWps.Application.Tiles.Caching;

/// <summary>Those who are storing tiles of a layer. Who empties it waits for those that began before, and for nobody else.</summary>
internal sealed class PutPhase
{
    private const int Closed = 1 << 30;

    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    /// <returns><see langword="false"/> when the next phase has begun.</returns>
    public bool TryEnter()
    {
        if ((Interlocked.Increment(ref _state) & Closed) == 0)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _state) == Closed)
        {
            _empty.TrySetResult();
        }
    }

    /// <summary>Lets nobody in any more.</summary>
    /// <returns>Ends with the last of those inside. To be called once.</returns>
    public Task CloseAsync()
    {
        if (Interlocked.Add(ref _state, Closed) == Closed)
        {
            _empty.TrySetResult();
        }

        return _empty.Task;
    }
}
