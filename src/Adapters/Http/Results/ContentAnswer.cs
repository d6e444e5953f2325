using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Results;

/// <summary>Content of the blob store, whole or a range of it: RFC 9110, clauses 13 and 14.</summary>
internal sealed class ContentAnswer(OutputValue.Content content, IBlobStore blobs) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response, cancellationToken) = (httpContext.Request, httpContext.Response, httpContext.RequestAborted);
        if (await blobs.FindAsync(content.Key, cancellationToken) is not { } info)
        {
            throw new ContentGoneException();
        }

        var tag = new EntityTagHeaderValue($"\"{info.ETag}\"");
        WriteHead(response, info, tag);
        var isGet = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (isGet && Conditions.Unchanged(request, tag, info.LastModified))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var range = isGet && Conditions.RangeHolds(request, tag, info.LastModified)
            ? ByteRange.Read(request.Headers.Range, info.Length)
            : ByteRange.Whole(info.Length);
        if (range is not { } part)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = ByteRange.HeaderOfNone(info.Length);
            return;
        }

        response.ContentType = Media.Header(OutputForm.MediaTypeOf(content));
        response.ContentLength = part.Length;
        if (part.Length < info.Length)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = part.HeaderOf(info.Length);
        }

        if (!HttpMethods.IsHead(request.Method))
        {
            await SendAsync(httpContext, part, cancellationToken);
        }
    }

    private void WriteHead(HttpResponse response, BlobInfo info, EntityTagHeaderValue tag)
    {
        var disposition = new ContentDispositionHeaderValue("inline");
        disposition.SetHttpFileName(content.Name);
        response.Headers.ETag = tag.ToString();
        response.Headers.LastModified = HeaderUtilities.FormatDate(info.LastModified);
        response.Headers.CacheControl = "no-cache";
        response.Headers.AcceptRanges = "bytes";
        response.Headers.ContentDisposition = disposition.ToString();
    }

    private async Task SendAsync(HttpContext context, ByteRange part, CancellationToken cancellationToken)
    {
        await using var blob = await blobs.OpenAsync(content.Key, part.Offset, part.Length, cancellationToken) ?? throw new ContentGoneException();
        await PipeCopy.SendAsync(context, blob, part.Length);
    }
}
