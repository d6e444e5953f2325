using System.Buffers;
using System.Diagnostics;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>Takes content in: what stays small is only kept, of what gets large one piece at a time goes to the database. Not named until the end, it is cleared away after a failure.</summary>
internal sealed class PostgresBlobWriter(PostgresDatabase database, CancellationToken cancellationToken) : Stream
{
    /// <summary>Long before what nobody names is cleared away.</summary>
    private static readonly TimeSpan BetweenSigns = TimeSpan.FromMinutes(1);

    private byte[]? _piece = ArrayPool<byte>.Shared.Rent(PostgresBlobStore.PieceSize);
    private long? _content;
    private int _filled;
    private int _pieces;
    private long _length;
    private bool _isClosed;
    private Stopwatch? _sign;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !_isClosed;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>Gives all of it a name.</summary>
    /// <param name="name">Is given the content, or (when it is small) its bytes; and its length. May give none.</param>
    public async Task<BlobInfo?> FinishAsync(Func<long?, ReadOnlyMemory<byte>, long, Task<BlobInfo?>> name)
    {
        _isClosed = true;
        if (_content is null && _length <= PostgresBlobStore.MostSmall)
        {
            return await name(null, _piece.AsMemory(0, _filled), _length);
        }

        await SendAsync();
        if (await name(_content, default, _length) is not { } info)
        {
            return null;
        }

        await database.ExecuteAsync("DELETE FROM geowps.blob_doubt WHERE content = @content AND EXISTS (SELECT FROM geowps.blob WHERE content = @content)", mayRepeat: true, cancellationToken, ("@content", _content));
        _content = null;
        return info;
    }

    /// <summary>After the end, or a failure: then what was sent goes soon.</summary>
    public async ValueTask ReleaseAsync()
    {
        _isClosed = true;
        if (Interlocked.Exchange(ref _piece, null) is { } piece)
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        if (_content is { } left)
        {
            try
            {
                await database.ExecuteAsync(
                    """
                    WITH pieces AS (DELETE FROM geowps.blob_piece WHERE content = @content AND NOT EXISTS (SELECT FROM geowps.blob WHERE content = @content)),
                    doubt AS (DELETE FROM geowps.blob_doubt WHERE content = @content AND NOT EXISTS (SELECT FROM geowps.blob WHERE content = @content))
                    DELETE FROM geowps.blob_content WHERE id = @content AND NOT EXISTS (SELECT FROM geowps.blob WHERE content = @content)
                    """,
                    mayRepeat: true,
                    CancellationToken.None,
                    ("@content", left));
            }
            catch (Npgsql.NpgsqlException)
            {
                // It is in doubt, and cleared away later.
            }
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        while (!buffer.IsEmpty)
        {
            if (_filled == PostgresBlobStore.PieceSize)
            {
                await SendAsync();
            }

            var count = Math.Min(buffer.Length, PostgresBlobStore.PieceSize - _filled);
            buffer[..count].CopyTo(_piece.AsMemory(_filled));
            _filled += count;
            _length += count;
            buffer = buffer[count..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _isClosed = true;
        base.Dispose(disposing);
    }

    private async Task SendAsync()
    {
        if (_content is null)
        {
            // In doubt from its first row on.
            _content = (long)(await database.ValueAsync(
                """
                WITH made AS (INSERT INTO geowps.blob_content (piece) VALUES (@piece) RETURNING id)
                INSERT INTO geowps.blob_doubt (content, since) SELECT id, geowps.now_ms() FROM made RETURNING content
                """,
                mayRepeat: true,
                cancellationToken,
                ("@piece", PostgresBlobStore.PieceSize)))!;
            _sign = Stopwatch.StartNew();
        }

        if (_filled == 0)
        {
            return;
        }

        await database.ExecuteAsync(
            "INSERT INTO geowps.blob_piece (content, number, data) VALUES (@content, @number, @data) ON CONFLICT DO NOTHING",
            mayRepeat: true,
            cancellationToken,
            ("@content", _content),
            ("@number", _pieces++),
            ("@data", _filled == _piece!.Length ? _piece : _piece.AsMemory(0, _filled)));
        _filled = 0;
        if (_sign!.Elapsed > BetweenSigns)
        {
            await database.ExecuteAsync("UPDATE geowps.blob_doubt SET since = geowps.now_ms() WHERE content = @content", mayRepeat: true, cancellationToken, ("@content", _content));
            _sign.Restart();
        }
    }
}
