using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Transport;

/// <summary>
/// Listens for Kestrel as its own transport does, and reads and writes by <see cref="EpollLoop"/>: a tile hit costs no change of threads and no more than one read and
/// one write of the system. Nothing else of the process changes: the sockets of databases and other servers stay the framework's.
/// </summary>
internal sealed class EpollTransport(IMemoryPoolFactory<byte> memory, IOptions<HttpOptions> options, ILogger<EpollTransport> logger) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => Epoll.IsSupported && endpoint is IPEndPoint && options.Value.Transport != HttpTransport.Sockets;

    /// <exception cref="AddressInUseException">Somebody listens there.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        return ValueTask.FromResult<IConnectionListener>(new EpollListener(socket, memory.Create(new MemoryPoolOptions { Owner = "http" }), options.Value.ThreadsForSockets, logger));
    }
}

/// <summary>A socket that listens, and the threads for what it accepts.</summary>
internal sealed class EpollListener : IConnectionListener
{
    private const int Backlog = 512;

    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly MemoryPool<byte> _memory;
    private readonly EpollLoop[] _loops;
    private long _accepted;

    public EpollListener(Socket socket, MemoryPool<byte> memory, int loops, ILogger logger)
    {
        (_socket, _memory) = (socket, memory);
        EndPoint = socket.LocalEndPoint!;
        _socket.Listen(Backlog);
        _loops = [.. Enumerable.Range(0, loops).Select(number => new EpollLoop(number, logger))];
    }

    public EndPoint EndPoint { get; }

    /// <returns><see langword="null"/> once nobody listens any more.</returns>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Socket? accepted = null;
            try
            {
                accepted = await _socket.AcceptAsync(cancellationToken);
                accepted.Blocking = false;
                accepted.NoDelay = true;
                var loop = _loops[_accepted++ % _loops.Length];
                var connection = new EpollConnection(string.Create(CultureInfo.InvariantCulture, $"{EndPoint} {_accepted}"), accepted, _memory, loop);
                loop.Add(connection, (int)accepted.Handle);
                return connection;
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.OperationAborted)
            {
                return null;
            }
            catch (SocketException error)
            {
                // A peer that left before it was accepted, or nothing is left for it to be held with: the next one may fare better.
                accepted?.Dispose();
                if (error.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
                {
                    await Task.Delay(_patience, CancellationToken.None);
                }
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        foreach (var loop in _loops)
        {
            loop.Dispose();
        }

        _memory.Dispose();
        return ValueTask.CompletedTask;
    }
}
