using System.Buffers;

namespace GeoWps.Adapters.Formats;

/// <summary>
/// A stretch of a stream in one pooled buffer. It grows only when what is looked at does not fit, so it stays as small as the largest feature.
/// </summary>
internal sealed class ByteWindow(Stream stream, int size = ByteWindow.InitialSize) : IDisposable
{
    // 256 KiB: large enough that reads cost nothing beside parsing, small enough to stay in a core's second cache.
    private const int InitialSize = 1 << 18;
    private const int LargestSize = 1 << 30;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(size);
    private int _start;
    private int _end;

    /// <summary>Bytes from the beginning of the stream to the first unread byte.</summary>
    public long Position { get; private set; }

    public ReadOnlySpan<byte> Rest => _buffer.AsSpan(_start, _end - _start);

    public void Advance(int count)
    {
        _start += count;
        Position += count;
    }

    /// <summary>Reads more behind <see cref="Rest"/>, which may move.</summary>
    /// <returns><see langword="false"/> at the end of the stream.</returns>
    /// <exception cref="TooLargeException">A single value is larger than 1 GiB.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0;
    }

    /// <returns>Whether <see cref="Rest"/> has <paramref name="count"/> bytes; <see langword="false"/> when the stream ends before.</returns>
    public async ValueTask<bool> EnsureAsync(int count, CancellationToken cancellationToken)
    {
        while (_end - _start < count)
        {
            if (!await FillAsync(cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = 0;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            Rest.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        if (_buffer.Length >= LargestSize)
        {
            throw new TooLargeException();
        }

        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}

/// <summary>One value does not fit a window; becomes an outcome or an <see cref="InvalidDataException"/> with its place.</summary>
internal sealed class TooLargeException() : Exception("a single feature is larger than 1 GiB");
