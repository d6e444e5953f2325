using GeoWps.Adapters.Execution.Catalogue;

namespace GeoWps.Adapters.Execution.Staging;

/// <summary>
/// Says what an input is by its first bytes. Declared types and names are only asked where the content leaves it open:
/// whoever sends a virtual raster as "image/tiff" must not get it opened as anything.
/// </summary>
internal static class ContentSniffer
{
    private static readonly DataKind Dbf = new(DataFormats.Dbf, "dbf");
    private static readonly DataKind Csv = new(DataFormats.Csv, "csv");

    /// <param name="head">The first bytes: some KiB, or all there are.</param>
    /// <param name="declaredMediaType">As the request said, with its parameters.</param>
    /// <param name="fileName">As it was sent; only its extension counts.</param>
    public static DataKind Identify(ReadOnlySpan<byte> head, string? declaredMediaType, string fileName)
    {
        var declared = new DeclaredType(declaredMediaType);
        var name = new DeclaredName(fileName);

        if (BinaryFormats.Identify(head, name) is { } binary)
        {
            return binary;
        }

        if (HeadText.Decode(head) is not { } text)
        {
            return declared.IsDbf || name.Extension == "dbf" ? Dbf : Unknown(name);
        }

        return XmlFormats.Identify(text, declared, name)
            ?? TextFormats.Identify(text, declared, name)
            ?? Plain(declared, name);
    }

    private static DataKind Plain(DeclaredType declared, DeclaredName name)
    {
        if (declared.IsCsv || name.Extension is "csv" or "tsv")
        {
            return Csv;
        }

        if (declared.PlainText is { } mediaType)
        {
            return new DataKind(mediaType, name.PlainTextExtension ?? declared.PlainTextExtension);
        }

        return name.PlainTextExtension is { } extension ? new DataKind(name.PlainTextMediaType, extension) : Unknown(name);
    }

    /// <summary>The same for what has to be a layer: a text that is called one only in general may be a table.</summary>
    public static DataKind IdentifyLayer(ReadOnlySpan<byte> head, string? declaredMediaType, string fileName)
    {
        var kind = Identify(head, declaredMediaType, fileName);
        return kind.MediaType is DataFormats.Text or DataFormats.Unknown or "text/html" or "application/json" or "application/xml" && kind.Extension != "2dm"
            && HeadText.Decode(head) is { } text && TableText.Is(text) ? Csv : kind;
    }

    private static DataKind Unknown(DeclaredName name) => new(DataFormats.Unknown, name.HarmlessExtension);
}
