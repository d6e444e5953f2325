namespace GeoWps.Adapters.Http.Jobs;

/// <summary>Reads a sequence with a limit to each wait. The source is asked for its first element at once, so it runs from here on.</summary>
internal sealed class PatientReader<T> : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly IAsyncEnumerator<T> _source;
    private readonly TimeProvider _clock;
    private Task<bool> _next;

    public PatientReader(Func<CancellationToken, IAsyncEnumerable<T>> source, TimeProvider clock, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _clock = clock;
        _source = source(_stop.Token).GetAsyncEnumerator(_stop.Token);
        _next = _source.MoveNextAsync().AsTask();
    }

    public enum Reading
    {
        /// <summary>There is an element: <see cref="Current"/>.</summary>
        Element,

        /// <summary>Nothing came in time.</summary>
        Silence,

        /// <summary>Nothing will come any more.</summary>
        End,
    }

    public T? Current { get; private set; }

    public async Task<Reading> ReadAsync(TimeSpan patience)
    {
        try
        {
            // A wait on the task alone: giving up must leave the source as it is.
            if (!await _next.WaitAsync(patience, _clock, _stop.Token))
            {
                return Reading.End;
            }
        }
        catch (TimeoutException)
        {
            return Reading.Silence;
        }

        Current = _source.Current;
        _next = _source.MoveNextAsync().AsTask();
        return Reading.Element;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _source.DisposeAsync();
        _stop.Dispose();
    }
}
