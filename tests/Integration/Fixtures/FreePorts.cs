using System.Net;
using System.Net.Sockets;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>
/// Ports for servers that are told theirs, and come back on it after a stop. They lie below those that systems give to whoever calls out (32768 and more on Linux): one of these could be
/// a caller's when the server that it was meant for binds it.
/// </summary>
internal static class FreePorts
{
    private const int First = 20_000;
    private const int Count = 12_000;

    // Each is given once by this process; others, which begin elsewhere, are seen by who listens.
    private static int _last = Random.Shared.Next(Count);

    /// <summary>One that nobody listens on at this moment.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody does: the next one.
            }
        }
    }
}
