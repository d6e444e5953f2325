using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Results;

/// <summary>Writes values into a results document (<c>results.yaml</c>); contents go through in pieces, whatever their size.</summary>
/// <remarks>
/// Literals, arrays and boxes stand bare, text as a string; every other object and what is binary is qualified (<c>qualifiedInputValue.yaml</c>).
/// Who has written all values flushes. What was published is qualified, too, and has a link to its layer.
/// </remarks>
/// <param name="addresses"><see langword="null"/> where values stand without links.</param>
internal sealed class DocumentWriter(PipeWriter pipe, IBlobStore blobs, OutputAddresses? addresses = null) : IDisposable
{
    private const int Piece = 64 * 1024;

    /// <summary>For the members around the values.</summary>
    public Utf8JsonWriter Json { get; } = new(pipe, JsonAnswer.Form);

    public void Dispose() => Json.Dispose();

    public async Task WriteAsync(OutputValue value, CancellationToken cancellationToken)
    {
        switch (value)
        {
            case OutputValue.Literal literal:
                WriteLiteral(literal);
                break;
            case OutputValue.Content content:
                await WriteContentAsync(content, cancellationToken);
                break;
            case OutputValue.Many many:
                Json.WriteStartArray();
                foreach (var one in many.Values)
                {
                    await WriteAsync(one, cancellationToken);
                }

                Json.WriteEndArray();
                break;
        }

        if (Json.BytesPending > Piece)
        {
            await FlushAsync(cancellationToken);
        }
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Json.Flush();
        await pipe.FlushAsync(cancellationToken);
    }

    private void WriteLiteral(OutputValue.Literal literal)
    {
        var isBox = literal is { MediaType: null, Json.ValueKind: JsonValueKind.Object } && literal.Json.TryGetProperty("bbox"u8, out _);
        var isBinary = OutputForm.IsBinary(literal);
        var layer = addresses?.LayerOf(literal);
        if (!isBinary && layer is null && (literal.Json.ValueKind != JsonValueKind.Object || isBox))
        {
            literal.Json.WriteTo(Json);
            return;
        }

        Json.WriteStartObject();
        Json.WritePropertyName("value");
        literal.Json.WriteTo(Json);
        if (isBinary)
        {
            Json.WriteString("encoding", "base64");
        }

        Json.WriteString("mediaType", OutputForm.MediaTypeOf(literal));
        EndWith(layer);
    }

    private async Task WriteContentAsync(OutputValue.Content content, CancellationToken cancellationToken)
    {
        await using var blob = await blobs.OpenAsync(content.Key, 0, length: null, cancellationToken) ?? throw new ContentGoneException();
        var (layer, isText) = (addresses?.LayerOf(content), Media.IsText(content.MediaType) && !Media.IsJson(content.MediaType));
        if (isText && layer is null)
        {
            await CopyAsync(blob.Content, WriteTextPiece, cancellationToken);
            return;
        }

        Json.WriteStartObject();
        Json.WritePropertyName("value");
        if (Media.IsJson(content.MediaType))
        {
            await SpliceAsync(blob.Content, cancellationToken);
        }
        else if (isText)
        {
            await CopyAsync(blob.Content, WriteTextPiece, cancellationToken);
        }
        else
        {
            await CopyAsync(blob.Content, (bytes, isLast) => Json.WriteBase64StringSegment(bytes, isLast), cancellationToken);
            Json.WriteString("encoding", "base64");
        }

        Json.WriteString("mediaType", content.MediaType);
        EndWith(layer);
    }

    private void EndWith(Link? layer)
    {
        if (layer is { } link)
        {
            Json.WriteLinks(link);
        }

        Json.WriteEndObject();
    }

    private void WriteTextPiece(ReadOnlySpan<byte> bytes, bool isLast) => Json.WriteStringValueSegment(bytes, isLast);

    /// <summary>JSON goes into JSON as it is: reading and writing it again would cost most of the answer's time.</summary>
    private async Task SpliceAsync(Stream content, CancellationToken cancellationToken)
    {
        Json.Flush();
        await PipeCopy.CopyAsync(content, pipe, cancellationToken);

        // The writer has not seen the value; a blank, which JSON allows here, is what it takes for it.
        Json.WriteRawValue(" "u8, skipInputValidation: true);
    }

    private async Task CopyAsync(Stream content, Action<ReadOnlySpan<byte>, bool> write, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(0, Piece), cancellationToken)) > 0)
            {
                write(buffer.AsSpan(0, read), false);
                await FlushAsync(cancellationToken);
            }

            write([], true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
