using System.Text;
using System.Xml;
using GeoWps.Adapters.Http.Ows;

namespace GeoWps.Adapters.Http.Wps.Requests;

/// <summary>Steps through the elements of a request, forward only.</summary>
internal static class XmlCursor
{
    private const int LongestText = 16 * 1024;

    /// <summary>No entity is resolved and no address followed.</summary>
    public static readonly XmlReaderSettings Settings = new()
    {
        Async = true, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CloseInput = false, IgnoreComments = true, MaxCharactersFromEntities = 1024,
    };

    /// <summary>Goes through the children of the element at hand, and behind it. <paramref name="read"/> leaves the reader behind the child.</summary>
    public static async Task ChildrenAsync(this XmlReader xml, Func<Task> read)
    {
        var depth = xml.Depth;
        var isEmpty = xml.IsEmptyElement;
        await xml.ReadAsync();
        while (!isEmpty && xml.Depth > depth)
        {
            if (xml.NodeType == XmlNodeType.Element)
            {
                await read();
            }
            else
            {
                await xml.ReadAsync();
            }
        }

        if (!isEmpty)
        {
            await xml.ReadAsync();
        }
    }

    /// <summary>A short text: an identifier, a number.</summary>
    public static async Task<string> TextAsync(this XmlReader xml)
    {
        var (name, depth, isEmpty, text) = (xml.LocalName, xml.Depth, xml.IsEmptyElement, new StringBuilder());
        var letters = new char[1024];
        await xml.ReadAsync();
        while (!isEmpty && xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
            {
                while (await xml.ReadValueChunkAsync(letters, 0, letters.Length) is > 0 and var read)
                {
                    text.Append(letters, 0, read);
                    if (text.Length > LongestText)
                    {
                        throw new OwsRefusedException(OwsFault.Invalid(name, $"{name}: is too long"));
                    }
                }
            }

            await xml.ReadAsync();
        }

        if (!isEmpty)
        {
            await xml.ReadAsync();
        }

        return text.ToString().Trim();
    }

    /// <summary>Onto the first thing that is no white space in the element at hand.</summary>
    /// <returns><see langword="false"/> when there is nothing; then the reader is behind the element.</returns>
    public static async Task<bool> EnterAsync(this XmlReader xml)
    {
        var depth = xml.Depth;
        if (xml.IsEmptyElement)
        {
            await xml.ReadAsync();
            return false;
        }

        await xml.ReadAsync();
        while (xml.Depth > depth && xml.NodeType is XmlNodeType.Whitespace or XmlNodeType.ProcessingInstruction)
        {
            await xml.ReadAsync();
        }

        if (xml.Depth > depth)
        {
            return true;
        }

        await xml.ReadAsync();
        return false;
    }

    /// <summary>Behind the element at <paramref name="depth"/>, from anywhere in it.</summary>
    public static async Task LeaveAsync(this XmlReader xml, int depth)
    {
        while (xml.Depth > depth)
        {
            await xml.ReadAsync();
        }

        await xml.ReadAsync();
    }

    public static string? Attribute(this XmlReader xml, string name) => xml.GetAttribute(name) is { Length: > 0 } value ? value : null;
}
