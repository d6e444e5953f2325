using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Gateway.Answers;

/// <summary>The gateway's own answers for browsers: plain pages without scripts.</summary>
internal static class HtmlText
{
    public const string MediaType = "text/html; charset=utf-8";

    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b2430;background:#fff}a{color:#0b5cad}"
        + "h1{font-size:1.5rem}table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #d8dee6}"
        + "@media(prefers-color-scheme:dark){body{color:#e4e9f0;background:#14181e}a{color:#7ab7ff}td,th{border-color:#333c48}}";

    /// <summary>Whether a page is asked for: by <c>f=html</c>, or by who prefers it to JSON and says nothing else.</summary>
    public static bool IsWanted(HttpRequest request)
    {
        if (request.Query.TryGetValue("f", out var form))
        {
            return form == "html";
        }

        var (html, json) = (0.0, 0.0);
        foreach (var type in request.GetTypedHeaders().Accept)
        {
            var quality = type.Quality ?? 1;
            if (type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("application/xhtml+xml", StringComparison.OrdinalIgnoreCase))
            {
                html = Math.Max(html, quality);
            }
            else if (type.MediaType.Value?.Contains("json", StringComparison.OrdinalIgnoreCase) == true)
            {
                json = Math.Max(json, quality);
            }
        }

        return html > json;
    }

    public static byte[] Problem(GatewayProblem problem) =>
        Page(problem.Title, $"<p>{Text(problem.Detail)}</p><p>{problem.Status.ToString(CultureInfo.InvariantCulture)} · <a href=\"/\">Start</a></p>");

    /// <param name="merged">A document whose member <paramref name="list"/> is a list, and the last part of its address.</param>
    /// <param name="id">What each is linked by.</param>
    /// <param name="columns">Heads, and the members that stand below them; <c>version</c> may be several.</param>
    public static byte[] List(ReadOnlyMemory<byte> merged, string title, string list, string id, params ReadOnlySpan<(string Head, string Member)> columns)
    {
        using var document = JsonDocument.Parse(merged);
        var (root, body) = (document.RootElement, new StringBuilder());
        if (root.TryGetProperty("incomplete", out var missing))
        {
            body.Append("<p><strong>Not all nodes have answered: ").Append(Text(string.Join(", ", missing.EnumerateArray().Select(name => name.GetString())))).Append("</strong></p>");
        }

        body.Append("<table><thead><tr>");
        foreach (var (head, _) in columns)
        {
            body.Append("<th>").Append(Text(head)).Append("</th>");
        }

        body.Append("</tr></thead><tbody>");
        foreach (var one in root.GetProperty(list).EnumerateArray())
        {
            body.Append("<tr>");
            foreach (var (_, member) in columns)
            {
                var text = Text(
                    member == "version" && one.TryGetProperty("versions", out var several) ? string.Join(", ", several.EnumerateArray().Select(version => TextOf(version, "version"))) : TextOf(one, member));
                body.Append("<td>").Append(member == id ? $"<a href=\"/{list}/{Uri.EscapeDataString(TextOf(one, id))}\">{text}</a>" : text).Append("</td>");
            }

            body.Append("</tr>");
        }

        body.Append("</tbody></table>");
        if (root.TryGetProperty("links", out var links))
        {
            foreach (var next in links.EnumerateArray().Where(link => TextOf(link, "rel") == "next"))
            {
                body.Append("<p><a rel=\"next\" href=\"").Append(Text(TextOf(next, "href"))).Append("\">More</a></p>");
            }
        }

        return Page(title, body.Append("<p><a href=\"?f=json\">JSON</a></p>").ToString());
    }

    /// <summary>Nothing but its own style is let in.</summary>
    public static void Guard(HttpResponse response) =>
        response.Headers[HeaderNames.ContentSecurityPolicy] = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private static byte[] Page(string title, string body) => Encoding.UTF8.GetBytes(
        $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{Text(title)}</title><style>{Style}</style></head><body><h1>{Text(title)}</h1>{body}</body></html>");

    private static string TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
