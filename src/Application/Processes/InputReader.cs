using System.Text;
using System.Text.Json;
using GeoWps.Application.Features;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Binding;
using GeoWps.Application.Processes.Inputs;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Processes;

/// <summary>What came of reading an input's content.</summary>
public abstract record InputContent
{
    private InputContent()
    {
    }

    /// <param name="Length">Bytes.</param>
    /// <param name="MediaType">As declared, else as its server says, else unknown.</param>
    /// <param name="FileName">Of a reference, cleaned; empty where there is none.</param>
    public sealed record Copied(long Length, string? MediaType, string FileName) : InputContent;

    /// <param name="Message">What is wrong with it; safe to show.</param>
    public sealed record Refused(string Message) : InputContent;
}

/// <summary>
/// Brings the content of an input, however it was given, into a stream: text, JSON with its large parts back in place, bytes out of base64, what lies
/// behind a reference. At most <see cref="RequestLimits.MaxInputBytes"/>. When it is refused, some of it may have been written.
/// </summary>
/// <param name="files">Where there are none, none can be named.</param>
public sealed class InputReader(
    IBlobStore blobs, IJobStore jobs, IReferenceFetcher references, ICollectionReader collections, IOptions<RequestLimits> limits, FileInputs? files = null)
{
    private readonly long _maxBytes = limits.Value.MaxInputBytes;

    /// <param name="job">Whose input it is; its attachments and its base address are needed.</param>
    public Task<InputContent> CopyAsync(Job job, InputValue value, Stream destination, CancellationToken cancellationToken) =>
        CopyAsync(job, value, destination, _maxBytes, cancellationToken);

    internal async Task<InputContent> CopyAsync(Job job, InputValue value, Stream destination, long maxBytes, CancellationToken cancellationToken)
    {
        await using var sink = new ContentSink(destination, maxBytes, value.Encoding is not null && !IsOwn(job, value) && !IsRaw(job, value));
        try
        {
            var content = value switch
            {
                InputValue.Inline inline => await InlineAsync(job, inline, sink, cancellationToken),
                InputValue.Reference reference when OwnResults.TryParse(reference.Href, job.Request.BaseAddress, out var id, out var output) =>
                    await OwnAsync(job, id, output, sink, cancellationToken),
                InputValue.Reference { Post: null } reference when files is not null && OwnFiles.TryParse(reference.Href, job.Request.BaseAddress, out var path) =>
                    await files.CopyAsync(path, job, sink, cancellationToken),
                InputValue.Reference reference when reference.IsCollection || (reference.Post is null && OwnCollections.TryParse(reference.Href, job.Request.BaseAddress, out _, out _)) =>
                    Content(await collections.CopyAsync(reference.Href, job.Request.BaseAddress, reference.IsCollection, sink, maxBytes, cancellationToken)),
                InputValue.Reference reference => await FetchAsync(reference, sink, maxBytes, cancellationToken),
                _ => throw new NotSupportedException($"A value of type {value.GetType()} can't be read."),
            };
            await sink.FinishAsync(cancellationToken);
            return sink.Refusal is { } refusal ? new InputContent.Refused(refusal)
                : content is InputContent.Copied copied ? copied with { Length = sink.Written, MediaType = value.MediaType ?? copied.MediaType } : content;
        }
        catch (Exception) when (sink.Refusal is not null)
        {
            return new InputContent.Refused(sink.Refusal);
        }
    }

    private static bool IsOwn(Job job, InputValue value) =>
        value is InputValue.Reference reference && (OwnResults.TryParse(reference.Href, job.Request.BaseAddress, out _, out _) || OwnFiles.TryParse(reference.Href, job.Request.BaseAddress, out _));

    private static bool IsRaw(Job job, InputValue value) =>
        value is InputValue.Inline inline && Attachment.TryGetNumber(inline.Json, out var number)
        && job.Request.Attachments.FirstOrDefault(attachment => attachment.Number == number) is { IsRaw: true };

    private async Task<InputContent> InlineAsync(Job job, InputValue.Inline inline, ContentSink destination, CancellationToken cancellationToken)
    {
        if (inline.Json.ValueKind == JsonValueKind.String)
        {
            await destination.WriteAsync(Encoding.UTF8.GetBytes(inline.Json.GetString()!), cancellationToken);
        }
        else if (Attachment.TryGetNumber(inline.Json, out var number))
        {
            await TakeAsync(JobKeys.AttachmentOf(job, number), destination, cancellationToken);
        }
        else
        {
            await JsonSplicer.WriteAsync(
                inline.Json,
                job.Request.Attachments,
                (part, token) => OpenAsync(JobKeys.AttachmentOf(job, part), token),
                destination,
                cancellationToken);
        }

        return new InputContent.Copied(0, null, "");
    }

    private async Task<InputContent> FetchAsync(InputValue.Reference reference, Stream destination, long maxBytes, CancellationToken cancellationToken)
    {
        byte[]? body = null;
        if (reference.Post is { IsPost: true } post)
        {
            (body, var refusal) = await BodyAsync(post, cancellationToken);
            if (refusal is not null)
            {
                return new InputContent.Refused(refusal);
            }
        }

        var request = new FetchRequest(reference.Href, ReferenceBinding.Headers(reference.Post), body);
        return Content(await references.FetchAsync(request, destination, maxBytes, cancellationToken));
    }

    private static InputContent Content(FetchOutcome outcome) => outcome switch
    {
        FetchOutcome.Fetched fetched => new InputContent.Copied(fetched.Length, fetched.ContentType, fetched.FileName),
        FetchOutcome.Refused refused => new InputContent.Refused(refused.Message),
        var other => throw new NotSupportedException($"A fetch can't end as {other.GetType()}."),
    };

    /// <summary>A request to another service: small, whoever wrote it.</summary>
    private async Task<(byte[]? Body, string? Refusal)> BodyAsync(ReferencePost post, CancellationToken cancellationToken)
    {
        if (post.BodyHref is not { } href)
        {
            return (Encoding.UTF8.GetBytes(post.Body!), null);
        }

        using var memory = new MemoryStream();
        return await references.FetchAsync(href, memory, RequestLimits.LargestReferenceBody, cancellationToken) is FetchOutcome.Refused refused
            ? (null, $"the body of the reference: {refused.Message}")
            : (memory.ToArray(), null);
    }

    private async Task<InputContent> OwnAsync(Job job, JobId id, string output, ContentSink destination, CancellationToken cancellationToken)
    {
        if (OwnResults.PartOf(output) is { } part && id == job.Parent)
        {
            await TakeAsync(JobKeys.Attachment(id, part), destination, cancellationToken);
            return new InputContent.Copied(0, null, "");
        }

        var other = await jobs.FindAsync(id, cancellationToken);
        if (other is null || !job.Sees(other))
        {
            return new InputContent.Refused($"there is no job {id}");
        }

        if (other.State.Status != JobStatus.Successful)
        {
            return new InputContent.Refused($"job {id} has no results");
        }

        switch (other.Outputs.FirstOrDefault(value => value.Id == output)
            ?? other.Outputs.FirstOrDefault(value => value is OutputValue.Content content && content.Name == output))
        {
            case OutputValue.Content content:
                await TakeAsync(content.Key, destination, cancellationToken);
                return new InputContent.Copied(content.Length, content.MediaType, content.Name);
            case OutputValue.Literal literal:
                await destination.WriteAsync(BytesOf(literal), cancellationToken);
                return new InputContent.Copied(0, literal.MediaType, "");
            case OutputValue.Many:
                return new InputContent.Refused($"result {output} of job {id} has several values");
            default:
                return new InputContent.Refused($"job {id} has no result {output}");
        }
    }

    /// <summary>A string is its text, or the bytes that it stands for.</summary>
    internal static byte[] BytesOf(OutputValue.Literal literal) =>
        literal.Json.ValueKind != JsonValueKind.String ? Encoding.UTF8.GetBytes(literal.Json.GetRawText())
        : literal.MediaType is { } type && !MediaTypes.IsText(type) ? literal.Json.GetBytesFromBase64()
        : Encoding.UTF8.GetBytes(literal.Json.GetString()!);

    private async Task TakeAsync(string key, ContentSink destination, CancellationToken cancellationToken)
    {
        await using var blob = await RequireAsync(key, cancellationToken);
        await destination.TakeAsync(blob, cancellationToken);
    }

    /// <summary>The blob, whose stream closes it.</summary>
    private async Task<Stream> OpenAsync(string key, CancellationToken cancellationToken) => (await RequireAsync(key, cancellationToken)).Content;

    private async Task<Blob> RequireAsync(string key, CancellationToken cancellationToken) =>
        await blobs.OpenAsync(key, 0, null, cancellationToken) ?? throw new InvalidDataException($"The blob {key} is missing.");
}
