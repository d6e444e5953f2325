using System.Globalization;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Tests.Unit.TileSources;

/// <summary>Tile matrix sets and layers that tests ask tiles of.</summary>
internal static class Grids
{
    private const double HalfWorld = 20037508.342789244;

    public static TileMatrixSet WebMercatorQuad { get; } = Quad("WebMercatorQuad", Crs.WebMercator, -HalfWorld, HalfWorld, HalfWorld * 2, 1, 1);

    public static TileMatrixSet WorldCrs84Quad { get; } = Quad("WorldCRS84Quad", Crs.Crs84, -180, 90, 180, 1.0 / 360 * 2 * HalfWorld, 2);

    public static Layer LayerOf(LayerSource source, TileFormat format) => new()
    {
        Id = "layer",
        Title = "Layer",
        Source = source,
        Contents = new LayerContents { Kind = format.IsVector ? LayerKind.Vector : LayerKind.Map, Extent = Extent.World },
        Tiles = new LayerTiles { Formats = [format] },
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
    };

    private static TileMatrixSet Quad(string id, Crs crs, double left, double top, double side, double metres, int columns) => new(id, crs,
    [
        .. Enumerable.Range(0, 20).Select(level => new TileMatrix
        {
            Id = level.ToString(CultureInfo.InvariantCulture),
            ScaleDenominator = TileMatrix.ScaleOf(side / 256 / (1 << level), metres),
            CellSize = side / 256 / (1 << level),
            OriginX = left,
            OriginY = top,
            TileWidth = 256,
            TileHeight = 256,
            MatrixWidth = columns << level,
            MatrixHeight = 1 << level,
        }),
    ]);
}
