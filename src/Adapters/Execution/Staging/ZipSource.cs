namespace GeoWps.Adapters.Execution.Staging;

/// <summary>
/// A zip file as it is read. .NET reads the whole list of files before it says how many there are, and a gigabyte of list would be
/// many of memory: so it is cut short here. Every failure that .NET answers a broken list with becomes one exception.
/// </summary>
internal sealed class ZipSource(FileStream file, long directoryBytes) : Stream
{
    private long? _left = directoryBytes;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <summary>From here on as much may be read as there is.</summary>
    public void EndOfDirectory() => _left = null;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => Counted(file.Read(buffer));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(await file.ReadAsync(buffer, cancellationToken));

    public override long Seek(long offset, SeekOrigin origin)
    {
        var start = origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => file.Position, _ => file.Length };
        var target = unchecked(start + offset);
        return target >= 0 && target <= file.Length
            ? file.Seek(target, SeekOrigin.Begin)
            : throw new InvalidDataException("it refers to bytes outside of itself");
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Counted(int read)
    {
        _left -= read;
        return _left < 0 ? throw new InvalidDataException("its list of files is too long") : read;
    }
}
