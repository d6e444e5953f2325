using System.Net.Http.Headers;

namespace GeoWps.Adapters.References;

/// <summary>Names a fetched file: layers are named after their files, and QGIS writes those names into results.</summary>
internal static class ReferenceFileName
{
    private const int MaxLength = 100;

    /// <returns>Letters, digits, <c>.</c>, <c>_</c>, <c>-</c> of ASCII, not beginning with a dot; may be empty.</returns>
    public static string Of(ContentDispositionHeaderValue? disposition, Uri address)
    {
        var name = disposition?.FileNameStar ?? disposition?.FileName?.Trim('"') ?? Uri.UnescapeDataString(address.AbsolutePath);
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = string.Concat(last.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_')).TrimStart('.');
        // The end stays: it says what kind of file it is.
        return clean.Length <= MaxLength ? clean : clean[^MaxLength..].TrimStart('.');
    }
}
