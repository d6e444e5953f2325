using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using GeoWps.Application.Security;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Gateway.Answers;

/// <summary>The gateway's own documents.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions _form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, _form))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static Task SendAsync(HttpContext context, byte[] body, int status = StatusCodes.Status200OK, string contentType = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}

/// <summary>The administrator's token in a request: RFC 6750.</summary>
internal static class Bearer
{
    private const string Scheme = "Bearer";

    /// <returns><see langword="null"/> when the token was shown: nothing else of the request is looked at before.</returns>
    public static GatewayProblem? Refuse(HttpContext context, AdminToken token)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase) && header[Scheme.Length..].Trim() is { Length: > 0 } given)
        {
            return token.Is(given) ? null : GatewayProblem.WrongToken();
        }

        return GatewayProblem.NoToken();
    }
}
