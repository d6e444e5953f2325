using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell;

/// <summary>The server's answer to a request that it did not fulfil.</summary>
internal sealed class ApiException(HttpStatusCode status, IReadOnlyList<string> lines) : CommandException(lines)
{
    public HttpStatusCode Status { get; } = status;
}

/// <summary>Nothing answered, or not to the end: it may be worth another try.</summary>
internal sealed class NoAnswerException(string message) : CommandException(message);

/// <summary>Reads problem details (RFC 9457): each mistake is a line of its own.</summary>
internal static class Problems
{
    private const int MaxBytes = 1 << 20;

    public static async Task<IReadOnlyList<string>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = $"HTTP {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonNode.ParseAsync(body, cancellationToken: cancellationToken) is JsonObject problem ? Lines(problem, status) : [status];
        }
        catch (Exception failure) when (failure is JsonException or HttpRequestException)
        {
            return [status];
        }
    }

    internal static IReadOnlyList<string> Lines(JsonObject problem, string status)
    {
        var mistakes = problem.Objects("mistakes")
            .Select(mistake => mistake.Text("place") is { Length: > 0 } place ? $"{place}: {mistake.Text("message")}" : mistake.Text("message") ?? "")
            .ToArray();
        return mistakes.Length > 0 ? mistakes : [problem.Text("detail") ?? problem.Text("title") ?? status];
    }
}
