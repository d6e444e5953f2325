using GeoWps.Application.Ports;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Features;

/// <summary>What somebody points at on a tile.</summary>
public sealed class FeaturesAt(ICoordinateTransforms transforms, IOptions<FeaturesOptions> options)
{
    /// <summary>Pixels around the one that is pointed at in which points and lines are met; an area is met where it is.</summary>
    public const int Tolerance = 5;

    /// <summary>The features of a layer at a pixel of a tile, at most as many as a page has where nobody says.</summary>
    /// <param name="i">Pixels from the left, inside the tile.</param>
    /// <param name="j">Pixels from above, inside the tile.</param>
    /// <returns><see langword="null"/> when nothing of the layer can be there.</returns>
    public FeatureQuery? Query(LayerTileset tileset, int level, TileIndex tile, int i, int j)
    {
        var (layer, matrix) = (tileset.Layer, tileset.Set.Matrices[level]);
        var extent = matrix.ExtentOf(new TileRange(tile.Column, tile.Row, tile.Column, tile.Row));
        var (across, down) = (extent.Width / matrix.TileWidth, extent.Height / matrix.TileHeight);
        var (x, y) = (extent.MinX + ((i + 0.5) * across), extent.MaxY - ((j + 0.5) * down));
        var reach = IsOfAreas(layer) ? 0.5 : 0.5 + Tolerance;
        var box = new Extent(x - (reach * across), y - (reach * down), x + (reach * across), y + (reach * down));
        return transforms.Extent(box, tileset.Set.Crs, layer.Contents.Crs) is { IsEmpty: false } there ? new FeatureQuery { Areas = [there], Limit = options.Value.Limit } : null;
    }

    private static bool IsOfAreas(Layer layer) => layer.Contents.GeometryType is "Polygon" or "MultiPolygon";
}
