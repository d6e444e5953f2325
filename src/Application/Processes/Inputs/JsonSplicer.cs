using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Inputs;

/// <summary>Writes a JSON value with the large parts that were moved out of it back in their places, as a stream.</summary>
internal static class JsonSplicer
{
    private static readonly SearchValues<byte> Special =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    /// <param name="open">Opens an attachment's content.</param>
    public static async Task WriteAsync(
        JsonElement json,
        IReadOnlyList<Attachment> attachments,
        Func<int, CancellationToken, Task<Stream>> open,
        Stream destination,
        CancellationToken cancellationToken)
    {
        var raw = JsonMarshal.GetRawUtf8Value(json).ToArray();
        var written = 0;
        foreach (var (start, end, number) in Markers(raw))
        {
            await destination.WriteAsync(raw.AsMemory(written, start - written), cancellationToken);
            written = end;
            await using var content = await open(number, cancellationToken);
            if (attachments[number].Kind == JsonValueKind.String)
            {
                await WriteTextAsync(content, destination, cancellationToken);
            }
            else
            {
                await content.CopyToAsync(destination, cancellationToken);
            }
        }

        await destination.WriteAsync(raw.AsMemory(written), cancellationToken);
    }

    private static List<(int Start, int End, int Number)> Markers(ReadOnlySpan<byte> raw)
    {
        var markers = new List<(int, int, int)>();
        var reader = new Utf8JsonReader(raw, new JsonReaderOptions { MaxDepth = RequestLimits.MaxDepth + 1 });
        var start = 0;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                start = (int)reader.TokenStartIndex;
            }
            else if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(Attachment.Marker))
            {
                reader.Read();
                var number = reader.GetInt32();
                reader.Read();
                markers.Add((start, (int)reader.BytesConsumed, number));
            }
        }

        return markers;
    }

    private static async Task WriteTextAsync(Stream text, Stream destination, CancellationToken cancellationToken)
    {
        var quote = new[] { (byte)'"' };
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        var escaped = new ArrayBufferWriter<byte>(buffer.Length);
        try
        {
            await destination.WriteAsync(quote, cancellationToken);
            int read;
            while ((read = await text.ReadAsync(buffer, cancellationToken)) > 0)
            {
                escaped.ResetWrittenCount();
                Escape(buffer.AsSpan(0, read), escaped);
                await destination.WriteAsync(escaped.WrittenMemory, cancellationToken);
            }

            await destination.WriteAsync(quote, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Escape(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> destination)
    {
        while (!text.IsEmpty)
        {
            var special = text.IndexOfAny(Special);
            var plain = special < 0 ? text.Length : special;
            destination.Write(text[..plain]);
            if (special >= 0)
            {
                var letter = text[special];
                ReadOnlySpan<byte> hex = "0123456789abcdef"u8;
                destination.Write(letter < 0x20 ? [(byte)'\\', (byte)'u', (byte)'0', (byte)'0', hex[letter >> 4], hex[letter & 15]] : [(byte)'\\', letter]);
                plain++;
            }

            text = text[plain..];
        }
    }
}
