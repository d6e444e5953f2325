using System.Net;
using System.Text.RegularExpressions;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>QGIS's help is HTML in parts.</summary>
internal static partial class PlainText
{
    /// <returns><see langword="null"/> when nothing is left.</returns>
    public static string? Of(string? html)
    {
        if (string.IsNullOrWhiteSpace(html))
        {
            return null;
        }

        var text = Break().Replace(html, "\n");
        text = WebUtility.HtmlDecode(Tag().Replace(text, ""));
        text = Spaces().Replace(text.ReplaceLineEndings("\n"), " ");
        text = Lines().Replace(text, "\n\n").Trim();
        return text.Length == 0 ? null : text;
    }

    [GeneratedRegex(@"<(br|/p|/li|/h\d|/tr)\s*/?>", RegexOptions.IgnoreCase)]
    private static partial Regex Break();

    /// <summary>A tag begins with a letter: a comparison such as <c>a &lt; b</c> stays.</summary>
    [GeneratedRegex(@"</?[a-zA-Z][^<>]*>|<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Tag();

    [GeneratedRegex(@"[ \t]+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\n\s*\n\s*")]
    private static partial Regex Lines();
}
