namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>Reads a part of a content, one piece at a time. Each piece read of a content that no key names any more keeps it for longer.</summary>
internal sealed class PostgresBlobReader(PostgresDatabase database, long content, long offset, long length) : Stream
{
    private byte[] _piece = [];
    private int _number = -1;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = (int)Math.Clamp(length - _position, 0, buffer.Length);
        if (count == 0)
        {
            return 0;
        }

        var (number, start) = Math.DivRem(offset + _position, PostgresBlobStore.PieceSize);
        if (number != _number)
        {
            _piece = await FetchAsync((int)number, cancellationToken);
            _number = (int)number;
        }

        count = Math.Min(count, _piece.Length - (int)start);
        if (count <= 0)
        {
            throw new EndOfStreamException("The content is shorter than its length says.");
        }

        _piece.AsMemory((int)start, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        SeekOrigin.End => length + offset,
        _ => throw new ArgumentOutOfRangeException(nameof(origin)),
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // The sign that it is still read is given now and then only, not with each piece.
    private async Task<byte[]> FetchAsync(int number, CancellationToken cancellationToken) => (byte[]?)await database.ValueAsync(
        """
        WITH sign AS (UPDATE geowps.blob_doubt SET since = geowps.now_ms() WHERE content = @content AND since < geowps.now_ms() - 60000)
        SELECT data FROM geowps.blob_piece WHERE content = @content AND number = @number
        """,
        mayRepeat: true,
        cancellationToken,
        ("@content", content),
        ("@number", number)) ?? throw new IOException("The content was deleted long ago.");
}
