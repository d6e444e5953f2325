using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>A small JSON document, written at once, with its length.</summary>
internal sealed class JsonAnswer(Action<Utf8JsonWriter> write) : IResult
{
    /// <summary>Text stays readable: nothing of ours is ever put into a page's script.</summary>
    public static readonly JsonWriterOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public int Status { get; init; } = StatusCodes.Status200OK;

    public string ContentType { get; init; } = Media.Json;

    /// <summary>Nobody may keep it.</summary>
    public bool IsSecret { get; init; }

    /// <summary>What is written already.</summary>
    public static IResult Of(byte[] bytes, string contentType) => new Written(bytes, contentType);

    public static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Form))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public Task ExecuteAsync(HttpContext httpContext) => httpContext.SendAsync(Bytes(write), ContentType, Status, IsSecret);

    private sealed class Written(byte[] bytes, string contentType) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => httpContext.SendAsync(bytes, contentType, StatusCodes.Status200OK);
    }
}
