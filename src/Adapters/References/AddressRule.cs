using System.Net;

namespace GeoWps.Adapters.References;

/// <summary>What may be asked for, by the form and the host of its address alone.</summary>
internal sealed class AddressRule(AllowedHosts allowedHosts)
{
    private const int MaxLength = 8192;

    /// <returns>Why the address is refused, or <see langword="null"/>.</returns>
    public string? TryParse(string href, out Uri? address)
    {
        if (href.Length > MaxLength || !Uri.TryCreate(href, UriKind.Absolute, out address))
        {
            address = null;
            return "the reference is no absolute address";
        }

        return address switch
        {
            { Scheme: not ("http" or "https") } => "only http and https references are fetched",
            { UserInfo.Length: > 0 } => "a reference must not hold a user name or a password",
            { Port: < 1 } or { IdnHost.Length: 0 } => "the reference names no host and port that can be reached",
            _ when IsSpecial(address) => Unreachable(address),
            _ => null,
        };
    }

    // The same words for an unknown name and for one inside our network: nobody learns here which names exist.
    public static string Unreachable(Uri address) => $"{address.Host} is unknown, or not at a public address";

    private bool IsSpecial(Uri address) =>
        !allowedHosts.Contain(address.IdnHost, address.Port)
        && (address.IsLoopback || (IPAddress.TryParse(address.IdnHost, out var ip) && !PublicAddress.Is(ip)));
}
