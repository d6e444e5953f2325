using System.Globalization;
using System.Text.Json;
using System.Xml;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Binding;
using GeoWps.Application.Processes.Bodies;
using GeoWps.Application.Processes.Inputs;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Processes.Schemas;

namespace GeoWps.Application.Processes.Echo;

/// <summary>
/// Makes outputs of inputs. Small values are literals: those with a media type carry it, and bytes are a string of base64. Large ones become contents.
/// </summary>
internal sealed class EchoValues(InputReader reader, IBlobStore blobs)
{
    /// <summary>Up to here a value is judged by its schema, beyond it only by its form.</summary>
    private const int MostInMemory = 4 * 1024 * 1024;

    /// <returns><see langword="null"/> when it is refused; the mistakes say why.</returns>
    public async Task<OutputValue?> MakeAsync(
        Job job, CompiledInput input, int index, InputValue value, List<Mistake> mistakes, CancellationToken cancellationToken)
    {
        var output = EchoDescriptions.OutputOf(input.Description.Id);
        var place = input.Description.MaxOccurs > 1 ? $"{input.Description.Id}[{index}]" : input.Description.Id;
        if (value is InputValue.Inline inline && (job.Request.Attachments.Count == 0 || !Attachment.IsIn(inline.Json)))
        {
            return new OutputValue.Literal(output, inline.Json, MediaTypeOf(input, inline.Json, value.MediaType));
        }

        using var memory = new BoundedMemory(MostInMemory);
        var key = (output, index);
        switch (await CopyToMemoryAsync(job, value, memory, cancellationToken))
        {
            case null:
                return await StreamAsync(job, input, key, value, place, mistakes, cancellationToken);
            case InputContent.Refused refused:
                mistakes.Add(new Mistake(place, refused.Message));
                return null;
        }

        if (ContentReading.Read(input, memory.Content, value.MediaType, place, mistakes) is not var (json, alternative))
        {
            return null;
        }

        var mediaType = value.MediaType ?? alternative.MediaType;
        if (memory.Length <= RequestLimits.AttachmentThreshold)
        {
            return new OutputValue.Literal(output, json, MediaTypeOf(input, json, mediaType));
        }

        var bytes = memory.GetBuffer().AsMemory(0, (int)memory.Length);
        return await StoreAsync(job, key, mediaType, (stream, token) => stream.WriteAsync(bytes, token).AsTask(), cancellationToken);
    }

    /// <returns><see langword="null"/> when there is too much of it.</returns>
    private async Task<InputContent?> CopyToMemoryAsync(Job job, InputValue value, BoundedMemory memory, CancellationToken cancellationToken)
    {
        try
        {
            var content = await reader.CopyAsync(job, value, memory, cancellationToken);
            return memory.HasOverflowed ? null : content;
        }
        catch (Exception) when (memory.HasOverflowed)
        {
            return null;
        }
    }

    private async Task<OutputValue?> StreamAsync(
        Job job, CompiledInput input, (string Output, int Index) key, InputValue value, string place, List<Mistake> mistakes, CancellationToken cancellationToken)
    {
        InputContent.Refused? refused = null;
        var mediaType = value.MediaType ?? (input.MediaTypes.Count > 0 ? input.MediaTypes[^1] : null);
        var stored = await StoreAsync(
            job,
            key,
            mediaType,
            async (stream, token) => refused = await reader.CopyAsync(job, value, stream, token) as InputContent.Refused,
            cancellationToken);
        var fault = refused?.Message ?? await FaultAsync(stored, cancellationToken);
        if (fault is null)
        {
            return stored;
        }

        await blobs.DeleteAsync(stored.Key, cancellationToken);
        mistakes.Add(new Mistake(place, fault));
        return null;
    }

    private async Task<OutputValue.Content> StoreAsync(
        Job job, (string Output, int Index) key, string? mediaType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var type = mediaType ?? MediaTypes.Text;
        var name = string.Create(CultureInfo.InvariantCulture, $"{key.Output}-{key.Index}{Extension(type)}");
        var blob = await blobs.PutAsync(JobKeys.Output(job.Id, job.Attempt, name), type, write, cancellationToken);
        return new OutputValue.Content(key.Output, blob.Key, type, name, blob.Length, []);
    }

    /// <summary>Whether content too large for memory is well-formed.</summary>
    private async Task<string?> FaultAsync(OutputValue.Content stored, CancellationToken cancellationToken)
    {
        await using var blob = await blobs.OpenAsync(stored.Key, 0, null, cancellationToken) ?? throw new InvalidDataException($"The blob {stored.Key} is missing.");
        if (MediaTypes.IsJson(stored.MediaType))
        {
            return await JsonFaultAsync(blob.Content, cancellationToken);
        }

        return MediaTypes.IsXml(stored.MediaType) ? await XmlFaultAsync(blob.Content, cancellationToken) : null;
    }

    private static async Task<string?> JsonFaultAsync(Stream content, CancellationToken cancellationToken)
    {
        var scanner = new JsonScanner(RequestLimits.MaxDepth);
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (Scan(scanner, buffer.AsSpan(0, read)) is { } fault)
            {
                return fault;
            }
        }

        return scanner.IsDone ? null : "must be well-formed JSON: it ends too early";
    }

    private static string? Scan(JsonScanner scanner, ReadOnlySpan<byte> input)
    {
        while (true)
        {
            switch (scanner.Next(ref input, out _))
            {
                case JsonPart.More:
                    return null;
                case JsonPart.Fault:
                    return $"must be well-formed JSON: {scanner.Fault}";
            }
        }
    }

    private static async Task<string?> XmlFaultAsync(Stream content, CancellationToken cancellationToken)
    {
        var settings = new XmlReaderSettings { Async = true, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        try
        {
            using var xml = XmlReader.Create(content, settings);
            while (await xml.ReadAsync())
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            return null;
        }
        catch (XmlException error)
        {
            return XmlFault.Of(error);
        }
    }

    /// <summary>Literals, arrays and boxes have none: they stand bare in a document.</summary>
    private static string? MediaTypeOf(CompiledInput input, JsonElement json, string? mediaType) =>
        json.ValueKind == JsonValueKind.Array || input.TakesBox || input.MediaTypes.Count == 0 ? null : mediaType ?? input.MediaTypes[^1];

    private static string Extension(string mediaType) => MediaTypes.WithoutParameters(mediaType) switch
    {
        "application/geo+json" => ".geojson",
        "application/gml+xml" => ".gml",
        "application/vnd.google-earth.kml+xml" => ".kml",
        "image/tiff" or "application/tiff" => ".tif",
        "image/jp2" or "application/jp2" => ".jp2",
        "text/plain" => ".txt",
        var type when MediaTypes.IsJson(type) => ".json",
        var type when MediaTypes.IsXml(type) => ".xml",
        _ => ".bin",
    };
}
