using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Http.Transport;

/// <summary>One thread that waits for its connections and does at once what is ready. Whatever blocks it blocks all of them.</summary>
internal sealed partial class EpollLoop : IDisposable
{
    private const int MostAtOnce = 64;
    private const long StopId = 0;

    /// <summary>How the names of such threads begin.</summary>
    public const string Name = "sockets";

    private readonly ConcurrentDictionary<long, EpollConnection> _connections = new();
    private readonly int _epoll = Epoll.Create();
    private readonly Socket _stopping = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Thread _thread;
    private readonly ILogger _logger;
    private long _lastId;

    public EpollLoop(int number, ILogger logger)
    {
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = $"{Name} {number}" };
        _thread.Start();
    }

    /// <summary>Whether the calling thread is this one.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>From now on the connection is told what is ready, and once about what is ready now.</summary>
    /// <exception cref="SocketException">The system has no room for it.</exception>
    public void Add(EpollConnection connection, int socket)
    {
        var id = Interlocked.Increment(ref _lastId);
        connection.Removal = () => _connections.TryRemove(id, out _);
        _connections[id] = connection;
        try
        {
            Epoll.Watch(_epoll, socket, Epoll.Readable | Epoll.Writable | Epoll.PeerHungUp | Epoll.EdgeTriggered, id);
        }
        catch (SocketException)
        {
            connection.Removal();
            throw;
        }
    }

    /// <summary>When no connection is left.</summary>
    public void Dispose()
    {
        // A datagram could always be sent: the thread is told so at once, and ends.
        Epoll.Watch(_epoll, (int)_stopping.Handle, Epoll.Readable | Epoll.Writable, StopId);
        _thread.Join();
        Epoll.Close(_epoll);
        _stopping.Dispose();
    }

    /// <summary>What nobody expected costs the connection that it came upon, and no other.</summary>
    public void GiveUp(EpollConnection connection, Exception error)
    {
        LogFailed(error, connection.ConnectionId);
        connection.Abort(new ConnectionAbortedException(error.Message, error));
    }

    private void Run()
    {
        var ready = new (uint Events, long Id)[MostAtOnce];
        while (true)
        {
            var count = Epoll.Wait(_epoll, ready);
            for (var i = 0; i < count; i++)
            {
                if (ready[i].Id == StopId)
                {
                    return;
                }

                // What was closed meanwhile is not there any more.
                if (_connections.TryGetValue(ready[i].Id, out var connection))
                {
                    Tell(connection, ready[i].Events);
                }
            }

            if (count < 0)
            {
                return;
            }
        }
    }

    private void Tell(EpollConnection connection, uint events)
    {
        try
        {
            connection.OnReady(events);
        }
        catch (Exception error)
        {
            // It must not cost the other connections their thread.
            GiveUp(connection, error);
        }
    }

    [LoggerMessage(EventId = 4130, Level = LogLevel.Error, Message = "Connection {Connection} is given up: reading from it or writing to it failed")]
    private partial void LogFailed(Exception error, string connection);
}
