using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Layers;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Tiles;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>A collection's tilesets: OGC 20-057, classes "Tilesets List" and "GeoData Tilesets".</summary>
internal sealed class TilesetsEndpoint(LayerCatalogue layers, LayerTilesets tilesets, MakeTiles maker) : ApiEndpoint
{
    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/collections/{layer}/tiles", "/collections/{layer}/map/tiles");
    }

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var map = Request.Path.Value!.EndsWith("/map/tiles", StringComparison.Ordinal);
        if (await layers.FindAsync(Segment("layer"), ct) is not { } layer)
        {
            return Problems.NoSuchCollection(Segment("layer"));
        }

        // What has no features has no other tiles.
        map |= !layer.IsVector;
        if (TileForms.Of(layer, map, maker).Count == 0)
        {
            return Problems.NotFound(Request.Path);
        }

        TilesetView[] views = [.. tilesets.Of(layer).Where(tileset => tileset.Limits.Count > 0).Select(tileset => TilesetView.Of(BaseAddress, tileset, map, maker))];
        var address = TilesetView.AddressOf(BaseAddress, layer, map);
        return Represent(
            () => TilesetList.Json(address, views),
            () => TilesetPages.List($"Tiles of {layer.Title}", address, BaseAddress, [($"{BaseAddress}collections?f=html", "Collections"), ($"{BaseAddress}collections/{layer.Id}?f=html", layer.Title)], views));
    }
}

/// <summary>One of them: OGC 20-057, class "TileSet"; as TileJSON, too.</summary>
internal sealed class TilesetEndpoint(LayerTilesets tilesets, MakeTiles maker) : ApiEndpoint
{
    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/collections/{layer}/tiles/{tileMatrixSet}", "/collections/{layer}/map/tiles/{tileMatrixSet}", "/xyz/{layer}/tilejson.json");
    }

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var library = Request.Path.StartsWithSegments("/xyz");
        var (layer, set) = (Segment("layer"), library ? TileAddress.WebMercator : Segment("tileMatrixSet"));
        var (tileset, absent) = await tilesets.FindAsync(layer, set, ct);
        if (tileset is null)
        {
            return absent == AbsentPart.Layer ? Problems.NoSuchCollection(layer) : Problems.NoSuchTileMatrixSet(set);
        }

        var map = !tileset.Layer.IsVector || Request.Path.Value!.Contains("/map/tiles/", StringComparison.Ordinal);
        if (TileForms.Of(tileset.Layer, map, maker).Count == 0)
        {
            return Problems.NotFound(Request.Path);
        }

        var view = TilesetView.Of(BaseAddress, tileset, map, maker);
        return library ? new JsonAnswer(json => TileJsonDocument.Write(json, view)) : TilesetForms.Answer(Request, view);
    }
}
