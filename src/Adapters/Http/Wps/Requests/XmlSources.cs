using System.Text;
using System.Xml;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Application.Processes;

namespace GeoWps.Adapters.Http.Wps.Requests;

/// <summary>The text of the element that the reader stands in, up to its end tag.</summary>
/// <param name="depth">Of that element.</param>
/// <param name="dropsSpace">Base64: white space is none of it.</param>
internal sealed class XmlTextSource(XmlReader xml, int depth, string place, bool dropsSpace) : IContentSource
{
    private readonly char[] _letters = new char[4096];
    private readonly byte[] _bytes = new byte[4096 * 3];
    private readonly Encoder _encoder = new UTF8Encoding(false).GetEncoder();

    public async ValueTask<bool> StepAsync(Stream destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (xml.Depth > depth)
        {
            switch (xml.NodeType)
            {
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    var read = await xml.ReadValueChunkAsync(_letters, 0, _letters.Length);
                    if (read > 0)
                    {
                        Write(destination, dropsSpace ? WithoutSpace(read) : read);
                        return true;
                    }

                    break;
                case XmlNodeType.Element:
                    throw new OwsRefusedException(OwsFault.Invalid(place, $"{place}: an element stands in a text"));
            }

            if (!await xml.ReadAsync())
            {
                break;
            }
        }

        return false;
    }

    private int WithoutSpace(int count)
    {
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (!char.IsWhiteSpace(_letters[i]))
            {
                _letters[kept++] = _letters[i];
            }
        }

        return kept;
    }

    private void Write(Stream destination, int count)
    {
        var length = _encoder.GetBytes(_letters.AsSpan(0, count), _bytes, flush: false);
        destination.Write(_bytes.AsSpan(0, length));
    }
}

/// <summary>What the element that the reader stands in holds, as XML of its own, up to its end tag.</summary>
internal sealed class XmlFragmentSource : IContentSource
{
    private static readonly XmlWriterSettings Form = new()
    {
        ConformanceLevel = ConformanceLevel.Fragment,
        OmitXmlDeclaration = true,
        Encoding = new UTF8Encoding(false),
        NamespaceHandling = NamespaceHandling.OmitDuplicates,
        NewLineHandling = NewLineHandling.Entitize,
    };

    private readonly XmlReader _xml;
    private readonly MemoryStream _ready = new();
    private readonly XmlWriter _writer;
    private readonly int _depth;
    private readonly IReadOnlyDictionary<string, string> _outer;
    private readonly char[] _letters = new char[4096];

    public XmlFragmentSource(XmlReader xml)
    {
        (_xml, _depth, _writer) = (xml, xml.Depth, XmlWriter.Create(_ready, Form));

        // Names may stand in values, too (xsi:type), so what is declared around the data goes along; the protocol's own stays behind.
        _outer = ((IXmlNamespaceResolver)xml).GetNamespacesInScope(XmlNamespaceScope.ExcludeXml)
            .Where(name => name.Key.Length > 0 && name.Value is not (WpsNames.Wps1 or WpsNames.Wps2 or OwsNames.Ows1 or OwsNames.Ows2 or OwsNames.XLink or OwsNames.Xsi))
            .ToDictionary(name => name.Key, name => name.Value);
    }

    public async ValueTask<bool> StepAsync(Stream destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_xml.Depth < _depth)
        {
            return false;
        }

        await CopyNodeAsync();
        _writer.Flush();
        destination.Write(_ready.GetBuffer().AsSpan(0, (int)_ready.Length));
        _ready.SetLength(0);
        return true;
    }

    private async ValueTask CopyNodeAsync()
    {
        switch (_xml.NodeType)
        {
            case XmlNodeType.Element:
                Start();
                break;
            case XmlNodeType.EndElement:
                _writer.WriteFullEndElement();
                break;
            case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                var read = await _xml.ReadValueChunkAsync(_letters, 0, _letters.Length);
                if (read > 0)
                {
                    _writer.WriteChars(_letters, 0, read);
                    return;
                }

                break;
            case XmlNodeType.ProcessingInstruction:
                _writer.WriteProcessingInstruction(_xml.Name, _xml.Value);
                break;
        }

        await _xml.ReadAsync();
    }

    private void Start()
    {
        var isEmpty = _xml.IsEmptyElement;
        _writer.WriteStartElement(_xml.Prefix, _xml.LocalName, _xml.NamespaceURI);
        _writer.WriteAttributes(_xml, defattr: false);
        if (_xml.Depth == _depth)
        {
            foreach (var (prefix, name) in _outer.Where(outer => _writer.LookupPrefix(outer.Value) is null))
            {
                _writer.WriteAttributeString("xmlns", prefix, null, name);
            }
        }

        if (isEmpty)
        {
            _writer.WriteEndElement();
        }
    }
}
