using GeoWps.Application.Ports;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Tests.Unit.Caching;

/// <summary>WebMercatorQuad, with 20 matrices.</summary>
internal sealed class TestGrids : ITileGrids
{
    private const double Half = 20037508.3427892;

    private static readonly TileMatrixSet _quad = new("WebMercatorQuad", Crs.WebMercator,
    [
        .. Enumerable.Range(0, 20).Select(level => new TileMatrix
        {
            Id = $"{level}",
            ScaleDenominator = 559082264.0287178 / (1 << level),
            CellSize = 2 * Half / 256 / (1 << level),
            OriginX = -Half,
            OriginY = Half,
            TileWidth = 256,
            TileHeight = 256,
            MatrixWidth = 1 << level,
            MatrixHeight = 1 << level,
        }),
    ]);

    public TileMatrixSet? Find(string id) => id == _quad.Id ? _quad : null;
}
