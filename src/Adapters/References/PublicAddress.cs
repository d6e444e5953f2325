using System.Net;
using System.Net.Sockets;

namespace GeoWps.Adapters.References;

/// <summary>Tells addresses of the public Internet from those that mean something only where we stand: IANA's special-purpose registries.</summary>
internal static class PublicAddress
{
    /// <summary>IPv6: the only block that IANA has given out for global unicast. What lies outside is special, or will be.</summary>
    private static readonly IPNetwork _globalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] _special =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this host, unspecified
        IPNetwork.Parse("10.0.0.0/8"), // private
        IPNetwork.Parse("100.64.0.0/10"), // carrier-grade NAT
        IPNetwork.Parse("127.0.0.0/8"), // loopback
        IPNetwork.Parse("169.254.0.0/16"), // link-local; the metadata of clouds
        IPNetwork.Parse("172.16.0.0/12"), // private
        IPNetwork.Parse("192.0.0.0/24"), // protocol assignments
        IPNetwork.Parse("192.0.2.0/24"), // documentation
        IPNetwork.Parse("192.88.99.0/24"), // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"), // private
        IPNetwork.Parse("198.18.0.0/15"), // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"), // documentation
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, broadcast
        IPNetwork.Parse("2001::/23"), // protocol assignments, Teredo, ORCHID
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("2002::/16"), // 6to4: holds an IPv4 address
        IPNetwork.Parse("3fff::/20"), // documentation
    ];

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !Array.Exists(_special, network => network.Contains(address)),
            AddressFamily.InterNetworkV6 => _globalUnicast.Contains(address) && !Array.Exists(_special, network => network.Contains(address)),
            _ => false,
        };
    }
}
