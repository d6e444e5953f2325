using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>How many documents of sources are open at once: each is a connection of its own, and a source that hangs has no more of the room than is one source's.</summary>
public sealed class DocumentRoom(IOptions<HarvestingOptions> options, TimeProvider clock)
{
    /// <summary>Short documents make room by themselves.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _all = new(options.Value.MaxDocuments);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _ofSources = new(StringComparer.Ordinal);

    /// <summary>Waits a moment for room.</summary>
    /// <returns>Gives the room back; <see langword="null"/>: there was none.</returns>
    public async Task<IDisposable?> TryEnterAsync(string source, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var ofSource = _ofSources.GetOrAdd(source, _ => new SemaphoreSlim(options.Value.MaxDocumentsPerSource));
        SemaphoreSlim? entered = null;
        try
        {
            // That of the source first: who waits for a source that is full takes nobody else's room.
            await ofSource.WaitAsync(either.Token);
            entered = ofSource;
            await _all.WaitAsync(either.Token);
            entered = null;
            return new Place(_all, ofSource);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            entered?.Release();
        }
    }

    private sealed class Place(SemaphoreSlim all, SemaphoreSlim ofSource) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
            {
                all.Release();
                ofSource.Release();
            }
        }
    }
}
