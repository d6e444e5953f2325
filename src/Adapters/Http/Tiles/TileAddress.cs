using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>What the path of a tile's address says; made of the path's own characters, without a copy.</summary>
/// <remarks>
/// <c>/collections/{layer}/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}</c>, the same under <c>map/tiles</c> (OGC 20-057) ·
/// <c>/xyz/{layer}/{z}/{x}/{y}.{ext}</c> · <c>/tms/1.0.0/{layer}/{z}/{x}/{y}.{ext}</c> ·
/// <c>/wmts/1.0.0/{layer}/{style}/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}.{ext}</c> (OGC 07-057r7, 10.2).
/// </remarks>
internal readonly ref struct TileAddress
{
    /// <summary>The set of map libraries' addresses.</summary>
    public const string WebMercator = "WebMercatorQuad";

    public ReadOnlySpan<char> Layer { get; private init; }

    public ReadOnlySpan<char> TileMatrixSet { get; private init; }

    public ReadOnlySpan<char> TileMatrix { get; private init; }

    public int Row { get; private init; }

    public int Column { get; private init; }

    /// <summary>The ending; empty where the address has none.</summary>
    public ReadOnlySpan<char> Extension { get; private init; }

    /// <summary>Drawn tiles are asked for (<c>map/tiles</c>).</summary>
    public bool Map { get; private init; }

    /// <summary>Rows count from the bottom: TMS.</summary>
    public bool FromBottom { get; private init; }

    /// <summary>The row in the matrix, counted from its corner of origin.</summary>
    public int RowIn(TileMatrix matrix) => FromBottom && matrix.CornerOfOrigin == CornerOfOrigin.TopLeft ? matrix.MatrixHeight - 1 - Row : Row;

    /// <returns><see langword="false"/> for any other path, and where row or column are no numbers that a matrix could have.</returns>
    public static bool TryParse(ReadOnlySpan<char> path, out TileAddress address)
    {
        address = default;
        if (path.Length < 12 || path[0] != '/')
        {
            return false;
        }

        Span<Range> parts = stackalloc Range[9];
        var rest = path[1..];
        var count = rest.Split(parts, '/');
        return rest[parts[0]] switch
        {
            "collections" => count == 7 && rest[parts[2]] is "tiles" ? Of(rest, parts[1], parts[3], parts[4], parts[5], parts[6], map: false, out address)
                : count == 8 && rest[parts[2]] is "map" && rest[parts[3]] is "tiles" && Of(rest, parts[1], parts[4], parts[5], parts[6], parts[7], map: true, out address),
            "xyz" => count == 5 && Of(rest, parts[1], parts[2], parts[3], parts[4], fromBottom: false, out address),
            "tms" => count == 6 && rest[parts[1]] is "1.0.0" && Of(rest, parts[2], parts[3], parts[4], parts[5], fromBottom: true, out address),
            "wmts" => count == 8 && rest[parts[1]] is "1.0.0" && OfWmts(rest, parts, out address),
            _ => false,
        };
    }

    private static bool Of(ReadOnlySpan<char> path, Range layer, Range set, Range matrix, Range row, Range column, bool map, out TileAddress address)
    {
        var isTile = TileNumber.TryParse(path[row], out var y) & TileNumber.TryParse(path[column], out var x);
        address = new TileAddress { Layer = path[layer], TileMatrixSet = path[set], TileMatrix = path[matrix], Row = y, Column = x, Map = map };
        return isTile;
    }

    private static bool Of(ReadOnlySpan<char> path, Range layer, Range z, Range x, Range y, bool fromBottom, out TileAddress address)
    {
        var last = path[y];
        var dot = last.LastIndexOf('.');
        var isTile = dot > 0 & TileNumber.TryParse(path[x], out var column) & TileNumber.TryParse(dot > 0 ? last[..dot] : last, out var row);
        address = new TileAddress
        {
            Layer = path[layer], TileMatrixSet = WebMercator, TileMatrix = path[z], Row = row, Column = column, Extension = dot > 0 ? last[(dot + 1)..] : [], FromBottom = fromBottom,
        };
        return isTile;
    }

    private static bool OfWmts(ReadOnlySpan<char> path, scoped ReadOnlySpan<Range> parts, out TileAddress address)
    {
        var last = path[parts[7]];
        var dot = last.LastIndexOf('.');
        var isTile = dot > 0 & TileNumber.TryParse(path[parts[6]], out var row) & TileNumber.TryParse(dot > 0 ? last[..dot] : last, out var column);
        address = new TileAddress
        {
            Layer = path[parts[2]], TileMatrixSet = path[parts[4]], TileMatrix = path[parts[5]], Row = row, Column = column, Extension = dot > 0 ? last[(dot + 1)..] : [],
        };
        return isTile && path[parts[3]] is "default";
    }

}
