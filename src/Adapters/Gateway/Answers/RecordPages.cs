using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Gateway.Answers;

/// <summary>Records of several nodes for people, as a node shows its own: a form, what was found with its words marked, who did not answer, and by what it can be narrowed.</summary>
/// <param name="address">This address with a parameter replaced, or without it; from the first page on.</param>
internal sealed class RecordPages(IQueryCollection query, string path, Func<string, string?, string> address)
{
    /// <summary>What a page counts by.</summary>
    public const string Facets = "type,keywords,source,classification";

    /// <summary>Records of one page.</summary>
    public const int Most = 100;

    private const int MaxDescription = 240;
    private const string Scheme = "scheme:";

    // Of the form: what it has no field for stays as it is.
    private static readonly string[] _fields = ["q", "f", "offset"];

    /// <param name="merged">Records, as <see cref="Application.Records.RecordMerging"/> makes them.</param>
    public byte[] Search(ReadOnlyMemory<byte> merged, int offset)
    {
        using var document = JsonDocument.Parse(merged);
        var (root, body) = (document.RootElement, new StringBuilder());
        Form(body);
        if (root.TryGetProperty("incomplete", out var missing))
        {
            body.Append("<p><strong>Not all nodes have answered: ").Append(Text(string.Join(", ", missing.EnumerateArray().Select(name => name.GetString())))).Append("</strong></p>");
        }

        JsonElement[] records = [.. root.GetProperty("features").EnumerateArray()];
        var matched = root.GetProperty("numberMatched").GetInt64();
        body.Append("<p>").Append(matched == 0
            ? "Nothing was found."
            : records.Length == 0 ? string.Create(CultureInfo.InvariantCulture, $"This page is behind the last of {matched:N0}.")
            : string.Create(CultureInfo.InvariantCulture, $"{offset + 1:N0} to {offset + records.Length:N0} of {matched:N0}.")).Append("</p><ul class=\"rows\">");
        foreach (var record in records)
        {
            Row(body, record);
        }

        body.Append("</ul><p>");
        foreach (var (relation, title) in ((string, string)[])[("prev", "Previous page"), ("next", "Next page")])
        {
            foreach (var link in root.GetProperty("links").EnumerateArray().Where(link => TextOf(link, "rel") == relation))
            {
                body.Append("<a rel=\"").Append(relation).Append("\" href=\"").Append(Text(TextOf(link, "href"))).Append("\">").Append(title).Append("</a> ");
            }
        }

        body.Append("</p>");
        foreach (var facet in root.TryGetProperty("facets", out var facets) ? facets.EnumerateObject() : default)
        {
            Facet(body, facet.Name, [.. facet.Value.GetProperty("buckets").EnumerateArray()]);
        }

        return HtmlText.Page("Search", body.Append("<p><a href=\"").Append(Text(address("f", "json"))).Append("\">JSON</a></p>").ToString());
    }

    private void Form(StringBuilder body)
    {
        body.Append("<form role=\"search\" method=\"get\" action=\"").Append(Text(path)).Append("\"><label for=\"q\">Words, all of which have to be there; &quot;in quotation marks&quot; as they stand</label>")
            .Append("<input id=\"q\" name=\"q\" type=\"search\" value=\"").Append(Text(query["q"].ToString())).Append("\"><input name=\"f\" type=\"hidden\" value=\"html\">");
        foreach (var (name, values) in query.Where(one => !_fields.Contains(one.Key)))
        {
            body.Append("<input type=\"hidden\" name=\"").Append(Text(name)).Append("\" value=\"").Append(Text(values.ToString())).Append("\">");
        }

        body.Append("<button>Search</button></form>");
    }

    private static void Row(StringBuilder body, JsonElement record)
    {
        var (properties, id) = (Object(record, "properties"), TextOf(record, "id"));
        body.Append("<li dir=\"auto\"><strong><a href=\"/collections/records/items/").Append(Text(Uri.EscapeDataString(id).Replace("%3A", ":", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal)))
            .Append("?f=html\">").Append(Text(TitleOf(record))).Append("</a></strong> <code>").Append(Text(TextOf(properties, "type"))).Append("</code> ").Append(Text(TextOf(record, "node")));
        if (TextOf(record, "hit") is { Length: > 0 } hit)
        {
            body.Append("<br>").Append(Marked(hit));
        }
        else if (TextOf(properties, "description") is { Length: > 0 } description)
        {
            body.Append("<br>").Append(Text(description.Length > MaxDescription ? description[..MaxDescription] + "…" : description));
        }

        body.Append("</li>");
    }

    // Written anew: of what a node says nothing but the marks is HTML.
    private static string Marked(string hit)
    {
        var html = new StringBuilder();
        foreach (var part in hit.Split("<mark>"))
        {
            var end = part.IndexOf("</mark>", StringComparison.Ordinal);
            if (end >= 0)
            {
                html.Append("<mark>").Append(Text(WebUtility.HtmlDecode(part[..end]))).Append("</mark>");
            }

            html.Append(Text(WebUtility.HtmlDecode(end >= 0 ? part[(end + "</mark>".Length)..] : part)));
        }

        return html.ToString();
    }

    private void Facet(StringBuilder body, string name, JsonElement[] values)
    {
        if (values.Length == 0)
        {
            return;
        }

        var isScheme = name.StartsWith(Scheme, StringComparison.Ordinal);
        var parameter = isScheme ? "classification" : name;
        body.Append("<h2>").Append(Text(char.ToUpperInvariant(name[0]) + name[1..])).Append("</h2><ul class=\"line\">");
        if (query.ContainsKey(parameter))
        {
            body.Append("<li><a href=\"").Append(Text(address(parameter, null))).Append("\">Any</a></li>");
        }

        foreach (var one in values)
        {
            var value = TextOf(one, "value");
            body.Append("<li><a href=\"").Append(Text(address(parameter, isScheme ? $"{name[Scheme.Length..]}:{value}" : value))).Append("\">").Append(Text(string.Join(' ', (string[])[value, TextOf(one, "label")]).Trim()))
                .Append("</a> (").Append(one.GetProperty("count").GetInt64().ToString("N0", CultureInfo.InvariantCulture)).Append(")</li>");
        }

        body.Append("</ul>");
    }

    private static string TitleOf(JsonElement record) => TextOf(Object(record, "properties"), "title") is { Length: > 0 } title ? title : TextOf(record, "id");

    private static JsonElement Object(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : default;

    private static string TextOf(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object ? HtmlText.TextOf(of, name) : "";

    private static string Text(string text) => HtmlText.Text(text);
}
