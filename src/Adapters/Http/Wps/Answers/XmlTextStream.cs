using System.Text;
using System.Xml;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Application.Streams;

namespace GeoWps.Adapters.Http.Wps.Answers;

/// <summary>Takes UTF-8 and writes it as the text of an element.</summary>
internal sealed class XmlTextStream(XmlWriter xml) : WriteOnlyStream
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly char[] _letters = new char[4096 + 2];

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _decoder.Convert(buffer.Span, _letters, flush: false, out var bytes, out var letters, out _);
            buffer = buffer[bytes..];
            await xml.WriteStringAsync(XmlLetters.Clean(new string(_letters, 0, letters)));
        }
    }
}
