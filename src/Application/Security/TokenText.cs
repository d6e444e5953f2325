using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace GeoWps.Application.Security;

/// <summary>The text of a token: <c>gwp_</c> and 32 random bytes as base64url, so that people and scanners know one when they see it.</summary>
public static class TokenText
{
    public const string Prefix = "gwp_";

    private const int Bytes = 32;

    public static string Make() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether it is meant to be one. Another bearer may be for somebody before us, a proxy, and is not ours to judge.</summary>
    public static bool IsOurs(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <returns>SHA-256, hexadecimal: all that is kept of it. The text is random, so that a plain digest can't be turned back.</returns>
    public static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
