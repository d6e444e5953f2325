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

/// <summary>The tilesets of the whole server: OGC 20-057, class "Dataset Tilesets".</summary>
internal sealed class DatasetTilesetsEndpoint(DatasetTilesets dataset) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/tiles");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        TilesetView[] views = [.. (await dataset.AllAsync(ct)).Select(tileset => TilesetView.Of(BaseAddress, tileset, ""))];
        var address = BaseAddress + "tiles";
        return Represent(() => TilesetList.Json(address, views), () => TilesetPages.List("Tiles of all layers", address, BaseAddress, [], views));
    }
}

/// <summary>One of those, of all its layers or of some: OGC 20-057, class "Collections Selection".</summary>
internal sealed class DatasetTilesetEndpoint(DatasetTilesets dataset) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/tiles/{tileMatrixSet}");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var (tileset, mistake) = await CollectionsParameter.FindAsync(Request, BaseAddress, dataset, Segment("tileMatrixSet"), ct);
        return mistake ?? TilesetForms.Answer(Request, TilesetView.Of(BaseAddress, tileset!, CollectionsParameter.Text(Request, BaseAddress)));
    }
}

/// <summary>A tile of several layers.</summary>
internal sealed class DatasetTileEndpoint(DatasetTilesets dataset, GetDatasetTile tiles) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var (tileset, mistake) = await CollectionsParameter.FindAsync(Request, BaseAddress, dataset, Segment("tileMatrixSet"), ct);
        if (mistake is not null)
        {
            return mistake;
        }

        if (!TileNumber.TryParse(Segment("tileRow"), out var row) || !TileNumber.TryParse(Segment("tileCol"), out var column))
        {
            return Problems.NoSuchTile("Row and column are whole numbers from 0.");
        }

        var named = Request.Query["f"].ToString();
        if (named.Length > 0 && TileFormat.Find(named) != TileFormat.Mvt)
        {
            return Problems.InvalidParameters([new("f", $"must be mvt (got {named})")]);
        }

        if (named.Length == 0 && Accept.Best(Request, [TileFormat.Mvt.MediaType]) is null)
        {
            return Problems.NotAcceptable([TileFormat.Mvt.MediaType]);
        }

        var matrix = Segment("tileMatrix");
        var (tile, instead) = await tiles.ExecuteAsync(tileset!, matrix, new TileIndex(column, row), ct);
        return instead switch
        {
            null => new DatasetTileResult(tile!, tileset!.Layers[0], tileset.Set.TryFindLevel(matrix, out var level) ? level : 0),
            TileAnswer.Failed failed => Problems.NotMade(failed.Message, failed.RetryAfter),
            TileAnswer.Absent { Part: AbsentPart.TileMatrix } absent => Problems.NoSuchTile($"There is no tile matrix {absent.Name} of {tileset!.Set.Id} here."),
            TileAnswer.Absent absent => Problems.NoSuchTile($"There is no tile at {absent.Name} of tile matrix {matrix}."),
            _ => throw new InvalidOperationException("There is no other answer."),
        };
    }

    private sealed class DatasetTileResult(Domain.Caching.StoredTile tile, LayerTileset tileset, int level) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => TileAnswers.SendAsync(httpContext, tile, tileset, level, TileFormat.Mvt);
    }
}
