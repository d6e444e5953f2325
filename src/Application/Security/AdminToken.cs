using System.Security.Cryptography;
using System.Text;

namespace GeoWps.Application.Security;

/// <summary>The bearer token of whoever administers this server. Only its digest is kept, so that nothing can show or log it.</summary>
public sealed class AdminToken
{
    /// <summary>Visible ASCII characters that a token must have at least.</summary>
    public const int MinLength = 16;

    private readonly byte[] _digest;

    /// <param name="text">See <see cref="IsPossible"/>.</param>
    public AdminToken(string text) => _digest = DigestOf(text);

    /// <summary>Long enough not to be guessed, and writable in a header (RFC 6750, <c>b64token</c>).</summary>
    public static bool IsPossible(string text) =>
        text.Length >= MinLength && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '~' or '+' or '/' or '=');

    /// <returns>32 random bytes as base64url.</returns>
    public static string Make() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>Takes the same time whatever <paramref name="text"/> begins with, and tells nothing of the token's length.</summary>
    public bool Is(string text) => CryptographicOperations.FixedTimeEquals(_digest, DigestOf(text));

    /// <summary>32 bytes that whoever has the token can make, and nobody from them the token: HKDF, RFC 5869.</summary>
    /// <param name="purpose">Each has a key of its own.</param>
    public byte[] KeyFor(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _digest, 32, info: Encoding.UTF8.GetBytes(purpose));

    private static byte[] DigestOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
