using System.Net;
using System.Net.Sockets;

namespace GeoWps.Adapters.References;

/// <summary>Thrown before a connection is made: the name is unknown, or none of its addresses may be reached.</summary>
internal sealed class UnreachableHostException : IOException;

/// <summary>
/// Makes connections. It resolves the name itself and connects to the very addresses that it judged: a name that answers differently the second
/// time (DNS rebinding) gains nothing.
/// </summary>
internal sealed class GuardedConnector(AllowedHosts allowedHosts, Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeProvider clock)
{
    private static readonly TimeSpan _connectTime = TimeSpan.FromSeconds(5);

    public SocketsHttpHandler CreateHandler() => new()
    {
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, cancellationToken),
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = _connectTime,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        UseCookies = false,
        UseProxy = false,
        Credentials = null,
        // Our traces are nobody else's business.
        ActivityHeadersPropagator = null,
    };

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        var addresses = await AddressesAsync(target, cancellationToken);
        for (var i = 0; ; i++)
        {
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                // An address that does not answer leaves time for the others.
                using var share = new CancellationTokenSource(_connectTime / addresses.Length, clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(share.Token, cancellationToken);
                await socket.ConnectAsync(new IPEndPoint(addresses[i], target.Port), either.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException && i + 1 < addresses.Length && !cancellationToken.IsCancellationRequested)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <returns>At least one: those of a host that may be reached.</returns>
    /// <exception cref="UnreachableHostException">There is none.</exception>
    public async Task<IPAddress[]> AddressesAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        IPAddress[] all;
        try
        {
            all = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await resolve(target.Host, cancellationToken);
        }
        catch (SocketException)
        {
            throw new UnreachableHostException();
        }

        var reachable = allowedHosts.Contain(target.Host, target.Port) ? all : Array.FindAll(all, PublicAddress.Is);
        return reachable.Length > 0 ? reachable : throw new UnreachableHostException();
    }
}
