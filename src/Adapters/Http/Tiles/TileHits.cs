using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Tiles;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>
/// Answers what is at hand, in memory or out of the persistent level without waiting for a disk, before anything else looks at the request: a tile hit is most of what a map server does. Whatever is not exactly that goes its
/// usual way, to <see cref="TileEndpoint"/>, which gives the same answer.
/// </summary>
internal sealed class TileHits(RequestDelegate next, LayerTilesets tilesets, GetTile tiles)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Who shows a token is told when it does not count, also here.
        if (context.Request.Headers.Authorization.Count > 0 || !KnownTile.TryOf(context.Request, tilesets, out var known) || !tiles.TryGet(known.Tileset, known.Format, known.Level, known.Matrix.Canonical(known.Tile), out var found))
        {
            return next(context);
        }

        Cors.Allow(context.Response);
        return TileAnswers.SendAsync(context, found, known.Tileset, known.Level, known.Format);
    }
}

/// <summary>
/// Answers tiles of layers that are remembered as <see cref="TileEndpoint"/> does, without the routing: it would cost more than the store below memory. Services with words of
/// their own for what went wrong go their usual way.
/// </summary>
internal sealed class TilesPastRouting(RequestDelegate next, LayerTilesets tilesets, GetTile tiles, MakeTiles maker)
{
    public Task InvokeAsync(HttpContext context) =>
        KnownTile.TryOf(context.Request, tilesets, out var known) && maker.Makes(known.Tileset.Layer, known.Format) && context.Features.Get<IProblemForm>() is null
            ? AnswerAsync(context, known) : next(context);

    private async Task AnswerAsync(HttpContext context, KnownTile known)
    {
        var asked = new TileRequest(known.Tileset, known.Matrix.Id, known.Tile, known.Format);
        var answer = await TileEndpoint.AnswerAsync(tiles, asked, context.RequestAborted);
        await answer.ExecuteAsync(context);
    }
}
