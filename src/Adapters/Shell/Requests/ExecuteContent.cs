using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Requests;

/// <summary>An execute request that is written while it is sent: files pass through a buffer of a few kilobytes.</summary>
internal sealed class ExecuteContent : HttpContent
{
    // A multiple of 3, so that base64 needs no padding between two pieces.
    private const int PieceBytes = 3 * 16 * 1024;

    private readonly IReadOnlyDictionary<string, IReadOnlyList<RequestValue>> _inputs;
    private readonly JsonObject _outputs;

    public ExecuteContent(IReadOnlyDictionary<string, IReadOnlyList<RequestValue>> inputs, JsonObject outputs)
    {
        (_inputs, _outputs) = (inputs, outputs);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <summary>Whether it is so large that the server is asked first whether it wants it.</summary>
    public bool IsLarge => _inputs.Values.SelectMany(values => values).Sum(value => value switch
    {
        RequestValue.JsonFile file => new FileInfo(file.Path).Length,
        RequestValue.BinaryFile file => new FileInfo(file.Path).Length,
        _ => 0,
    }) > 1 << 20;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await WriteAsync(stream, "{\"inputs\":{", cancellationToken);
        var comma = "";
        foreach (var (name, values) in _inputs)
        {
            await WriteAsync(stream, $"{comma}{Quote(name)}:{(values.Count > 1 ? "[" : "")}", cancellationToken);
            for (var i = 0; i < values.Count; i++)
            {
                await WriteAsync(stream, i > 0 ? "," : "", cancellationToken);
                await WriteValueAsync(stream, values[i], cancellationToken);
            }

            await WriteAsync(stream, values.Count > 1 ? "]" : "", cancellationToken);
            comma = ",";
        }

        var outputs = _outputs.Count > 0 ? $",\"outputs\":{_outputs.ToJsonString()}" : "";
        await WriteAsync(stream, $"}}{outputs},\"response\":\"document\"}}", cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private static async Task WriteValueAsync(Stream stream, RequestValue value, CancellationToken cancellationToken)
    {
        switch (value)
        {
            case RequestValue.JsonFile file:
                await WriteAsync(stream, $"{{\"mediaType\":{Quote(file.MediaType)},\"value\":", cancellationToken);
                await CopyJsonAsync(stream, file.Path, cancellationToken);
                await WriteAsync(stream, "}", cancellationToken);
                break;
            case RequestValue.BinaryFile file:
                await WriteAsync(stream, $"{{\"mediaType\":{Quote(file.MediaType)},\"encoding\":\"base64\",\"value\":\"", cancellationToken);
                await CopyBase64Async(stream, file.Path, cancellationToken);
                await WriteAsync(stream, "\"}", cancellationToken);
                break;
            default:
                await WriteAsync(stream, ((RequestValue.Plain)value).Json?.ToJsonString() ?? "null", cancellationToken);
                break;
        }
    }

    private static async Task CopyJsonAsync(Stream stream, string path, CancellationToken cancellationToken)
    {
        await using var file = Open(path);
        var mark = new byte[3];
        var read = await file.ReadAtLeastAsync(mark, mark.Length, throwOnEndOfStream: false, cancellationToken);
        // A byte order mark is no JSON.
        if (!mark.AsSpan(0, read).SequenceEqual(Encoding.UTF8.Preamble))
        {
            await stream.WriteAsync(mark.AsMemory(0, read), cancellationToken);
        }

        await file.CopyToAsync(stream, cancellationToken);
    }

    private static async Task CopyBase64Async(Stream stream, string path, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        var text = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(PieceBytes));
        try
        {
            await using var file = Open(path);
            int read;
            do
            {
                read = await file.ReadAtLeastAsync(piece.AsMemory(0, PieceBytes), PieceBytes, throwOnEndOfStream: false, cancellationToken);
                Base64.EncodeToUtf8(piece.AsSpan(0, read), text, out _, out var written);
                await stream.WriteAsync(text.AsMemory(0, written), cancellationToken);
            }
            while (read == PieceBytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static ValueTask WriteAsync(Stream stream, string text, CancellationToken cancellationToken) =>
        stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
}
