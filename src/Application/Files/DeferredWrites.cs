using GeoWps.Application.Streams;

namespace GeoWps.Application.Files;

/// <summary>For whoever writes now and then without waiting (a zip's heads and ends, some bytes each): that is kept until the next write that can wait.</summary>
internal sealed class DeferredWrites(Stream destination) : WriteOnlyStream
{
    private readonly MemoryStream _kept = new();
    private long _written;

    public override long Length => _written;

    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        _kept.Write(buffer, offset, count);
        _written += count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await SendKeptAsync(cancellationToken);
        await destination.WriteAsync(buffer, cancellationToken);
        _written += buffer.Length;
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await SendKeptAsync(cancellationToken);
        await destination.FlushAsync(cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        await SendKeptAsync(CancellationToken.None);
        await _kept.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task SendKeptAsync(CancellationToken cancellationToken)
    {
        if (_kept.Length > 0)
        {
            var bytes = _kept.ToArray();
            _kept.SetLength(0);
            await destination.WriteAsync(bytes, cancellationToken);
        }
    }
}
