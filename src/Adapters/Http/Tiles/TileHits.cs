using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Tiles;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>
/// Answers what memory holds, before anything else looks at the request: a tile hit is most of what a map server does. Whatever is not exactly that goes its
/// usual way, to <see cref="TileEndpoint"/>, which gives the same answer.
/// </summary>
internal sealed class TileHits(RequestDelegate next, LayerTilesets tilesets, GetTile tiles)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if ((HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && TileAddress.TryParse(request.Path.Value, out var address)
            && tilesets.TryGet(address.Layer, address.TileMatrixSet, out var tileset)
            && tileset.Set.TryFindLevel(address.TileMatrix, out var level)
            && tileset.RangeOf(level) is { } range)
        {
            var matrix = tileset.Set.Matrices[level];
            var tile = new TileIndex(address.Column, address.RowIn(matrix));
            if (range.Contains(tile) && TileForms.Quick(request, tileset.Layer, address) is { } format && tiles.TryGet(tileset, format, level, matrix.Canonical(tile), out var found))
            {
                Cors.Allow(context.Response);
                return TileAnswers.SendAsync(context, found, tileset, level, format);
            }
        }

        return next(context);
    }
}
