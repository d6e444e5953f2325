using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Results;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Records;

/// <summary>A document as it comes from its source: whole, a part of it where the source can seek, or the part that the source sends. What breaks in the middle ends the connection, so that nobody takes it for the whole.</summary>
internal sealed partial class SourceDocumentAnswer(CatalogueRecord record, SourceDocument opened, TimeProvider clock, ILogger logger) : IResult
{
    /// <summary>For the next piece from the source.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private static readonly string[] _shown =
        [MediaTypes.Text, "text/csv", "text/markdown", MediaTypes.Json, MediaTypes.GeoJson, "application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff"];

    /// <summary>It was not sent to its end.</summary>
    public bool HasBrokenOff { get; private set; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var document = opened;
        var (request, response) = (httpContext.Request, httpContext.Response);
        var tag = EntityTagHeaderValue.TryParse(document.ETag, out var parsed) ? parsed : null;
        WriteHead(response, record, document, tag);
        if (document.ContentRange is null && IsUnchanged(request, tag, document.Modified))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var part = Part(request, tag, document);
        if (document.ContentRange is null && document.Length is { } whole && part is null)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = ByteRange.HeaderOfNone(whole);
            return;
        }

        response.ContentType = Media.Header(document.MediaType ?? MediaTypes.Unknown);
        response.ContentLength = part?.Length ?? document.Length;
        if (document.ContentRange is { } sent)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = sent;
        }
        else if (part is { } some && some.Length < document.Length)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = some.HeaderOf(document.Length.Value);
            document.Content.Position = some.Offset;
        }

        if (!HttpMethods.IsHead(request.Method))
        {
            await SendAsync(httpContext, document.Content, response.ContentLength);
        }
    }

    /// <summary>What every answer about a document has: nothing in it may run, or be taken for something else.</summary>
    public static void Lock(HttpResponse response, CatalogueRecord record)
    {
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = record.Owner is null ? "no-cache" : "private, no-cache";
    }

    private static void WriteHead(HttpResponse response, CatalogueRecord record, SourceDocument document, EntityTagHeaderValue? tag)
    {
        Lock(response, record);
        var disposition = new ContentDispositionHeaderValue(document.MediaType is { } type && _shown.Contains(MediaTypes.WithoutParameters(type)) ? "inline" : "attachment");
        if (document.Name.Length > 0)
        {
            disposition.SetHttpFileName(document.Name);
        }

        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.AcceptRanges = document.TakesRanges || CanSeek(document) ? "bytes" : "none";
        if (tag is not null)
        {
            response.Headers.ETag = tag.ToString();
        }

        if (document.Modified is { } modified)
        {
            response.Headers.LastModified = HeaderUtilities.FormatDate(modified);
        }
    }

    private static bool CanSeek(SourceDocument document) => document.Content.CanSeek && document.Length is not null;

    private static bool IsUnchanged(HttpRequest request, EntityTagHeaderValue? tag, DateTimeOffset? modified) =>
        tag is not null ? Conditions.Unchanged(request, tag, modified ?? DateTimeOffset.MaxValue)
            : modified is { } time && request.Headers.IfNoneMatch.Count == 0 && HeaderUtilities.TryParseDate(request.Headers.IfModifiedSince.ToString(), out var since) && time.ToUnixTimeSeconds() <= since.ToUnixTimeSeconds();

    /// <returns><see langword="null"/>: the part lies outside, or nobody knows how long the document is.</returns>
    private static ByteRange? Part(HttpRequest request, EntityTagHeaderValue? tag, SourceDocument document) =>
        document.Length is not { } whole ? null
            : CanSeek(document) && document.ContentRange is null && (request.Headers.IfRange.Count == 0 || (tag is not null && Conditions.RangeHolds(request, tag, document.Modified ?? DateTimeOffset.MinValue)))
                ? ByteRange.Read(request.Headers.Range, whole)
                : ByteRange.Whole(whole);

    private async Task SendAsync(HttpContext context, Stream content, long? length)
    {
        var (to, aborted) = (context.Response.BodyWriter, context.RequestAborted);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        for (var left = length ?? long.MaxValue; left > 0;)
        {
            var memory = to.GetMemory(64 * 1024);
            int count;
            try
            {
                using var timer = clock.CreateTimer(_ => patience.Cancel(), null, _patience, Timeout.InfiniteTimeSpan);
                count = await content.ReadAsync(memory.Length > left ? memory[..(int)left] : memory, patience.Token);
            }
            catch (Exception failure)
            {
                // Each kind of source has exceptions of its own, and more of them when nobody listens any more.
                aborted.ThrowIfCancellationRequested();
                Break(context, failure.GetType().Name);
                return;
            }

            if (count == 0)
            {
                if (length is not null)
                {
                    Break(context, "it is shorter than it should be");
                }

                return;
            }

            left -= count;
            to.Advance(count);
            if ((await to.FlushAsync(aborted)).IsCompleted)
            {
                // Nobody reads any more.
                HasBrokenOff = true;
                return;
            }
        }
    }

    private void Break(HttpContext context, string reason)
    {
        LogBroken(record.Source, reason);
        HasBrokenOff = true;
        context.Abort();
    }

    [LoggerMessage(EventId = 4090, Level = LogLevel.Information, Message = "A document of the source {Source} broke off: {Reason}")]
    private partial void LogBroken(string source, string reason);
}
