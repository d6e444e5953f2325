using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Bodies;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Processes;

/// <summary>Content that is read step by step, so that it is never whole in memory.</summary>
public interface IContentSource
{
    /// <summary>Writes the next piece, as UTF-8.</summary>
    /// <returns><see langword="false"/> when there was none left.</returns>
    ValueTask<bool> StepAsync(Stream destination, CancellationToken cancellationToken);
}

/// <summary>
/// Collects an execute request that does not come as JSON, value by value, into the JSON form that every protocol brings its request into. Large values go
/// to the blob store while they are read, as they do for <see cref="RequestBodyReader"/>.
/// </summary>
public sealed class RequestParts(JobId id, IBlobStore blobs, IOptions<RequestLimits> options)
{
    private const string Before = """{"inputs":{"":""";
    private const string After = "}}";

    private readonly RequestLimits _limits = options.Value;
    private readonly List<Attachment> _attachments = [];
    private long _kept;

    /// <summary>The id of the job that it will be.</summary>
    public JobId Id => id;

    /// <summary>A text as a JSON string, or the marker that stands in its place.</summary>
    public async Task<JsonNode> TextAsync(IContentSource source, CancellationToken cancellationToken)
    {
        // A request of very many small values is not whole in memory either.
        var most = _kept > _limits.MaxReducedBytes / 2 ? 0 : RequestLimits.AttachmentThreshold;
        using var memory = new MemoryStream();
        while (memory.Length <= most)
        {
            if (!await source.StepAsync(memory, cancellationToken))
            {
                _kept += memory.Length;
                return JsonValue.Create(Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length));
            }
        }

        var number = _attachments.Count;
        var blob = await blobs.PutAsync(
            JobKeys.Attachment(id, number),
            "application/octet-stream",
            async (content, token) =>
            {
                await content.WriteAsync(memory.GetBuffer().AsMemory(0, (int)memory.Length), token);
                while (await source.StepAsync(content, token))
                {
                }
            },
            cancellationToken);
        _attachments.Add(new Attachment(number, JsonValueKind.String, blob.Length));
        return new JsonObject { [Attachment.Marker] = number };
    }

    /// <summary>A text that is JSON, as that JSON.</summary>
    /// <returns>What is wrong with it, and where in the text, when it is none.</returns>
    public async Task<(JsonNode? Json, string? Fault)> JsonAsync(IContentSource source, CancellationToken cancellationToken)
    {
        // The rules for what is moved out are those of a whole request, so the value is read in its place in one.
        var limits = _limits with { MaxReducedBytes = (int)Math.Max(_limits.MaxReducedBytes - _kept, 1024) };
        var pipe = PipeReader.Create(new SourceStream(source, Before, After));
        using var reading = new BodyReading(id, pipe, blobs, limits, _attachments, Before.Length);
        if (!await TryReadAsync(reading, cancellationToken))
        {
            return (null, reading.Fault ?? $"has more than the {limits.MaxBodyBytes} bytes that are allowed");
        }

        _kept += reading.Reduced.Length;
        var whole = JsonNode.Parse(reading.Reduced, documentOptions: RequestLimits.Reading)!.AsObject();
        if (whole.Count != 1 || whole["inputs"] is not JsonObject { Count: 1 } inputs || !inputs.ContainsKey(""))
        {
            return (null, "is not JSON: it holds more than one value");
        }

        var json = inputs[""];
        inputs.Clear();
        return (json, null);
    }

    /// <param name="request">The execute document, made of values that were read here.</param>
    /// <param name="digest">SHA-256 of the request as sent, hexadecimal.</param>
    public RequestBody Finish(JsonObject request, string digest) =>
        new(id, JsonElement.Parse(JsonSerializer.SerializeToUtf8Bytes(request), RequestLimits.Reading), _attachments, digest);

    /// <summary>Nothing is left of a request that came to nothing.</summary>
    public Task DiscardAsync() => _attachments.Count == 0 ? Task.CompletedTask : blobs.DeleteAllAsync(JobKeys.All(id), CancellationToken.None);

    private static async Task<bool> TryReadAsync(BodyReading reading, CancellationToken cancellationToken)
    {
        try
        {
            return await reading.TryReadAsync(cancellationToken);
        }
        catch (Exception) when (reading.IsTooLarge || reading.Fault is not null)
        {
            // Ours, thrown through the store that was writing.
            return false;
        }
    }
}
