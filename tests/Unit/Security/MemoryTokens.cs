using System.Collections.Concurrent;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Security;

/// <summary>Tokens in memory, for hosts of tests.</summary>
internal sealed class MemoryTokens : ITokenStore
{
    private readonly ConcurrentDictionary<string, StoredToken> _tokens = new(StringComparer.Ordinal);

    /// <summary>How often all of them were read.</summary>
    public int Readings { get; private set; }

    /// <summary>How often a use was noted.</summary>
    public int Touches { get; private set; }

    public Task<bool> TryAddAsync(StoredToken token, CancellationToken cancellationToken) => Task.FromResult(_tokens.TryAdd(token.Name, token));

    public Task<IReadOnlyList<StoredToken>> ListAsync(CancellationToken cancellationToken)
    {
        Readings++;
        return Task.FromResult<IReadOnlyList<StoredToken>>([.. _tokens.Values.OrderBy(token => token.Name, StringComparer.Ordinal)]);
    }

    public Task<bool> RemoveAsync(string name, CancellationToken cancellationToken) => Task.FromResult(_tokens.TryRemove(name, out _));

    public Task TouchAsync(string name, DateTimeOffset at, CancellationToken cancellationToken)
    {
        Touches++;
        if (_tokens.TryGetValue(name, out var token) && (token.LastUsed is null || token.LastUsed < at))
        {
            _tokens.TryUpdate(name, token with { LastUsed = at }, token);
        }

        return Task.CompletedTask;
    }
}
