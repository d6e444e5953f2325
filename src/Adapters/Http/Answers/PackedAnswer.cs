using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>A large document that was made once and is kept packed: it is a twentieth of its size, and so it is sent to whoever can unpack it.</summary>
/// <param name="packed">By gzip.</param>
/// <param name="length">Bytes unpacked.</param>
internal sealed class PackedAnswer(ReadOnlyMemory<byte> packed, long length, string contentType) : IResult
{
    private readonly EntityTagHeaderValue _tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(packed.Span).AsSpan(0, 12))}\"");

    /// <summary>Bytes that are kept.</summary>
    public int Size => packed.Length;

    /// <summary>The same document under another name.</summary>
    public PackedAnswer As(string type) => type == contentType ? this : new PackedAnswer(packed, length, type);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        response.Headers.ETag = _tag.ToString();
        response.Headers.CacheControl = "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        if (Conditions.NoneMatches(request, _tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var asItIs = Accept.Unpacks(request, "gzip");
        response.ContentType = contentType;
        response.ContentLength = asItIs ? packed.Length : length;
        if (asItIs)
        {
            response.Headers.ContentEncoding = "gzip";
        }

        if (HttpMethods.IsHead(request.Method))
        {
            return;
        }

        if (asItIs)
        {
            await response.Body.WriteAsync(packed, httpContext.RequestAborted);
            return;
        }

        await using var content = new GZipStream(new MemoryStream(packed.ToArray(), writable: false), CompressionMode.Decompress);
        await content.CopyToAsync(response.Body, httpContext.RequestAborted);
    }
}
