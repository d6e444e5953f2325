using System.Net;
using System.Text;

namespace GeoWps.Adapters.Http.Pages;

/// <summary>Writes HTML: whatever is a text or an attribute's value is escaped, and every element is closed by who opened it.</summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _html = new(16 * 1024);

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

    public void Link(string href, string text) => Element("a", text, ("href", href));

    public void Text(string? text) => _html.Append(WebUtility.HtmlEncode(text));

    /// <summary>Ours, as it is: the style sheet, the document type.</summary>
    public void Raw(string html) => _html.Append(html);

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
