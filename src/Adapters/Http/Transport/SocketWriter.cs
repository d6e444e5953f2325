using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using Microsoft.Win32.SafeHandles;

namespace GeoWps.Adapters.Http.Transport;

/// <summary>
/// Writes to a socket on the thread that flushes. What the socket has no room for is kept and sent when it has, on the thread of the loop; who has flushed more than
/// <see cref="MostUnsent"/> waits for that.
/// </summary>
/// <param name="ended">Nothing more is to come and all is sent, or can't be.</param>
/// <param name="failed">Nothing more can be sent, and nobody who waits is told why: the connection is to be given up, which ends it.</param>
internal sealed class SocketWriter(int socket, MemoryPool<byte> memory, Action<Exception?> ended, Action<Exception> failed) : PipeWriter, IDirectContent, IValueTaskSource<FlushResult>
{
    private const int MostUnsent = 1 << 16;
    private const int MostPieces = 16;

    private static readonly byte[] _nowhere = GC.AllocateUninitializedArray<byte>(DirectContent.Most);

    // Who writes: one at a time. Who sends: under the lock.
    private readonly Lock _sending = new();
    private readonly List<Segment> _unsent = [];
    private readonly List<Segment> _unflushed = [];
    private IMemoryOwner<byte>? _block;
    private int _written;
    private long _unflushedBytes;
    private long _unsentBytes;
    private Segment _direct;
    private ManualResetValueTaskSourceCore<FlushResult> _flush = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private bool _isWaiting;
    private bool _isCanceled;
    private bool _isCompleted;
    private bool _isBroken;
    private bool _hasEnded;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_direct.Length > 0)
        {
            // Nobody writes there: Advance puts the content in its place.
            return _nowhere;
        }

        if (_block is not null && _block.Memory.Length - _written < Math.Max(sizeHint, 1))
        {
            Seal();
        }

        _block ??= sizeHint <= memory.MaxBufferSize ? memory.Rent(sizeHint <= 0 ? -1 : sizeHint) : MemoryPool<byte>.Shared.Rent(sizeHint);
        return _block.Memory[_written..];
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (_direct.Length > 0)
        {
            Seal();
            _unflushed.Add(_direct);
            _direct = default;
        }
        else
        {
            _written += bytes;
        }

        _unflushedBytes += bytes;
    }

    public void Write(PipeWriter body, ReadOnlyMemory<byte> content)
    {
        if (content.Length is 0 or > DirectContent.Most || !TryPlace(body, new Segment(content)))
        {
            body.Write(content.Span);
        }
    }

    public bool TryWrite(PipeWriter body, SafeFileHandle file, long offset, int length)
    {
        // It is held until it is sent, whoever closes it.
        var isHeld = false;
        file.DangerousAddRef(ref isHeld);
        return TryPlace(body, new Segment(file, offset, length));
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Seal();
        lock (_sending)
        {
            Take();
            SendUnsent();
            if (_isCanceled)
            {
                _isCanceled = false;
                return ValueTask.FromResult(new FlushResult(isCanceled: true, _isBroken));
            }

            if (_isBroken || _unsentBytes <= MostUnsent)
            {
                return ValueTask.FromResult(new FlushResult(isCanceled: false, _isBroken));
            }

            _flush.Reset();
            _isWaiting = true;
            _cancellation = cancellationToken.UnsafeRegister(static (writer, token) => ((SocketWriter)writer!).CancelFlush(token), this);
            return new ValueTask<FlushResult>(this, _flush.Version);
        }
    }

    public override void CancelPendingFlush()
    {
        lock (_sending)
        {
            if (_isWaiting)
            {
                EndWaiting(isCanceled: true);
            }
            else
            {
                _isCanceled = true;
            }
        }
    }

    /// <summary>Nothing more is to come; what is there is still sent.</summary>
    public override void Complete(Exception? exception = null)
    {
        Seal();
        lock (_sending)
        {
            Take();
            SendUnsent();
            _isCompleted = true;
            EndWhenDone(null);
        }
    }

    /// <summary>There may be room again, or the connection is gone.</summary>
    public void OnWritable()
    {
        lock (_sending)
        {
            if (_unsent.Exists(static segment => segment.File is not null))
            {
                ThreadPool.UnsafeQueueUserWorkItem(static writer => writer.SendOnOrFail(), this, preferLocal: false);
                return;
            }
        }

        SendOn();
    }

    // Nobody else sees what happens on the pool, and it would end the process.
    private void SendOnOrFail()
    {
        try
        {
            SendOn();
        }
        catch (Exception error)
        {
            lock (_sending)
            {
                _isBroken = true;
            }

            failed(error);
        }
    }

    private void SendOn()
    {
        lock (_sending)
        {
            if (_unsent.Count == 0)
            {
                return;
            }

            SendUnsent();
            if (_isWaiting && (_isBroken || _unsentBytes <= MostUnsent / 2))
            {
                EndWaiting(isCanceled: false);
            }

            EndWhenDone(null);
        }
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        _cancellation.Dispose();
        return _flush.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _flush.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _flush.OnCompleted(continuation, state, token, flags);

    private bool TryPlace(PipeWriter body, in Segment segment)
    {
        _direct = segment;
        try
        {
            if (MemoryMarshal.TryGetArray<byte>(body.GetMemory(segment.Length), out var array) && array.Array == _nowhere)
            {
                body.Advance(segment.Length);
                return true;
            }

            return false;
        }
        finally
        {
            // Advance took it, unless the body is not written to this connection as it is, or may not be written any more.
            _direct.Release();
            _direct = default;
        }
    }

    private void CancelFlush(CancellationToken cancellationToken)
    {
        lock (_sending)
        {
            if (_isWaiting)
            {
                _isWaiting = false;
                _flush.SetException(new OperationCanceledException(cancellationToken));
            }
        }
    }

    private void EndWaiting(bool isCanceled)
    {
        _isWaiting = false;
        _flush.SetResult(new FlushResult(isCanceled, _isBroken));
    }

    private void EndWhenDone(Exception? reason)
    {
        if ((_isBroken || (_isCompleted && _unsent.Count == 0)) && !_hasEnded)
        {
            _hasEnded = true;
            ended(reason);
        }
    }

    // What was written to the block goes with it.
    private void Seal()
    {
        if (_block is not null)
        {
            _unflushed.Add(new Segment(_block.Memory[.._written], _block));
            (_block, _written) = (null, 0);
        }
    }

    private void Take()
    {
        _unsent.AddRange(_unflushed);
        _unflushed.Clear();
        _unsentBytes += _unflushedBytes;
        _unflushedBytes = 0;
    }

    // Under the lock.
    private void SendUnsent()
    {
        while (_unsent.Count > 0)
        {
            var sent = _isBroken ? 0 : _unsent[0].File is null ? Send(CollectionsMarshal.AsSpan(_unsent)) : _unsent[0].SendFile(socket);
            if (sent == Epoll.NotNow)
            {
                return;
            }

            if (sent < 0 || _isBroken)
            {
                _isBroken = true;
                Drop(_unsent.Count);
                _unsentBytes = 0;
                EndWhenDone(sent < 0 ? new SocketException(-sent) : null);
                return;
            }

            _unsentBytes -= sent;
            var all = 0;
            for (; all < _unsent.Count && sent >= _unsent[all].Length; all++)
            {
                sent -= _unsent[all].Length;
            }

            Drop(all);
            if (sent > 0)
            {
                _unsent[0] = _unsent[0].After(sent);
            }
        }
    }

    private void Drop(int segments)
    {
        for (var i = 0; i < segments; i++)
        {
            _unsent[i].Release();
        }

        _unsent.RemoveRange(0, segments);
    }

    private unsafe int Send(ReadOnlySpan<Segment> segments)
    {
        var pieces = stackalloc Epoll.Piece[MostPieces];
        var (pins, count) = (default(Pins), 0);
        try
        {
            for (; count < Math.Min(segments.Length, MostPieces) && segments[count].File is null; count++)
            {
                pins[count] = segments[count].Bytes.Pin();
                pieces[count] = new Epoll.Piece { Bytes = (byte*)pins[count].Pointer, Length = segments[count].Bytes.Length };
            }

            return Epoll.Write(socket, new ReadOnlySpan<Epoll.Piece>(pieces, count));
        }
        finally
        {
            while (count > 0)
            {
                pins[--count].Dispose();
            }
        }
    }

    /// <summary>Bytes, or a part of a file.</summary>
    private readonly struct Segment
    {
        private readonly IMemoryOwner<byte>? _block;
        private readonly long _offset;

        /// <param name="block">To be given back once it is sent.</param>
        public Segment(ReadOnlyMemory<byte> bytes, IMemoryOwner<byte>? block = null) => (Bytes, Length, _block) = (bytes, bytes.Length, block);

        public Segment(SafeFileHandle file, long offset, int length) => (File, _offset, Length) = (file, offset, length);

        public ReadOnlyMemory<byte> Bytes { get; }

        public SafeFileHandle? File { get; }

        public int Length { get; }

        /// <summary>What is left when some of it is sent.</summary>
        public Segment After(int sent) => File is null ? new Segment(Bytes[sent..], _block) : new Segment(File, _offset + sent, Length - sent);

        /// <returns>As <see cref="Epoll.Send"/>.</returns>
        public int SendFile(int socket) => Epoll.Send(socket, (int)File!.DangerousGetHandle(), _offset, Length);

        public void Release()
        {
            _block?.Dispose();
            File?.DangerousRelease();
        }
    }

    [InlineArray(MostPieces)]
    private struct Pins
    {
        private MemoryHandle _first;
    }
}
