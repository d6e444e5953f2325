using System.Buffers;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Binding;

/// <summary>
/// Reads the request that a reference may stand for: <c>method</c>, <c>headers</c>, <c>body</c> and <c>bodyHref</c> beside <c>href</c>. OGC API has no such
/// members; they are how WPS's references with bodies and headers come here, and open to everybody.
/// </summary>
internal static class ReferenceBinding
{
    private const int MostHeaders = 50;

    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>They belong to the connection, which is ours.</summary>
    private static readonly HashSet<string> Ours = new(
        ["Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "Expect", "TE", "Trailer", "Proxy-Authorization", "Proxy-Connection", "Accept-Encoding"],
        StringComparer.OrdinalIgnoreCase);

    /// <returns><see langword="null"/> for a plain reference; why it is refused.</returns>
    public static (ReferencePost? Post, string? Refusal) Read(JsonElement json, IReferenceFetcher references)
    {
        var (headers, wrongHeaders) = ReadHeaders(json);
        var (method, wrongMethod) = Text(json, "method");
        var (body, wrongBody) = Text(json, "body");
        var (bodyHref, wrongBodyHref) = Text(json, "bodyHref");
        if ((wrongHeaders ?? wrongMethod ?? wrongBody ?? wrongBodyHref) is { } refusal)
        {
            return (null, refusal);
        }

        if (method is not (null or "GET" or "POST"))
        {
            return (null, "method must be GET or POST");
        }

        if (body?.Length > RequestLimits.LargestReferenceBody)
        {
            return (null, $"the body of a reference may have {RequestLimits.LargestReferenceBody} characters");
        }

        if (bodyHref is not null && references.Refuse(bodyHref) is { } unreachable)
        {
            return (null, $"bodyHref: {unreachable}");
        }

        body ??= method == "POST" && bodyHref is null ? "" : null;
        return (headers.Length == 0 && body is null && bodyHref is null ? null : new ReferencePost(headers, body, bodyHref), null);
    }

    public static IReadOnlyList<KeyValuePair<string, string>> Headers(ReferencePost? post) =>
    [
        .. (post?.Headers ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .Select(parts => KeyValuePair.Create(parts[0], parts[1])),
    ];

    private static (string Headers, string? Refusal) ReadHeaders(JsonElement json)
    {
        if (!json.TryGetProperty("headers", out var headers) || headers.ValueKind == JsonValueKind.Null)
        {
            return ("", null);
        }

        if (headers.ValueKind != JsonValueKind.Object || headers.GetPropertyCount() > MostHeaders)
        {
            return ("", $"headers must be an object of up to {MostHeaders} strings");
        }

        var lines = new List<string>();
        foreach (var header in headers.EnumerateObject())
        {
            var value = header.Value.ValueKind == JsonValueKind.String ? header.Value.GetString()! : null;
            if (header.Name.Length == 0 || header.Name.AsSpan().IndexOfAnyExcept(Token) >= 0 || value is null || value.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0)
            {
                return ("", $"headers: {header.Name} is no header of visible ASCII characters");
            }

            if (Ours.Contains(header.Name))
            {
                return ("", $"headers: {header.Name} is not for callers to set");
            }

            lines.Add($"{header.Name}: {value}");
        }

        return (string.Join('\n', lines), null);
    }

    private static (string? Text, string? Refusal) Text(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? (null, null)
        : value.ValueKind == JsonValueKind.String ? (value.GetString(), null)
        : (null, $"{name} must be a string");
}
