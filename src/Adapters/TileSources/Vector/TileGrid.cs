using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>
/// The grid of whole numbers that all tiles of a level share: x to the right and y down from the matrix's upper left corner, <paramref name="Units"/> a tile.
/// A place has the same numbers in every tile, so what two tiles or two neighbours share stays shared.
/// </summary>
/// <param name="Left">x of the upper left corner, CRS units.</param>
/// <param name="Top">y of the upper left corner, CRS units.</param>
/// <param name="UnitX">CRS units a step.</param>
/// <param name="UnitY">CRS units a step.</param>
internal readonly record struct TileGrid(double Left, double Top, double UnitX, double UnitY, int Units)
{
    /// <param name="coalesce">Columns that are one tile in the rows that it is for.</param>
    public static TileGrid Of(TileMatrix matrix, int coalesce, int units) => new(
        matrix.OriginX,
        matrix.CornerOfOrigin == CornerOfOrigin.TopLeft ? matrix.OriginY : matrix.OriginY + (matrix.MatrixHeight * matrix.TileSpanY),
        coalesce * matrix.TileSpanX / units,
        matrix.TileSpanY / units,
        units);

    /// <summary>Which column and row of the grid a tile is, counted from the upper left.</summary>
    public static TileIndex Position(TileMatrix matrix, TileIndex tile) => new(
        tile.Column / matrix.CoalesceOf(tile.Row),
        matrix.CornerOfOrigin == CornerOfOrigin.TopLeft ? tile.Row : matrix.MatrixHeight - 1 - tile.Row);

    /// <summary>A tile with what reaches over its edges, in steps.</summary>
    public Extent BoxOf(TileIndex position, double buffer) => new(
        ((double)position.Column * Units) - buffer, ((double)position.Row * Units) - buffer,
        ((position.Column + 1d) * Units) + buffer, ((position.Row + 1d) * Units) + buffer);

    /// <summary>From steps to CRS units.</summary>
    public Extent ToCrs(in Extent box) => new(Left + (box.MinX * UnitX), Top - (box.MaxY * UnitY), Left + (box.MaxX * UnitX), Top - (box.MinY * UnitY));

    /// <summary>From CRS units to steps, not rounded.</summary>
    public Extent FromCrs(in Extent box) =>
        box.IsEmpty ? box : new((box.MinX - Left) / UnitX, (Top - box.MaxY) / UnitY, (box.MaxX - Left) / UnitX, (Top - box.MinY) / UnitY);
}
