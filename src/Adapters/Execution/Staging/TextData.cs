using GeoWps.Adapters.Execution.Catalogue;

namespace GeoWps.Adapters.Execution.Staging;

/// <summary>
/// Texts that would pass for a table and are none. One word alone is the name of something (a path, an address, a connection): names are never
/// followed, and to answer them with an empty layer would hide that.
/// </summary>
internal static class TextData
{
    private const string NoLayer = "is XML of a kind that is no layer";

    private static readonly HashSet<string> MayBeXml = ["", "xml", "gml", "kml", "gpx"];

    /// <param name="head">The first bytes of a layer.</param>
    /// <param name="isAll">There are no more.</param>
    /// <returns>Why it is no layer; <see langword="null"/> when it may be one.</returns>
    public static string? Refuse(ReadOnlySpan<byte> head, bool isAll, DataKind kind, string fileName)
    {
        if (kind.MediaType == "application/xml" && !MayBeXml.Contains(new DeclaredName(fileName).Extension))
        {
            return NoLayer;
        }

        if (kind.MediaType is not (DataFormats.Csv or DataFormats.AsciiGrid or DataFormats.Text))
        {
            return null;
        }

        var text = head.Trim("\uFEFF \t\r\n"u8);
        if (text.StartsWith("<"u8))
        {
            return NoLayer;
        }

        return isAll && text.IndexOfAny((byte)'\n', (byte)'\r') < 0 && !head.EndsWith("\n"u8) && !TableText.IsHeader(text)
            ? "must be data (a table has a line of names and a line for each feature), or a reference: {\"href\": …}"
            : null;
    }
}
