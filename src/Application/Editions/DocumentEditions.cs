using System.Collections.Concurrent;
using GeoWps.Application.Ports;

namespace GeoWps.Application.Editions;

/// <summary>
/// Numbers of documents that every node makes by itself, and alike: one for all nodes, also after their restarts, which grows when the content changes and only then. A node
/// that has not seen yet what another one has keeps the number of what it has, so that nobody takes its answer for the new one.
/// </summary>
public sealed class DocumentEditions : IDisposable
{
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly IEditionStore _store;
    private readonly IDisposable? _listening;

    public DocumentEditions(IEditionStore store)
    {
        _store = store;
        _listening = store.Listen(Hear);
    }

    /// <summary>Completes at once for what is known.</summary>
    /// <inheritdoc cref="IEditionStore.TakeAsync"/>
    public ValueTask<long> OfAsync(string document, string content, CancellationToken cancellationToken) =>
        _known.TryGetValue(document, out var known) && known.Edition.Content == content && !known.IsDoubtful ? new(known.Edition.Number) : AskAsync(document, content, known, cancellationToken);

    /// <summary>Whether some node has made an edition with this number or a higher one.</summary>
    public async ValueTask<bool> HasReachedAsync(string document, long number, CancellationToken cancellationToken) =>
        await _store.NewestAsync(document, cancellationToken) is { } newest && number <= newest.Number;

    public void Dispose() => _listening?.Dispose();

    private async ValueTask<long> AskAsync(string document, string content, Known? known, CancellationToken cancellationToken)
    {
        if (known is { IsDoubtful: true } && known.Edition.Content == content)
        {
            // Another node made a new one: of what this node has not seen yet, or of what it has all the time.
            var newest = await _store.NewestAsync(document, cancellationToken);
            var number = newest?.Content == content ? newest.Number : known.Edition.Number;
            _known.TryUpdate(document, new Known(new Edition(content, number), false), known);
            return number;
        }

        var taken = await _store.TakeAsync(document, content, cancellationToken);
        if (known is null)
        {
            _known.TryAdd(document, new Known(new Edition(content, taken), false));
        }
        else
        {
            // Not over what was heard meanwhile: it is asked for again.
            _known.TryUpdate(document, new Known(new Edition(content, taken), false), known);
        }

        return taken;
    }

    private void Hear(string? document)
    {
        foreach (var (name, known) in _known)
        {
            if (document is null || document == name)
            {
                _known.TryUpdate(name, known with { IsDoubtful = true }, known);
            }
        }
    }

    /// <param name="IsDoubtful">The newest one may be another's.</param>
    private sealed record Known(Edition Edition, bool IsDoubtful);
}
