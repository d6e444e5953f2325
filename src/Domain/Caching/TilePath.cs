using System.Globalization;
using GeoWps.Domain.Tiles;

namespace GeoWps.Domain.Caching;

/// <summary>Where a tile's file lies below the folder of the cache, in each layout; and back.</summary>
public static class TilePath
{
    /// <summary>As other servers call the grids of a set; where a folder of this name is there and none of ours, it is read.</summary>
    public static IReadOnlyList<string> OtherNames(string tileMatrixSet) => tileMatrixSet switch
    {
        "WebMercatorQuad" => ["EPSG_900913", "EPSG_3857", "GoogleMapsCompatible"],
        "WorldCRS84Quad" => ["EPSG_4326"],
        _ => [],
    };

    /// <summary>The set that a folder's name stands for.</summary>
    public static string? SetOf(string segment) => segment switch
    {
        "EPSG_900913" or "EPSG_3857" or "GoogleMapsCompatible" => "WebMercatorQuad",
        "EPSG_4326" => "WorldCRS84Quad",
        _ => PathSegment.Read(segment),
    };

    /// <param name="set">The name that stands for the tile matrix set, as a segment.</param>
    /// <returns>The folder that holds a level and nothing else.</returns>
    public static string FolderOf(PathLayout layout, string layer, string set, int level) => layout == PathLayout.Default
        ? string.Create(CultureInfo.InvariantCulture, $"{PathSegment.Of(layer)}/{set}_{level:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{PathSegment.Of(layer)}/{set}/{level}");

    /// <summary>Below <see cref="FolderOf"/>.</summary>
    /// <param name="rows">Rows that the matrix has.</param>
    public static string NameOf(PathLayout layout, int level, TileIndex tile, int rows, TileFormat format)
    {
        var row = IsFromTop(layout) ? tile.Row : rows - 1 - tile.Row;
        if (layout != PathLayout.Default)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{tile.Column}/{row}.{format.Extension}");
        }

        var (half, digits) = Halves(level);
        return $"{Padded(tile.Column / half, digits)}_{Padded(row / half, digits)}/{Padded(tile.Column, 2 * digits)}_{Padded(row, 2 * digits)}.{ExtensionOf(layout, format)}";
    }

    /// <returns>The whole path, with slashes.</returns>
    /// <inheritdoc cref="NameOf"/>
    public static string Of(PathLayout layout, in TileKey key, int rows) =>
        $"{FolderOf(layout, key.Tileset.Layer, PathSegment.Of(key.Tileset.TileMatrixSet), key.Level)}/{NameOf(layout, key.Level, key.Tile, rows, key.Tileset.Format)}";

    /// <summary>Reads <see cref="Of"/> back, where layer and set are not too long for that.</summary>
    /// <param name="rowsOf">Rows of a set's matrix; <see langword="null"/> when there is no such one.</param>
    public static TileKey? Read(PathLayout layout, string path, Func<string, int, int?> rowsOf)
    {
        var parts = path.Split('/');
        if (parts.Length != (layout == PathLayout.Default ? 4 : 5) || PathSegment.Read(parts[0]) is not { } layer)
        {
            return null;
        }

        var (folder, levelText) = layout == PathLayout.Default && parts[1].LastIndexOf('_') is > 0 and var at ? (parts[1][..at], parts[1][(at + 1)..]) : (parts[1], parts[2]);
        if (PathSegment.Read(folder) is not { } set || !int.TryParse(levelText, NumberStyles.None, CultureInfo.InvariantCulture, out var level) || rowsOf(set, level) is not { } rows)
        {
            return null;
        }

        var name = string.Join('/', parts[(layout == PathLayout.Default ? 2 : 3)..]);
        if (ReadName(layout, name, rows) is not var (tile, format))
        {
            return null;
        }

        var key = new TileKey(new TilesetKey(layer, set, format), level, tile);
        return Of(layout, key, rows) == path ? key : null;
    }

    /// <summary>Reads <see cref="NameOf"/> back.</summary>
    public static (TileIndex Tile, TileFormat Format)? ReadName(PathLayout layout, string name, int rows)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var dot = name.LastIndexOf('.');
        if (slash < 0 || dot < slash || TileFormat.Find(name[(dot + 1)..]) is not { } format)
        {
            return null;
        }

        var file = name[(slash + 1)..dot];
        var (x, y) = layout == PathLayout.Default && file.IndexOf('_', StringComparison.Ordinal) is >= 0 and var at ? (file[..at], file[(at + 1)..]) : (name[..slash], file);
        if (!int.TryParse(x, NumberStyles.None, CultureInfo.InvariantCulture, out var column) || !int.TryParse(y, NumberStyles.None, CultureInfo.InvariantCulture, out var row))
        {
            return null;
        }

        return (new TileIndex(column, IsFromTop(layout) ? row : rows - 1 - row), format);
    }

    public static string ExtensionOf(PathLayout layout, TileFormat format) => layout == PathLayout.Default && format.Name == "jpeg" ? "jpeg" : format.Extension;

    private static bool IsFromTop(PathLayout layout) => layout == PathLayout.Xyz;

    // Tiles of a level stand in about as many folders as each of them has tiles.
    private static (int Half, int Digits) Halves(int level)
    {
        var half = 2 << (level / 2);
        return (half, half > 10 ? (int)Math.Log10(half) + 1 : 1);
    }

    private static string Padded(int number, int digits) => number.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
}
