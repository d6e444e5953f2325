using System.Net;

namespace GeoWps.Application.Nodes;

/// <summary>Addresses of nodes: scheme, host and port, and nothing else.</summary>
public static class NodeAddress
{
    /// <summary>Ends in a slash.</summary>
    public static bool TryParse(string text, out Uri address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address!)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
        && address.Port > 0
        && !IsWildcard(address);

    internal static Uri? Of(NodeOptions options, string? urls) => string.IsNullOrEmpty(options.Address)
        ? Listening(urls).FirstOrDefault(address => address.Port > 0 && !IsWildcard(address))
        : TryParse(options.Address, out var address) ? address : null;

    /// <summary>Where a server of these <c>urls</c> listens, wildcards included.</summary>
    internal static IEnumerable<Uri> Listening(string? urls)
    {
        foreach (var url in (urls ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // http://*:80 and http://+:80 are no addresses to anybody but the server.
            var usual = url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
            if (Uri.TryCreate(usual, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
            {
                yield return new Uri(address.GetLeftPart(UriPartial.Authority) + "/");
            }
        }
    }

    private static bool IsWildcard(Uri address) => IPAddress.TryParse(address.DnsSafeHost, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
}
