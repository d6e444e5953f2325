namespace GeoWps.Adapters.References.Folders;

/// <summary>What comes over a data connection: its end is one only when the control connection says so, too.</summary>
internal sealed class FtpContent(Stream data, FtpReplies control) : Stream
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private bool _isTold;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_patience);
        int count;
        try
        {
            count = await data.ReadAsync(buffer, patience.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException("no data in time", late);
        }

        if (count == 0 && buffer.Length > 0 && !_isTold)
        {
            _isTold = true;
            if (!(await control.ReadAsync(cancellationToken)).IsDone)
            {
                throw new IOException("it was not sent to its end");
            }
        }

        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await data.DisposeAsync();
        if (!_isTold)
        {
            // Closed before its end; whatever it says about that, it is the next reply.
            _isTold = true;
            await control.ReadAsync(CancellationToken.None);
        }

        await base.DisposeAsync();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
