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

    // As the nodes' pages look, between which these stand.
    private const string Style =
        ":root{--ink:#1c2b33;--soft:#51636c;--line:#d8e1e5;--paper:#fbfcfc;--link:#0a627d}"
        + "@media(prefers-color-scheme:dark){:root{--ink:#e3eaed;--soft:#9db0b9;--line:#2b3a41;--paper:#12191d;--link:#74c9e3}}"
        + "*{box-sizing:border-box}body{margin:0 auto;max-width:68rem;padding:0 1.2rem 3rem;font:1rem/1.55 system-ui,sans-serif;color:var(--ink);background:var(--paper)}"
        + "header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.2rem 2rem;padding:1rem 0;border-bottom:1px solid var(--line)}header nav+nav a+a{margin-left:.9rem}"
        + "a{color:var(--link)}h1{font-size:1.7rem;line-height:1.25;margin:1.6rem 0 .4rem;overflow-wrap:anywhere}p{max-width:46rem;margin:.5rem 0;overflow-wrap:anywhere}.soft{color:var(--soft)}"
        + "table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.4rem .6rem .4rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}"
        + "h2{font-size:1.15rem;margin:1.8rem 0 .4rem}code{color:var(--soft);margin:0 .4rem}.rows{list-style:none;margin:0;padding:0}.rows li{border-top:1px solid var(--line);padding:.6rem 0;overflow-wrap:anywhere}"
        + ".line{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;margin:.5rem 0;padding:0}form{display:flex;flex-wrap:wrap;gap:.5rem;margin:1rem 0;max-width:46rem}label{flex-basis:100%;color:var(--soft)}"
        + "input{flex:1 1 12rem;min-width:0;max-width:26rem}input,button{font:inherit;color:inherit;background:transparent;border:1px solid var(--soft);border-radius:.3rem;padding:.35rem .6rem}";

    private const string Header =
        """<header><nav><a href="/">Home</a></nav><nav><a href="/processes">Processes</a> <a href="/jobs">Jobs</a> <a href="/collections">Collections</a> <a href="/files/">Files</a> <a href="/search">Search</a> <a href="/api">API</a> <a href="/conformance">Conformance</a></nav></header>""";

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
        Page(problem.Title, $"<p>{Text(problem.Detail)}</p><p class=\"soft\">{problem.Status.ToString(CultureInfo.InvariantCulture)}</p>");

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
        response.Headers[HeaderNames.ContentSecurityPolicy] = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

    internal static byte[] Page(string title, string body) => Encoding.UTF8.GetBytes(
        $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><title>{Text(title)}</title><style>{Style}</style></head><body>{Header}<h1>{Text(title)}</h1>{body}</body></html>");

    internal static string TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    internal static string Text(string text) => WebUtility.HtmlEncode(text);
}
