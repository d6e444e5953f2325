using System.Text;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Execution.Documents;

/// <summary>Text of documents: what is text is read here, PDF by poppler in a sandbox.</summary>
internal sealed class DocumentText(PdfText pdf) : IDocumentText
{
    private const string Pdf = "application/pdf";
    private static readonly string[] _html = ["text/html", "application/xhtml+xml"];
    private static readonly string[] _plain = ["text/plain", "text/csv", "text/tab-separated-values", "text/markdown", "text/xml", "application/xml"];

    public bool CanRead(string mediaType) => Of(mediaType) is var type && (type == Pdf || _html.Contains(type) || _plain.Contains(type));

    public async Task<string?> ReadAsync(Stream document, string mediaType, int maxLength, CancellationToken cancellationToken)
    {
        var type = Of(mediaType);
        if (type == Pdf)
        {
            return await pdf.ReadAsync(document, maxLength, cancellationToken);
        }

        if (!CanRead(type))
        {
            return null;
        }

        // Markup takes room, too; and a character at most four bytes.
        var isMarkup = _html.Contains(type) || type.EndsWith("xml", StringComparison.Ordinal);
        var bytes = await HeadAsync(document, Math.Min(maxLength * (isMarkup ? 8L : 4L), 64 * 1024 * 1024), cancellationToken);
        var text = TextEncoding.Decode(bytes);
        return Cut(isMarkup ? HtmlText.Of(text) : text, maxLength);
    }

    internal static string Cut(string text, int maxLength) => text.Length <= maxLength ? text
        : maxLength > 0 && char.IsHighSurrogate(text[maxLength - 1]) ? text[..(maxLength - 1)]
        : text[..maxLength];

    private static string Of(string mediaType) => mediaType.Split(';')[0].Trim().ToLowerInvariant();

    private static async Task<byte[]> HeadAsync(Stream document, long most, CancellationToken cancellationToken)
    {
        using var head = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int count;
        while (head.Length < most && (count = await document.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, most - head.Length)), cancellationToken)) > 0)
        {
            head.Write(buffer, 0, count);
        }

        return head.ToArray();
    }
}

/// <summary>In which encoding a text is, which files do not say.</summary>
internal static class TextEncoding
{
    private const int Chinese = 54936;

    /// <summary>By its mark; else UTF-8 where it is that; else GB 18030 where it looks like that; else Latin 1.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return (bytes[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode).GetString(bytes[2..]);
        }

        if (bytes is [0xEF, 0xBB, 0xBF, ..])
        {
            bytes = bytes[3..];
        }

        // The last character may have been cut off.
        var whole = bytes;
        for (var cut = 0; cut < 4 && cut <= bytes.Length; cut++)
        {
            whole = bytes[..^cut];
            if (System.Text.Unicode.Utf8.IsValid(whole))
            {
                return Encoding.UTF8.GetString(whole);
            }
        }

        return IsChinese(bytes) ? CodePagesEncodingProvider.Instance.GetEncoding(Chinese)!.GetString(bytes) : Encoding.Latin1.GetString(bytes);
    }

    // Its usual characters are two bytes above A0; letters with accents stand between others.
    private static bool IsChinese(ReadOnlySpan<byte> bytes)
    {
        var (paired, alone) = (0, 0);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] < 0x80)
            {
                continue;
            }

            if (i + 1 < bytes.Length && bytes[i] >= 0xA1 && bytes[i + 1] >= 0xA1)
            {
                paired++;
                i++;
            }
            else
            {
                alone++;
            }
        }

        return paired > alone * 9;
    }
}
