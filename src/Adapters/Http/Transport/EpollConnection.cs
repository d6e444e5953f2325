using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace GeoWps.Adapters.Http.Transport;

/// <summary>
/// A connection whose bytes go from and to its socket on the thread that finds them: a request is parsed, and a tile hit answered, on the thread of the
/// <see cref="EpollLoop"/>; what an endpoint writes is sent on the endpoint's thread.
/// </summary>
internal sealed class EpollConnection : DefaultConnectionContext, IMemoryPoolFeature
{
    private const int LeastToRead = 2048;
    private const int MostUntold = 1 << 16;
    private const long MostUnread = 1 << 20;

    private readonly Socket _socket;
    private readonly int _handle;
    private readonly SocketWriter _output;
    private readonly PipeWriter _input;
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closed = new();
    private readonly Action _readOn;
    private ValueTask<FlushResult> _flush;
    private int _reading = Reading.Idle;
    private volatile bool _hungUp;
    private int _shut;
    private volatile Exception? _reason;

    /// <param name="id">Of its own, for logs.</param>
    /// <param name="socket">Accepted; it becomes the connection's own.</param>
    /// <param name="loop">That will tell it what is ready.</param>
    public EpollConnection(string id, Socket socket, MemoryPool<byte> memory, EpollLoop loop)
        : base(id)
    {
        (_socket, MemoryPool, _handle) = (socket, memory, (int)socket.Handle);
        (LocalEndPoint, RemoteEndPoint) = (socket.LocalEndPoint, socket.RemoteEndPoint);
        ConnectionClosed = _closed.Token;
        _readOn = () => ReadOn(_flush.GetAwaiter().GetResult());
        _output = new SocketWriter(_handle, memory, EndSending, error => loop.GiveUp(this, error));
        var handover = new Handover(loop);
        var input = new Pipe(new PipeOptions(memory, handover, PipeScheduler.Inline, MostUnread, MostUnread / 2, useSynchronizationContext: false));
        _input = input.Writer;
        Transport = new Duplex(input.Reader, _output);
        Features.Set<IMemoryPoolFeature>(this);
        Features.Set<IHandover>(handover);
        Features.Set<IDirectContent>(_output);
    }

    public MemoryPool<byte> MemoryPool { get; }

    /// <summary>Takes it off its loop.</summary>
    public Action? Removal { get; set; }

    /// <summary>On the thread of the loop.</summary>
    public void OnReady(uint events)
    {
        if ((events & (Epoll.Writable | Epoll.Failed | Epoll.HungUp)) != 0)
        {
            _output.OnWritable();
        }

        if ((events & (Epoll.Failed | Epoll.HungUp | Epoll.PeerHungUp)) != 0)
        {
            _hungUp = true;
        }
        else if ((events & Epoll.Readable) == 0)
        {
            return;
        }

        if (Reading.Begins(ref _reading))
        {
            Read();
        }
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        Shut(abortReason);
        ThreadPool.UnsafeQueueUserWorkItem(connection => connection._input.CancelPendingFlush(), this, preferLocal: false);
    }

    public override async ValueTask DisposeAsync()
    {
        await Transport.Input.CompleteAsync();
        await Transport.Output.CompleteAsync();
        await _sent.Task;
        await _received.Task;
        Removal?.Invoke();
        _socket.Dispose();
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private void Read()
    {
        var untold = 0;
        while (true)
        {
            var into = _input.GetMemory(LeastToRead);
            var read = Epoll.Read(_handle, into.Span);
            if (read > 0)
            {
                _input.Advance(read);
                untold += read;
            }
            else if (read != Epoll.NotNow)
            {
                EndReading(read == 0 ? null : new ConnectionResetException(new SocketException(-read).Message));
                return;
            }

            // Less than there was room for: what comes later is told again, but the end that came already is not.
            var all = read == Epoll.NotNow || (read < into.Length && !_hungUp);
            if (untold > (all ? 0 : MostUntold))
            {
                untold = 0;
                _flush = _input.FlushAsync();
                if (!_flush.IsCompletedSuccessfully)
                {
                    // Nothing more is read until somebody wants it.
                    _flush.GetAwaiter().UnsafeOnCompleted(_readOn);
                    return;
                }

                if (_flush.Result is { IsCompleted: true } or { IsCanceled: true })
                {
                    EndReading(null);
                    return;
                }
            }

            if (all && Reading.Ends(ref _reading))
            {
                return;
            }
        }
    }

    private void ReadOn(FlushResult flushed)
    {
        if (flushed is { IsCompleted: true } or { IsCanceled: true })
        {
            EndReading(null);
        }
        else
        {
            Read();
        }
    }

    // Nobody begins to read any more: the state stays as it is.
    private void EndReading(Exception? reason)
    {
        _input.Complete(_reason ?? reason);
        ThreadPool.UnsafeQueueUserWorkItem(
            connection =>
            {
                connection._closed.Cancel();
                connection._received.TrySetResult();
            },
            this,
            preferLocal: false);
    }

    private void EndSending(Exception? reason)
    {
        Shut(reason);
        ThreadPool.UnsafeQueueUserWorkItem(connection => connection._input.CancelPendingFlush(), this, preferLocal: false);
        _sent.TrySetResult();
    }

    // The descriptor stays until the connection is disposed of: nobody may read from what got its number. The loop hears of the end.
    private void Shut(Exception? reason)
    {
        _reason ??= reason;
        if (Interlocked.Exchange(ref _shut, 1) == 0)
        {
            try
            {
                _socket.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // The peer was first.
            }
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
