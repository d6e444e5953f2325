using System.Net;
using System.Net.Sockets;

namespace GeoWps.Tests.Integration.Fixtures;

internal static class FreePorts
{
    /// <summary>One that nobody listens on at this moment.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
