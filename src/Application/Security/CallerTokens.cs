using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Security;

/// <summary>
/// Whom a token names. All tokens are read at once and kept for <see cref="Life"/>: they are few, a revoked one is refused everywhere after that time, and whoever tries
/// wrong ones makes nobody look into the store more often than each <see cref="Pause"/>.
/// </summary>
public sealed partial class CallerTokens(AdminToken administrator, ITokenStore store, TimeProvider clock, ILogger<CallerTokens> logger) : IDisposable
{
    /// <summary>How long what was read counts.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(3);

    /// <summary>After which it is looked for a token that is not known: another node may have made it.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>How exactly it is noted when a token was last used.</summary>
    public static readonly TimeSpan Coarseness = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _reading = new(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _noted = new(StringComparer.Ordinal);
    private Known? _known;

    public async ValueTask<TokenFinding> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (administrator.Is(text))
        {
            return new TokenFinding.Holder(Caller.Administrator);
        }

        if (!TokenText.IsOurs(text))
        {
            return new TokenFinding.Foreign();
        }

        var digest = TokenText.DigestOf(text);
        var token = (await KnownAsync(Life, cancellationToken)).Find(digest) ?? (await KnownAsync(Pause, cancellationToken)).Find(digest);
        var now = clock.GetUtcNow();
        if (token is null || token.Expires <= now)
        {
            return new TokenFinding.Refused(token is null ? "The token is not known; it may have been revoked." : "The token has expired.");
        }

        Note(token, now);
        return new TokenFinding.Holder(new Caller(token.Name, token.Rights));
    }

    /// <summary>What was read does not count any more: this node has changed it.</summary>
    public void Forget() => Volatile.Write(ref _known, null);

    public void Dispose() => _reading.Dispose();

    private async ValueTask<Known> KnownAsync(TimeSpan oldest, CancellationToken cancellationToken)
    {
        if (Current(oldest) is { } current)
        {
            return current;
        }

        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (Current(oldest) is { } meanwhile)
            {
                return meanwhile;
            }

            // From before the reading: what changes while it lasts is seen soon enough.
            var read = new Known(clock.GetTimestamp(), await store.ListAsync(cancellationToken));
            Volatile.Write(ref _known, read);
            return read;
        }
        finally
        {
            _reading.Release();
        }
    }

    private Known? Current(TimeSpan oldest) => Volatile.Read(ref _known) is { } known && clock.GetElapsedTime(known.At) < oldest ? known : null;

    /// <summary>Nobody waits for it.</summary>
    private void Note(StoredToken token, DateTimeOffset now)
    {
        var last = _noted.GetValueOrDefault(token.Name, token.LastUsed ?? DateTimeOffset.MinValue);
        if (now - last >= Coarseness && (_noted.TryAdd(token.Name, now) || _noted.TryUpdate(token.Name, now, last)))
        {
            _ = NoteAsync(token.Name, now);
        }
    }

    private async Task NoteAsync(string name, DateTimeOffset now)
    {
        try
        {
            await store.TouchAsync(name, now, CancellationToken.None);
        }
        catch (Exception reason)
        {
            LogNotNoted(reason, name);
        }
    }

    [LoggerMessage(EventId = 1750, Level = LogLevel.Warning, Message = "That the token {Name} was used could not be noted")]
    private partial void LogNotNoted(Exception reason, string name);

    private sealed class Known(long at, IReadOnlyList<StoredToken> tokens)
    {
        private readonly Dictionary<string, StoredToken> _byDigest = tokens.ToDictionary(token => token.Digest, StringComparer.Ordinal);

        public long At => at;

        /// <summary>The comparison takes the same time whatever is equal; where a digest lies in the table tells nothing of the token.</summary>
        public StoredToken? Find(string digest) =>
            _byDigest.TryGetValue(digest, out var token) && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(digest), Encoding.ASCII.GetBytes(token.Digest)) ? token : null;
    }
}

/// <summary>What a bearer turned out to be.</summary>
public abstract record TokenFinding
{
    private TokenFinding()
    {
    }

    public sealed record Holder(Caller Caller) : TokenFinding;

    /// <summary>One of ours that counts no more, or never did.</summary>
    /// <param name="Why">Safe to show.</param>
    public sealed record Refused(string Why) : TokenFinding;

    /// <summary>None of ours: for somebody else, or a wrong administrator's token.</summary>
    public sealed record Foreign : TokenFinding;
}
