using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Tests.Integration.TileSources;

/// <summary>Tile matrix sets that tests ask tiles of.</summary>
internal static class Grids
{
    private const double HalfWorld = 20037508.342789244;

    public static TileMatrixSet WebMercatorQuad { get; } = Quad("WebMercatorQuad", Crs.WebMercator, -HalfWorld, HalfWorld, HalfWorld * 2, 1, 1, 24);

    public static TileMatrixSet WorldCrs84Quad { get; } = Quad("WorldCRS84Quad", Crs.Crs84, -180, 90, 180, 2, 1, 20);

    public static TileMatrixSet North { get; } = Quad("UPSArcticWGS84Quad", new Crs("EPSG", "5041"), -14440759.350252, 18440759.350252, 32881518.700504, 1, 1, 20);

    public static TileMatrixSet Of(string id, Crs crs) => Quad(id, crs, 0, 1_000_000, 1_000_000, 1, 1, 10);

    /// <param name="side">Of the first tile, in CRS units.</param>
    private static TileMatrixSet Quad(string id, Crs crs, double left, double top, double side, int columns, int rows, int levels) => new(id, crs,
    [
        .. Enumerable.Range(0, levels).Select(level => new TileMatrix
        {
            Id = level.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ScaleDenominator = side / 256 / (1 << level) / 0.00028,
            CellSize = side / 256 / (1 << level),
            OriginX = left,
            OriginY = top,
            TileWidth = 256,
            TileHeight = 256,
            MatrixWidth = columns << level,
            MatrixHeight = rows << level,
        }),
    ]);
}
