using System.Net;

namespace GeoWps.Application.Security;

/// <summary>Where a request comes from, as far as its connection and its head tell.</summary>
/// <param name="Remote">The other end; behind a proxy that is believed, whom that names.</param>
/// <param name="Host">As the caller wrote it, with the port.</param>
/// <param name="Page">The origin of the page that asks, where a browser tells one.</param>
/// <param name="WasForwarded">It says that somebody passed it on, believed or not.</param>
public readonly record struct RequestOrigin(IPAddress? Remote, string Host, string? Page, bool WasForwarded)
{
    /// <summary>
    /// Whether somebody at this machine asks, on purpose: over loopback, passed on by nobody, under a name of loopback (a page whose own name leads here is somebody
    /// else's), and not from a page of another origin (browsers let those send what they like).
    /// </summary>
    public bool IsLocal => !WasForwarded && Remote is { } remote && IPAddress.IsLoopback(remote) && IsLoopback(NameOf(Host))
        && (Page is null || (Uri.TryCreate(Page, UriKind.Absolute, out var page) && page.Authority.Equals(Host, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether nobody elsewhere can reach a server with this address (<c>http://127.0.0.1:8080</c>).</summary>
    public static bool IsLoopbackAddress(string address)
    {
        // Wildcards are no addresses: http://*:8080.
        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        return IsLoopback(NameOf(scheme < 0 ? address : address[(scheme + 3)..]));
    }

    /// <summary>Names of headers in which whoever passes a request on says so.</summary>
    public static bool IsOfForwarding(string header) =>
        header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
        || header.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
        || header.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Via", StringComparison.OrdinalIgnoreCase);

    /// <summary>Of <c>[::1]:8080/</c> or <c>localhost:8080</c>: without the port.</summary>
    private static string NameOf(string host)
    {
        var end = host.StartsWith('[') ? host.IndexOf(']', StringComparison.Ordinal) + 1 : host.AsSpan().IndexOfAny(':', '/');
        return end > 0 ? host[..end] : host;
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
