using System.IO.Pipelines;
using System.Text;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Results;

/// <summary>Several bare values: <c>response=raw</c>, as <c>multipart/related</c> (RFC 2387), one part each; a part by reference has no body.</summary>
/// <param name="boundary">Made of the job's id, which nothing inside can know beforehand; and the same whenever the results are fetched.</param>
internal sealed class MultipartAnswer(IReadOnlyList<ResultItem> items, OutputAddresses addresses, IBlobStore blobs, string boundary) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = $"multipart/related; boundary=\"{boundary}\"";
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        var (pipe, cancellationToken) = (httpContext.Response.BodyWriter, httpContext.RequestAborted);
        foreach (var item in items)
        {
            await WriteAsync(pipe, item, cancellationToken);
        }

        Write(pipe, $"--{boundary}--\r\n");
        await pipe.FlushAsync(cancellationToken);
    }

    private async Task WriteAsync(PipeWriter pipe, ResultItem item, CancellationToken cancellationToken)
    {
        Write(pipe, $"--{boundary}\r\nContent-ID: <{item.Value.Id}>\r\n");
        if (item.ByReference)
        {
            Write(pipe, $"Content-Type: {Media.Header(OutputForm.MediaTypeOf(item.Value))}\r\nContent-Location: {addresses.Of(item.Value)}\r\n\r\n\r\n");
            return;
        }

        switch (item.Value)
        {
            case OutputValue.Literal literal:
                var (bytes, contentType) = OutputForm.Bare(literal, asJson: false);
                Write(pipe, $"Content-Type: {contentType}\r\n\r\n");
                await pipe.WriteAsync(bytes, cancellationToken);
                break;
            case OutputValue.Content content:
                await using (var blob = await blobs.OpenAsync(content.Key, 0, length: null, cancellationToken) ?? throw new ContentGoneException())
                {
                    Write(pipe, $"Content-Type: {Media.Header(OutputForm.MediaTypeOf(content))}\r\n\r\n");
                    await PipeCopy.CopyAsync(blob.Content, pipe, cancellationToken);
                }

                break;
            default:
                Write(pipe, $"Content-Type: {Media.Header(OutputForm.MediaTypeOf(item.Value))}\r\n\r\n");
                using (var writer = new DocumentWriter(pipe, blobs))
                {
                    await writer.WriteAsync(item.Value, cancellationToken);
                    await writer.FlushAsync(cancellationToken);
                }

                break;
        }

        Write(pipe, "\r\n");
    }

    private static void Write(PipeWriter pipe, string text) => Encoding.UTF8.GetBytes(text, pipe);
}
