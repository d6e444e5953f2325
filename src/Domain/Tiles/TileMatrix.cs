using GeoWps.Domain.Spatial;

namespace GeoWps.Domain.Tiles;

/// <summary>From which corner rows are counted.</summary>
public enum CornerOfOrigin
{
    TopLeft,
    BottomLeft,
}

/// <summary>Rows in which several columns are one tile: near the poles of grids in degrees (OGC 17-083r4, 6.1.5).</summary>
/// <param name="Coalesce">Columns that are one tile, at least 2.</param>
public readonly record struct VariableMatrixWidth(int Coalesce, int MinTileRow, int MaxTileRow);

/// <summary>One grid of a set (OGC 17-083r4, 6.1). All coordinates are x before y, whatever the order of the CRS's axes.</summary>
public sealed class TileMatrix
{
    private const double MetresPerPixel = 0.00028;

    public required string Id { get; init; }

    /// <summary>For pixels of 0.28 mm.</summary>
    public required double ScaleDenominator { get; init; }

    /// <summary>CRS units a pixel.</summary>
    public required double CellSize { get; init; }

    /// <summary>x of the corner of origin.</summary>
    public required double OriginX { get; init; }

    /// <summary>y of the corner of origin.</summary>
    public required double OriginY { get; init; }

    public CornerOfOrigin CornerOfOrigin { get; init; } = CornerOfOrigin.TopLeft;

    /// <summary>Pixels.</summary>
    public required int TileWidth { get; init; }

    /// <summary>Pixels.</summary>
    public required int TileHeight { get; init; }

    /// <summary>Tiles.</summary>
    public required int MatrixWidth { get; init; }

    /// <summary>Tiles.</summary>
    public required int MatrixHeight { get; init; }

    public IReadOnlyList<VariableMatrixWidth> VariableMatrixWidths { get; init; } = [];

    public TileRange Range => new(0, 0, MatrixWidth - 1, MatrixHeight - 1);

    /// <summary>CRS units.</summary>
    public double TileSpanX => TileWidth * CellSize;

    /// <summary>CRS units.</summary>
    public double TileSpanY => TileHeight * CellSize;

    public Extent Extent => ExtentOf(Range);

    public bool Contains(TileIndex tile) => (uint)tile.Column < (uint)MatrixWidth && (uint)tile.Row < (uint)MatrixHeight;

    /// <summary>How many columns a tile of this row takes.</summary>
    public int CoalesceOf(int row)
    {
        foreach (var width in VariableMatrixWidths)
        {
            if (row >= width.MinTileRow && row <= width.MaxTileRow)
            {
                return width.Coalesce;
            }
        }

        return 1;
    }

    /// <summary>The name under which a tile is kept: where columns coalesce all of them name the same tile, and the first stands for it.</summary>
    public TileIndex Canonical(TileIndex tile)
    {
        var coalesce = CoalesceOf(tile.Row);
        return coalesce == 1 ? tile : tile with { Column = tile.Column - (tile.Column % coalesce) };
    }

    /// <summary>Where a tile is, with all of its columns.</summary>
    public Extent ExtentOf(TileIndex tile)
    {
        var first = Canonical(tile);
        return ExtentOf(new TileRange(first.Column, first.Row, first.Column + CoalesceOf(tile.Row) - 1, first.Row));
    }

    /// <summary>Where a rectangle of tiles is. Neighbours' edges are the same numbers.</summary>
    public Extent ExtentOf(TileRange range)
    {
        var (left, right) = (OriginX + (range.MinColumn * TileSpanX), OriginX + ((range.MaxColumn + 1d) * TileSpanX));
        return CornerOfOrigin == CornerOfOrigin.TopLeft
            ? new Extent(left, OriginY - ((range.MaxRow + 1d) * TileSpanY), right, OriginY - (range.MinRow * TileSpanY))
            : new Extent(left, OriginY + (range.MinRow * TileSpanY), right, OriginY + ((range.MaxRow + 1d) * TileSpanY));
    }

    /// <summary>The tiles that hold something of an extent. One that only touches a tile's edge from outside does not reach into it.</summary>
    /// <returns>Cut to the matrix; empty when the extent lies outside.</returns>
    public TileRange Cover(in Extent extent)
    {
        // Cell sizes are rounded: the last column may end a hair before the antimeridian, and what lies there is in it.
        if (extent.IsEmpty || !extent.Intersects(Extent.Grow(MatrixWidth * TileSpanX * 1e-9)))
        {
            return new TileRange(0, 0, -1, -1);
        }

        var (minColumn, maxColumn) = Span((extent.MinX - OriginX) / TileSpanX, (extent.MaxX - OriginX) / TileSpanX, MatrixWidth);
        var (minRow, maxRow) = CornerOfOrigin == CornerOfOrigin.TopLeft
            ? Span((OriginY - extent.MaxY) / TileSpanY, (OriginY - extent.MinY) / TileSpanY, MatrixHeight)
            : Span((extent.MinY - OriginY) / TileSpanY, (extent.MaxY - OriginY) / TileSpanY, MatrixHeight);
        return new TileRange(minColumn, minRow, maxColumn, maxRow);
    }

    /// <summary>The scale denominator of a cell size (OGC 17-083r4, 6.1.1, equation 1).</summary>
    /// <param name="metersPerUnit">Of the CRS: 1, or the length of a degree along the equator.</param>
    public static double ScaleOf(double cellSize, double metersPerUnit) => cellSize * metersPerUnit / MetresPerPixel;

    /// <summary>CRS units a pixel at a scale (OGC 17-083r4, 6.1.1, equation 1).</summary>
    /// <param name="metersPerUnit">Of the CRS: 1, or the length of a degree along the equator.</param>
    public static double CellSizeOf(double scaleDenominator, double metersPerUnit) => scaleDenominator * MetresPerPixel / metersPerUnit;

    /// <summary>Whole tiles between two places that are counted in tiles. A billionth of a tile, and the last bits of a large number, are errors of arithmetic and no data.</summary>
    private static (int First, int Last) Span(double from, double to, int count)
    {
        var tolerance = 1e-9 + (count * 1e-15);
        var first = Math.Floor(from + tolerance);
        var last = Math.Ceiling(to - tolerance) - 1;
        return ((int)Math.Clamp(first, 0, count - 1), (int)Math.Clamp(Math.Max(last, first), 0, count - 1));
    }
}
