using System.Collections.Frozen;
using System.Net;

namespace GeoWps.Adapters.References;

/// <summary>The hosts that an operator allows although their addresses are not public. Exact: no pattern, no resolving.</summary>
internal sealed class AllowedHosts(IEnumerable<string> entries)
{
    private readonly FrozenSet<string> _entries = entries.Select(Normalise).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public bool Contain(string host, int port)
    {
        var name = Name(host);
        return _entries.Contains(name) || _entries.Contains($"{name}:{port}");
    }

    public static bool IsValid(string entry) => Parse(entry) is not null;

    private static string Normalise(string entry) =>
        Parse(entry) is not { } parsed ? throw new ArgumentException($"'{entry}' is no host", nameof(entry))
        : parsed.Port is { } port ? $"{Name(parsed.Host)}:{port}"
        : Name(parsed.Host);

    private static (string Host, int? Port)? Parse(string entry)
    {
        // "[::1]:8080" counts as an address, too, and its port would be lost.
        if (!entry.StartsWith('[') && IPAddress.TryParse(entry, out _))
        {
            return (entry, null);
        }

        var colon = entry.EndsWith(']') ? -1 : entry.LastIndexOf(':');
        var port = 0;
        if (colon >= 0 && (!int.TryParse(entry.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out port) || port is < 1 or > 65535))
        {
            return null;
        }

        var host = colon >= 0 ? entry[..colon] : entry;
        return Uri.CheckHostName(host) is UriHostNameType.Unknown or UriHostNameType.Basic ? null : (host, colon >= 0 ? port : null);
    }

    // One spelling for each: addresses without brackets in their shortest form, names without the root's dot.
    private static string Name(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var address)
            ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
            : host.TrimEnd('.');
}
