using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GeoWps.Adapters.Execution.Workers;

/// <summary>One end of a stream of frames: a length of four bytes, big-endian, and so many bytes of JSON. Many may send; one receives.</summary>
internal sealed class FrameConnection(Stream stream) : IAsyncDisposable
{
    /// <summary>Bytes; what can be larger is a file in the job's folder.</summary>
    public const int MaxFrameBytes = 64 * 1024 * 1024;

    private const int HeadBytes = 4;

    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
    private readonly SemaphoreSlim _sending = new(1, 1);

    public static FrameConnection Of(Socket socket) => new(new NetworkStream(socket, ownsSocket: true));

    /// <exception cref="IOException">The other side has gone.</exception>
    public async ValueTask SendAsync<TFrame>(TFrame frame, JsonTypeInfo<TFrame> type, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        buffer.Advance(buffer.GetSpan(HeadBytes)[..HeadBytes].Length);
        await using (var json = new Utf8JsonWriter(buffer))
        {
            JsonSerializer.Serialize(json, frame, type);
        }

        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsMemory(buffer.WrittenMemory);
        BinaryPrimitives.WriteInt32BigEndian(bytes.Span, bytes.Length - HeadBytes);
        if (bytes.Length - HeadBytes > MaxFrameBytes)
        {
            throw new InvalidDataException($"A frame of {bytes.Length} bytes is too large.");
        }

        await _sending.WaitAsync(cancellationToken);
        try
        {
            // Half a frame would make the connection useless, so this is not cancelled.
            await stream.WriteAsync(bytes, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <returns>The next frame; <see langword="null"/> at the end of the stream, also in the middle of a frame.</returns>
    /// <exception cref="InvalidDataException">The other side does not speak this protocol.</exception>
    public async ValueTask<ReceivedFrame?> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            var head = await _reader.ReadAtLeastAsync(HeadBytes, cancellationToken);
            if (head.Buffer.Length < HeadBytes)
            {
                return null;
            }

            var length = Length(head.Buffer);
            if (length is < 0 or > MaxFrameBytes)
            {
                throw new InvalidDataException($"A frame of {length} bytes is announced.");
            }

            _reader.AdvanceTo(head.Buffer.GetPosition(HeadBytes));
            var body = await _reader.ReadAtLeastAsync(length, cancellationToken);
            if (body.Buffer.Length < length)
            {
                return null;
            }

            var frame = Parse(body.Buffer.Slice(0, length));
            _reader.AdvanceTo(body.Buffer.GetPosition(length));
            return frame;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or SocketException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        _sending.Dispose();
    }

    private static int Length(ReadOnlySequence<byte> buffer)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        buffer.Slice(0, HeadBytes).CopyTo(head);
        return BinaryPrimitives.ReadInt32BigEndian(head);
    }

    private static ReceivedFrame Parse(ReadOnlySequence<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var frame = JsonSerializer.Deserialize(ref reader, FrameJson.Default.ReceivedFrame) ?? throw new JsonException("null");
            if (frame.Op is not ("catalogue" or "tried"))
            {
                return frame;
            }

            var whole = new Utf8JsonReader(json);
            return frame with { Whole = JsonElement.ParseValue(ref whole) };
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"A frame is not what the protocol says: {error.Message}", error);
        }
    }
}
