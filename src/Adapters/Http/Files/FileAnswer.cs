using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Results;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Files;

/// <summary>
/// A file's content, whole or a range of it: RFC 9110, clauses 13 and 14. Callers choose what is in it and others open it: so a browser guesses no other type, runs nothing of it, and
/// shows only what can't be a document of this server's.
/// </summary>
internal sealed class FileAnswer(FileEntry entry, Blob blob) : IResult
{
    private static readonly string[] _shown =
        [MediaTypes.Text, "text/csv", "text/markdown", MediaTypes.Json, MediaTypes.GeoJson, "application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff"];

    /// <summary>Bytes of a file here that are read where the request is: the system has no way to read a file without holding a thread, and another one costs more than the reading.</summary>
    private const int ReadAtOnce = 128 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var open = blob;
        var (request, response, info) = (httpContext.Request, httpContext.Response, blob.Info);
        var tag = new EntityTagHeaderValue($"\"{info.ETag}\"");
        WriteHead(response, info, tag);
        if (IfMatchFails(request, tag))
        {
            await Problems.FileChanged().ExecuteAsync(httpContext);
            return;
        }

        if (Conditions.Unchanged(request, tag, info.LastModified))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var range = Conditions.RangeHolds(request, tag, info.LastModified) ? ByteRange.Read(request.Headers.Range, info.Length) : ByteRange.Whole(info.Length);
        if (range is not { } part)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = ByteRange.HeaderOfNone(info.Length);
            return;
        }

        response.ContentType = Media.Header(info.ContentType);
        response.ContentLength = part.Length;
        if (part.Length < info.Length)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = part.HeaderOf(info.Length);
        }

        if (!HttpMethods.IsHead(request.Method))
        {
            await SendAsync(httpContext, part);
        }
    }

    private async Task SendAsync(HttpContext context, ByteRange part)
    {
        blob.Content.Position = part.Offset;
        if (blob.LocalPath is not null && part.Length is > 0 and <= ReadAtOnce)
        {
            var (writer, length) = (context.Response.BodyWriter, (int)part.Length);
            blob.Content.ReadExactly(writer.GetSpan(length)[..length]);
            writer.Advance(length);
            await writer.FlushAsync(context.RequestAborted);
            return;
        }

        await PipeCopy.SendAsync(context, blob, part.Length);
    }

    private void WriteHead(HttpResponse response, BlobInfo info, EntityTagHeaderValue tag)
    {
        var disposition = new ContentDispositionHeaderValue(_shown.Contains(MediaTypes.WithoutParameters(info.ContentType)) ? "inline" : "attachment");
        disposition.SetHttpFileName(entry.Path.Name);
        response.Headers.ETag = tag.ToString();
        response.Headers.LastModified = HeaderUtilities.FormatDate(info.LastModified);
        response.Headers.CacheControl = entry.IsPublic ? "no-cache" : "private, no-cache";
        response.Headers.AcceptRanges = "bytes";
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.XContentTypeOptions = "nosniff";
    }

    private static bool IfMatchFails(HttpRequest request, EntityTagHeaderValue tag)
    {
        var sent = request.Headers.IfMatch;
        return sent.Count > 0 && !(EntityTagHeaderValue.TryParseList(sent, out var tags) && tags.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: true)));
    }
}
