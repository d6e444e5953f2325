using GeoWps.Application.Tiles;
using GeoWps.Domain.Tiles;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>A tile that a request asks for, where all of that can be told at once: the layer is remembered, has such a tile, and its format needs no negotiation.</summary>
/// <param name="Tile">As it is asked for, not canonical.</param>
internal readonly record struct KnownTile(LayerTileset Tileset, TileFormat Format, int Level, TileIndex Tile)
{
    public TileMatrix Matrix => Tileset.Set.Matrices[Level];

    /// <returns><see langword="false"/> for whatever else may be asked for.</returns>
    public static bool TryOf(HttpRequest request, LayerTilesets tilesets, out KnownTile known)
    {
        if ((HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && TileAddress.TryParse(request.Path.Value, out var address)
            && tilesets.TryGet(address.Layer, address.TileMatrixSet, out var tileset)
            && tileset.Set.TryFindLevel(address.TileMatrix, out var level)
            && tileset.RangeOf(level) is { } range)
        {
            var matrix = tileset.Set.Matrices[level];
            var tile = new TileIndex(address.Column, address.RowIn(matrix));
            if (range.Contains(tile) && TileForms.Quick(request, tileset.Layer, address) is { } format)
            {
                known = new KnownTile(tileset, format, level, tile);
                return true;
            }
        }

        known = default;
        return false;
    }
}
