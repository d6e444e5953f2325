using System.Globalization;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Security;

/// <summary>Makes tokens, shows what is known of them, and revokes them.</summary>
public sealed partial class TokenBook(ITokenStore store, CallerTokens callers, TimeProvider clock, ILogger<TokenBook> logger)
{
    /// <summary>Tokens that there may be: all of them are kept in memory.</summary>
    public const int Most = 10_000;

    public const int MaxNameLength = 64;

    // They would be taken for somebody else.
    private static readonly string[] _taken = ["administrator", "anonymous"];

    /// <summary>What a name must be, for a message.</summary>
    public static string NameRule { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"up to {MaxNameLength} lower-case letters a-z, digits and -_.@, the first a letter or digit; not {string.Join(" or ", _taken)}");

    public static readonly TimeSpan ShortestLife = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(3660);

    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength
        && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_' or '.' or '@')
        && char.IsAsciiLetterOrDigit(name[0])
        && !_taken.Contains(name);

    /// <param name="wish">Whose name and life were judged.</param>
    /// <returns>The token, which is told this once.</returns>
    public async Task<TokenMade> AddAsync(TokenWish wish, CancellationToken cancellationToken)
    {
        if ((await store.ListAsync(cancellationToken)).Count >= Most)
        {
            return new TokenMade.TooMany();
        }

        var (text, now) = (TokenText.Make(), clock.GetUtcNow());
        var token = new StoredToken(wish.Name, TokenText.DigestOf(text), wish.Rights, now, wish.Expires, LastUsed: null);
        if (!await store.TryAddAsync(token, cancellationToken))
        {
            return new TokenMade.Exists();
        }

        callers.Forget();
        LogMade(wish.Name, string.Join(',', RightsText.Of(wish.Rights)));
        return new TokenMade.Made(token, text);
    }

    public Task<IReadOnlyList<StoredToken>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    /// <summary>This node refuses it from now on, others after <see cref="CallerTokens.Life"/>. What it has made stays its name's.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RevokeAsync(string name, CancellationToken cancellationToken)
    {
        var was = await store.RemoveAsync(name, cancellationToken);
        callers.Forget();
        if (was)
        {
            LogRevoked(name);
        }

        return was;
    }

    [LoggerMessage(EventId = 1751, Level = LogLevel.Information, Message = "Token {Name} made; it may {Rights}")]
    private partial void LogMade(string name, string rights);

    [LoggerMessage(EventId = 1752, Level = LogLevel.Information, Message = "Token {Name} revoked")]
    private partial void LogRevoked(string name);
}

/// <param name="Expires"><see langword="null"/>: never.</param>
public sealed record TokenWish(string Name, Rights Rights, DateTimeOffset? Expires);

public abstract record TokenMade
{
    private TokenMade()
    {
    }

    /// <param name="Text">The token itself.</param>
    public sealed record Made(StoredToken Token, string Text) : TokenMade;

    /// <summary>The name is taken.</summary>
    public sealed record Exists : TokenMade;

    /// <summary>There are <see cref="TokenBook.Most"/>.</summary>
    public sealed record TooMany : TokenMade;
}
