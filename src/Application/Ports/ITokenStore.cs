using GeoWps.Application.Security;

namespace GeoWps.Application.Ports;

/// <summary>Keeps the tokens of those who may do more than anybody. Only digests of them are stored. Every implementation passes <c>TokenStoreContract</c>.</summary>
public interface ITokenStore
{
    /// <returns><see langword="false"/> when the name is taken.</returns>
    Task<bool> TryAddAsync(StoredToken token, CancellationToken cancellationToken);

    /// <returns>The token with this digest, expired or not; <see langword="null"/> when there is none.</returns>
    ValueTask<StoredToken?> FindAsync(string digest, CancellationToken cancellationToken);

    /// <summary>By name (ordinal).</summary>
    Task<IReadOnlyList<StoredToken>> ListAsync(CancellationToken cancellationToken);

    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string name, CancellationToken cancellationToken);

    /// <summary>Notes that it was shown; not more often than it pays.</summary>
    Task TouchAsync(string name, DateTimeOffset at, CancellationToken cancellationToken);
}

/// <param name="Name">Who it is: the owner of what is made with it.</param>
/// <param name="Digest">SHA-256 of the token, hexadecimal.</param>
public sealed record StoredToken(string Name, string Digest, Rights Rights, DateTimeOffset Created, DateTimeOffset? Expires, DateTimeOffset? LastUsed);
