using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Gateway.Answers;

/// <summary>What the gateway itself has to say when there is no answer of a node's: RFC 9457.</summary>
internal sealed record GatewayProblem(int Status, string Title, string Detail)
{
    /// <summary>The service that was asked for, where it is known.</summary>
    public string? Service { get; init; }

    public int? RetryAfterSeconds { get; init; }

    /// <summary>Of 405: what is possible.</summary>
    public string? Allow { get; init; }

    public static GatewayProblem NotFound(string path) => new(StatusCodes.Status404NotFound, "Not found", $"There is nothing at {path}.");

    public static GatewayProblem WrongMethod(string method) => new(StatusCodes.Status405MethodNotAllowed, "Method not allowed", $"{method} is not possible here; the Allow header names what is.");

    public static GatewayProblem NoSuchService(string name) => new(StatusCodes.Status404NotFound, "No such service", $"There is no service {name}.");

    public static GatewayProblem NoNode(string service, string? process, int retryAfter) => new(
        StatusCodes.Status503ServiceUnavailable, "Service not available", process is null ? $"No node is there for {service} now." : $"No node is there for the process {process} now.")
    {
        Service = service,
        RetryAfterSeconds = retryAfter,
    };

    public static GatewayProblem NoNodes(int retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, "Service not available", "No node was found yet.") { RetryAfterSeconds = retryAfter };

    public static GatewayProblem NoFigures(int retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, "Figures not available", "The database that keeps the figures of calls is away.") { RetryAfterSeconds = retryAfter };

    public static GatewayProblem Broken(string service) =>
        new(StatusCodes.Status502BadGateway, "No answer", $"The node did not answer. Whether it did what it was asked for is not known ({service}).") { Service = service };

    public static GatewayProblem TooLate(string service) =>
        new(StatusCodes.Status504GatewayTimeout, "No answer in time", $"The node did not answer in time. Whether it did what it was asked for is not known ({service}).") { Service = service };

    public static GatewayProblem NoToken() => new(StatusCodes.Status401Unauthorized, "Token required", "This needs the administrator's token: Authorization: Bearer TOKEN.");

    public static GatewayProblem WrongToken() => new(StatusCodes.Status403Forbidden, "Wrong token", "The token is not the administrator's.");

    public static GatewayProblem BadParameter(string detail) => new(StatusCodes.Status400BadRequest, "Invalid parameter", detail);

    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.Clear();
        response.StatusCode = Status;
        var isPage = HtmlText.IsWanted(context.Request);
        response.ContentType = isPage ? HtmlText.MediaType : TakesPlainJsonOnly(context.Request) ? "application/json" : "application/problem+json";
        response.Headers.Vary = "Accept";
        response.Headers.CacheControl = "no-store";
        if (Allow is not null)
        {
            response.Headers.Allow = Allow;
        }

        if (Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (RetryAfterSeconds is { } wait)
        {
            response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        }

        if (isPage)
        {
            HtmlText.Guard(response);
        }

        var body = isPage ? HtmlText.Problem(this) : Body();
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    private byte[] Body()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("type", "about:blank");
            json.WriteString("title", Title);
            json.WriteNumber("status", Status);
            json.WriteString("detail", Detail);
            if (Service is not null)
            {
                json.WriteString("service", Service);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    // There are clients that take nothing else.
    private static bool TakesPlainJsonOnly(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) && !accept.Contains("application/problem+json", StringComparison.OrdinalIgnoreCase)
            && !accept.Contains("*/*", StringComparison.Ordinal) && !accept.Contains("application/*", StringComparison.Ordinal);
    }
}
