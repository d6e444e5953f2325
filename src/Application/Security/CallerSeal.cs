using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace GeoWps.Application.Security;

/// <summary>
/// What a gateway tells a node of a caller, in the header <see cref="Header"/>, sealed (HMAC-SHA256) with a key that follows from the administrator's token, which all of a
/// cluster have. A seal is for one request, method and target, and for a minute: it is of no use for another.
/// </summary>
/// <remarks>Tokens are not told in it: the caller's own <c>Authorization</c> is passed on, and the node judges it.</remarks>
public sealed class CallerSeal(AdminToken administrator, TimeProvider clock)
{
    /// <summary>A header of the inside: gateways let none pass.</summary>
    public const string Header = "X-GeoWps-Caller";

    /// <summary>Of a node's offer, for gateways alone: <see cref="NotTaken"/> when the gateway that asks seals with another key, or its clock is another.</summary>
    public const string JudgementHeader = "X-GeoWps-Seal";

    public const string NotTaken = "not-taken";

    /// <summary>How far apart the clocks of a gateway and a node may be, with the time on the way.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    private const string Version = "1";
    private const char Divider = ';';

    private readonly byte[] _key = administrator.KeyFor("geowps caller 1");

    /// <param name="target">Path, unescaped, and the query as it was sent.</param>
    /// <returns><c>1;SECONDS;ADDRESS;local|elsewhere;SEAL</c>.</returns>
    public string Write(PassedCaller caller, string method, string target)
    {
        var told = string.Create(
            CultureInfo.InvariantCulture, $"{Version}{Divider}{clock.GetUtcNow().ToUnixTimeSeconds()}{Divider}{caller.Address}{Divider}{(caller.IsLocal ? "local" : "elsewhere")}");
        return $"{told}{Divider}{Base64Url.EncodeToString(SealOf(told, method, target))}";
    }

    /// <returns><see langword="null"/> when it was sealed by nobody who has the key, not for this request, or not just now.</returns>
    public PassedCaller? Read(string text, string method, string target)
    {
        var end = text.LastIndexOf(Divider);
        if (end < 0 || text.Length > 512 || text[..end].Split(Divider) is not [Version, var seconds, var address, "local" or "elsewhere"])
        {
            return null;
        }

        var given = new byte[SHA256.HashSizeInBytes];
        return Base64Url.TryDecodeFromChars(text.AsSpan(end + 1), given, out var length) && length == given.Length
            && CryptographicOperations.FixedTimeEquals(given, SealOf(text[..end], method, target))
            && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && Math.Abs(clock.GetUtcNow().ToUnixTimeSeconds() - at) <= Tolerance.TotalSeconds
            && IPAddress.TryParse(address, out var known)
            ? new PassedCaller(known, text.AsSpan(0, end).EndsWith("local", StringComparison.Ordinal))
            : null;
    }

    // The target comes last, so that no two requests make the same text.
    private byte[] SealOf(string told, string method, string target) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{told}\n{method}\n{target}"));
}

/// <param name="Address">Of the caller, as the gateway saw it.</param>
/// <param name="IsLocal">Asked at the gateway's own machine, which nobody else can reach: <see cref="RequestOrigin.IsLocal"/>.</param>
public sealed record PassedCaller(IPAddress Address, bool IsLocal);
