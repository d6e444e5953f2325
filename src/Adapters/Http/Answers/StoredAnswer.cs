using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>Bytes that were made once and are sent many times; the tag is a digest of them, so it is right whatever they were made of.</summary>
internal sealed class StoredAnswer : IResult
{
    private readonly EntityTagHeaderValue _tag;

    public StoredAnswer(byte[] bytes, string contentType)
        : this(bytes, contentType, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12))}\"")
    {
    }

    private StoredAnswer(byte[] bytes, string contentType, string tag) =>
        (Bytes, ContentType, ETag, _tag) = (bytes, contentType, tag, new EntityTagHeaderValue(tag));

    public byte[] Bytes { get; }

    public string ContentType { get; }

    public string ETag { get; }

    /// <summary>The same bytes under another name.</summary>
    public StoredAnswer As(string contentType) => contentType == ContentType ? this : new StoredAnswer(Bytes, contentType, ETag);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ETag = ETag;
        response.Headers.CacheControl = "no-cache";
        if (Conditions.NoneMatches(httpContext.Request, _tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = ContentType;
        response.ContentLength = Bytes.Length;
        return response.Body.WriteAsync(Bytes, httpContext.RequestAborted).AsTask();
    }
}
