using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using GeoWps.Application.Ports;
using GeoWps.Application.Streams;

namespace GeoWps.Application.Processes.Inputs;

/// <summary>
/// What an input's content is written through: counts it, and decodes base64 (RFC 4648; line breaks are passed over). When it refuses, it throws, and
/// <see cref="Refusal"/> says why: whoever is writing may turn the exception into something else.
/// </summary>
internal sealed class ContentSink(Stream destination, long maxBytes, bool isBase64) : WriteOnlyStream
{
    private const int GroupLength = 4;

    private byte[] _pending = isBase64 ? ArrayPool<byte>.Shared.Rent(4096) : [];
    private int _pendingLength;

    /// <summary>Bytes that have reached the destination.</summary>
    public long Written { get; private set; }

    public string? Refusal { get; private set; }

    public override long Length => Written;

    public override long Position
    {
        get => Written;
        set => throw new NotSupportedException();
    }

    /// <summary>To be called when everything is written: a base64 text must be whole.</summary>
    public async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        if (isBase64 && _pendingLength > 0)
        {
            await DecodeAsync(_pendingLength, isFinal: true, cancellationToken);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!isBase64)
        {
            await PassAsync(buffer, cancellationToken);
            return;
        }

        Gather(buffer.Span);

        // The last group waits: it may be the one with the padding.
        var whole = (_pendingLength - 1) / GroupLength * GroupLength;
        if (whole > 0)
        {
            await DecodeAsync(whole, isFinal: false, cancellationToken);
        }
    }

    /// <summary>As writing it, without its bytes passing through where it can be copied as a whole.</summary>
    public async Task TakeAsync(Blob blob, CancellationToken cancellationToken)
    {
        if (isBase64)
        {
            await blob.Content.CopyToAsync(this, cancellationToken);
            return;
        }

        if (blob.Info.Length > maxBytes - Written)
        {
            RefuseLarge();
        }

        await blob.CopyToAsync(destination, cancellationToken);
        Written += blob.Info.Length;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => destination.FlushAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing && _pending.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_pending);
            _pending = [];
        }

        base.Dispose(disposing);
    }

    private void Gather(ReadOnlySpan<byte> text)
    {
        if (_pending.Length < _pendingLength + text.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_pendingLength + text.Length);
            _pending.AsSpan(0, _pendingLength).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_pending);
            _pending = larger;
        }

        while (!text.IsEmpty)
        {
            var end = text.IndexOfAny((byte)'\r', (byte)'\n');
            var line = end < 0 ? text : text[..end];
            line.CopyTo(_pending.AsSpan(_pendingLength));
            _pendingLength += line.Length;
            text = text[Math.Min(line.Length + 1, text.Length)..];
        }
    }

    private async ValueTask DecodeAsync(int length, bool isFinal, CancellationToken cancellationToken)
    {
        var decoded = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            // The decoder itself passes over blanks and tabs, which would hide what was cut off.
            var status = Base64.DecodeFromUtf8(_pending.AsSpan(0, length), decoded, out _, out var count, isFinal);
            if (status != OperationStatus.Done || _pending.AsSpan(0, length).ContainsAny((byte)' ', (byte)'\t'))
            {
                Refuse("must be base64");
            }

            _pending.AsSpan(length, _pendingLength - length).CopyTo(_pending);
            _pendingLength -= length;
            await PassAsync(decoded.AsMemory(0, count), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(decoded);
        }
    }

    private async ValueTask PassAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (Written + bytes.Length > maxBytes)
        {
            RefuseLarge();
        }

        await destination.WriteAsync(bytes, cancellationToken);
        Written += bytes.Length;
    }

    private void RefuseLarge() => Refuse(string.Create(CultureInfo.InvariantCulture, $"is larger than {maxBytes} bytes"));

    private void Refuse(string message)
    {
        Refusal = message;
        throw new InvalidDataException(message);
    }
}
