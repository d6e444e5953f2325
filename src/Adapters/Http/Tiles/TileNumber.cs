using System.Globalization;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>A row or column as addresses write it: digits and nothing else.</summary>
internal static class TileNumber
{
    public static bool TryParse(ReadOnlySpan<char> text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
