using System.Net;
using System.Text;

namespace GeoWps.Adapters.Http.Pages;

/// <summary>
/// Writes an HTML document: whatever comes in as text or as an attribute's value is escaped, there is no way in for markup, and every element is closed by
/// who opened it.
/// </summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _html = new("<!DOCTYPE html>\n", 16 * 1024);

    public override string ToString() => _html.ToString();

    public void Element(string name, Action content, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start(name, attributes);
        content();
        _html.Append("</").Append(name).Append('>');
    }

    public void Element(string name, string? text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start(name, attributes);
        Text(text);
        _html.Append("</").Append(name).Append(">\n");
    }

    /// <summary>An element that has no content: <c>meta</c>, <c>input</c>.</summary>
    public void Void(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start(name, attributes);
        _html.Append('\n');
    }

    /// <summary>A link where the address is one of the web's; nothing else (<c>javascript:</c>) may be followed, and stands as text.</summary>
    public void Link(string href, string text)
    {
        if (href.StartsWith("http://", StringComparison.Ordinal) || href.StartsWith("https://", StringComparison.Ordinal) || href.StartsWith('#'))
        {
            Start("a", [("href", href)]);
            Text(text);
            _html.Append("</a>");
        }
        else
        {
            Text(text);
        }
    }

    public void Text(string? text) => _html.Append(WebUtility.HtmlEncode(text));

    /// <summary>A table that is a list of its rows where there is no room; the first cell of a row names it.</summary>
    public void Table<T>(IReadOnlyList<string> heads, IReadOnlyList<T> rows, Action<T> cells) => Element(
        "table",
        () =>
        {
            Element("thead", () => Element("tr", () =>
            {
                foreach (var head in heads)
                {
                    Element("th", head, ("scope", "col"));
                }
            }));
            Element("tbody", () =>
            {
                foreach (var row in rows)
                {
                    Element("tr", () => cells(row));
                }
            });
        },
        ("class", "stack"));

    /// <summary>A term of a <c>dl</c> and what it is; nothing where that is empty.</summary>
    public void Fact(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Fact(name, () => Text(value));
        }
    }

    public void Fact(string name, Action value)
    {
        Element("dt", name);
        Element("dd", value);
    }

    /// <summary>The style sheet: a constant of ours, which must not be escaped.</summary>
    public void Style() => _html.Append("<style>").Append(PageStyle.Text).Append("</style>\n");

    /// <summary>A script of ours, which must not be escaped, nor end before its end.</summary>
    public void Script(string text) => _html.Append("<script>").Append(text).Append("</script>\n");

    private void Start(string name, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _html.Append('<').Append(name);
        foreach (var (attribute, value) in attributes)
        {
            if (value is not null)
            {
                _html.Append(' ').Append(attribute).Append("=\"").Append(WebUtility.HtmlEncode(value)).Append('"');
            }
        }

        _html.Append('>');
    }
}
