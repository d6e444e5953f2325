using System.Net;
using System.Text;

namespace GeoWps.Adapters.Execution.Documents;

/// <summary>What a page says, without its markup, scripts and styles. Whatever is in it, it ends: every character is looked at once.</summary>
internal static class HtmlText
{
    private static readonly string[] _hidden = ["script", "style", "template", "noscript"];
    private static readonly string[] _inline = ["a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "kbd", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u", "var", "wbr"];

    public static string Of(string html)
    {
        var text = new StringBuilder(html.Length / 2);
        for (var at = 0; at < html.Length;)
        {
            var open = html.IndexOf('<', at);
            if (open < 0 || open + 1 >= html.Length)
            {
                text.Append(html, at, html.Length - at);
                break;
            }

            if (!(char.IsAsciiLetter(html[open + 1]) || html[open + 1] is '/' or '!' or '?'))
            {
                text.Append(html, at, open + 1 - at);
                at = open + 1;
                continue;
            }

            text.Append(html, at, open - at);
            at = After(html, open, text);
        }

        return WebUtility.HtmlDecode(text.ToString());
    }

    private static int After(string html, int open, StringBuilder text)
    {
        if (string.CompareOrdinal(html, open, "<!--", 0, 4) == 0)
        {
            var end = html.IndexOf("-->", open + 4, StringComparison.Ordinal);
            return end < 0 ? html.Length : end + 3;
        }

        var name = Name(html, open);
        if (!_inline.Contains(name))
        {
            text.Append('\n');
        }

        var close = html.IndexOf('>', open);
        if (close < 0)
        {
            return html.Length;
        }

        if (html[open + 1] != '/' && _hidden.Contains(name))
        {
            var end = html.IndexOf("</" + name, close, StringComparison.OrdinalIgnoreCase);
            var last = end < 0 ? -1 : html.IndexOf('>', end);
            return last < 0 ? html.Length : last + 1;
        }

        return close + 1;
    }

    private static string Name(string html, int open)
    {
        var start = html[open + 1] == '/' ? open + 2 : open + 1;
        var end = start;
        while (end < html.Length && end - start < 12 && char.IsAsciiLetterOrDigit(html[end]))
        {
            end++;
        }

        return html[start..end].ToLowerInvariant();
    }
}
