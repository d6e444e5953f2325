using GeoWps.Application.Security;

namespace GeoWps.Application.Ports;

/// <summary>Keeps the tokens of those who may do more than anybody. Only digests of them are stored. Every implementation passes <c>TokenStoreContract</c>.</summary>
/// <remarks>They are read all at once (<see cref="CallerTokens"/>), so that nobody is asked for a single one.</remarks>
public interface ITokenStore
{
    /// <returns><see langword="false"/> when the name is taken.</returns>
    Task<bool> TryAddAsync(StoredToken token, CancellationToken cancellationToken);

    /// <summary>By name (ordinal), expired ones, too.</summary>
    Task<IReadOnlyList<StoredToken>> ListAsync(CancellationToken cancellationToken);

    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string name, CancellationToken cancellationToken);

    /// <summary>Notes that it was shown, unless that is known of a later time. Nothing happens when there is no such token.</summary>
    Task TouchAsync(string name, DateTimeOffset at, CancellationToken cancellationToken);
}

/// <summary>Times are kept to the millisecond.</summary>
/// <param name="Name">Who it is: the owner of what is made with it.</param>
/// <param name="Digest">SHA-256 of the token, hexadecimal.</param>
/// <param name="Expires"><see langword="null"/>: never.</param>
/// <param name="LastUsed">As of a minute or so; <see langword="null"/>: never.</param>
public sealed record StoredToken(string Name, string Digest, Rights Rights, DateTimeOffset Created, DateTimeOffset? Expires, DateTimeOffset? LastUsed);
