using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Http;

/// <summary>Editions in memory, which can be told of as another node's.</summary>
internal sealed class MemoryEditions : IEditionStore
{
    private readonly Dictionary<string, Edition> _newest = new(StringComparer.Ordinal);
    private Action<string?>? _heard;
    private long _number = 1_700_000_000_000;

    /// <summary>Questions so far.</summary>
    public int Asked { get; private set; }

    public Task<long> TakeAsync(string document, string content, CancellationToken cancellationToken)
    {
        Asked++;
        if (!_newest.TryGetValue(document, out var newest) || newest.Content != content)
        {
            _newest[document] = newest = new Edition(content, ++_number);
        }

        return Task.FromResult(newest.Number);
    }

    public Task<Edition?> NewestAsync(string document, CancellationToken cancellationToken)
    {
        Asked++;
        return Task.FromResult(_newest.GetValueOrDefault(document));
    }

    public IDisposable? Listen(Action<string?> heard)
    {
        _heard = heard;
        return null;
    }

    /// <summary>Another node takes one, and tells.</summary>
    public async Task<long> TakeElsewhereAsync(string document, string content)
    {
        var number = await TakeAsync(document, content, CancellationToken.None);
        _heard?.Invoke(document);
        return number;
    }
}
