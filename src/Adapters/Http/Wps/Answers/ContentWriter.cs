using System.Buffers;
using System.Xml;
using GeoWps.Adapters.Http.Answers;

namespace GeoWps.Adapters.Http.Wps.Answers;

/// <summary>Writes content into the element at hand as a stream: XML as XML, text as text, bytes in base64.</summary>
internal static class ContentWriter
{
    // A multiple of three: pieces of base64 fit together.
    private const int Piece = 3 * 16 * 1024;

    private static readonly XmlReaderSettings Reading = new()
    {
        Async = true, DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, ConformanceLevel = ConformanceLevel.Fragment, CloseInput = false,
    };

    public static async Task WriteAsync(XmlWriter xml, Stream content, string mediaType, bool inBase64, CancellationToken cancellationToken)
    {
        if (inBase64)
        {
            await Base64Async(xml, content, cancellationToken);
        }
        else if (Domain.Processes.MediaTypes.IsXml(mediaType))
        {
            await XmlAsync(xml, content, cancellationToken);
        }
        else
        {
            await content.CopyToAsync(new XmlTextStream(xml), cancellationToken);
        }
    }

    /// <summary>Whether content of a type stands in base64, whoever asks for it.</summary>
    public static bool IsBinary(string mediaType) => !Media.IsText(mediaType);

    private static async Task XmlAsync(XmlWriter xml, Stream content, CancellationToken cancellationToken)
    {
        using var reader = XmlReader.Create(content, Reading);
        await reader.ReadAsync();
        while (!reader.EOF)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.NodeType is XmlNodeType.XmlDeclaration or XmlNodeType.DocumentType)
            {
                await reader.ReadAsync();
            }
            else
            {
                await xml.WriteNodeAsync(reader, defattr: false);
            }
        }
    }

    private static async Task Base64Async(XmlWriter xml, Stream content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            while (await content.ReadAtLeastAsync(buffer.AsMemory(0, Piece), Piece, throwOnEndOfStream: false, cancellationToken) is > 0 and var read)
            {
                await xml.WriteBase64Async(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
