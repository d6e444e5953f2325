using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>What the tilesets of several layers share: those of features are at <c>/tiles</c>, those that are drawn at <c>/map/tiles</c>.</summary>
internal abstract class DatasetEndpoint : ApiEndpoint
{
    protected bool IsMap => Request.Path.StartsWithSegments("/map");

    protected void GetBoth(string path)
    {
        Verbs("GET", "HEAD");
        Routes(path, "/map" + path);
    }
}

/// <summary>The tilesets of the whole server: OGC 20-057, class "Dataset Tilesets".</summary>
internal sealed class DatasetTilesetsEndpoint(DatasetTilesets dataset) : DatasetEndpoint
{
    public override void Configure() => GetBoth("/tiles");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var map = IsMap;
        TilesetView[] views = [.. (await dataset.AllAsync(map, ct)).Select(tileset => TilesetView.Of(BaseAddress, tileset, map, ""))];
        var address = TilesetView.DatasetAddress(BaseAddress, map);
        return Represent(() => TilesetList.Json(address, views), () => TilesetPages.List(map ? "Map tiles of all layers" : "Tiles of all layers", address, BaseAddress, [], views));
    }
}

/// <summary>One of those, of all its layers or of some: OGC 20-057, class "Collections Selection".</summary>
internal sealed class DatasetTilesetEndpoint(DatasetTilesets dataset) : DatasetEndpoint
{
    public override void Configure() => GetBoth("/tiles/{tileMatrixSet}");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var (tileset, mistake) = await CollectionsParameter.FindAsync(Request, BaseAddress, dataset, Segment("tileMatrixSet"), IsMap, ct);
        return mistake ?? TilesetForms.Answer(Request, TilesetView.Of(BaseAddress, tileset!, IsMap, CollectionsParameter.Text(Request, BaseAddress)));
    }
}

/// <summary>A tile of several layers: their features one after the other, or their pictures one over the other.</summary>
internal sealed class DatasetTileEndpoint(DatasetTilesets dataset, GetDatasetTile tiles, GetDatasetMap maps) : DatasetEndpoint
{
    public override void Configure() => GetBoth("/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var (tileset, mistake) = await CollectionsParameter.FindAsync(Request, BaseAddress, dataset, Segment("tileMatrixSet"), IsMap, ct);
        if (mistake is not null)
        {
            return mistake;
        }

        if (!TileNumber.TryParse(Segment("tileRow"), out var row) || !TileNumber.TryParse(Segment("tileCol"), out var column))
        {
            return Problems.NoSuchTile("Row and column are whole numbers from 0.");
        }

        if (Choose(IsMap ? GetDatasetMap.Formats : [TileFormat.Mvt], out var format) is { } problem)
        {
            return problem;
        }

        var (matrix, index) = (Segment("tileMatrix"), new TileIndex(column, row));
        var (tile, instead) = IsMap ? await maps.ExecuteAsync(tileset!, matrix, index, format, ct) : await tiles.ExecuteAsync(tileset!, matrix, index, ct);
        return instead switch
        {
            null => new DatasetTileResult(tile!, tileset!, tileset!.Set.TryFindLevel(matrix, out var level) ? level : 0, format),
            TileAnswer.Failed failed => Problems.NotMade(failed.Message, failed.RetryAfter),
            TileAnswer.Absent { Part: AbsentPart.TileMatrix } absent => Problems.NoSuchTile($"There is no tile matrix {absent.Name} of {tileset!.Set.Id} here."),
            TileAnswer.Absent absent => Problems.NoSuchTile($"There is no tile at {absent.Name} of tile matrix {matrix}."),
            _ => throw new InvalidOperationException("There is no other answer."),
        };
    }

    private Problem? Choose(IReadOnlyList<TileFormat> formats, out TileFormat format)
    {
        format = formats[0];
        if (Request.Query["f"].ToString() is { Length: > 0 } named)
        {
            if (TileFormat.Find(named) is not { } known || !formats.Contains(known))
            {
                return Problems.InvalidParameters([new("f", $"must be {string.Join(" or ", formats.Select(one => one.Name))} (got {named})")]);
            }

            format = known;
            return null;
        }

        if (Accept.Best(Request, [.. formats.Select(one => one.MediaType)]) is not { } best)
        {
            return Problems.NotAcceptable(formats.Select(one => one.MediaType));
        }

        format = formats[best];
        return null;
    }

    /// <summary>What is true of all its layers: it is fresh as long as the part that ages first, and nothing is below it where the layer that goes deepest ends.</summary>
    private sealed class DatasetTileResult(StoredTile tile, DatasetTileset dataset, int level, TileFormat format) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => TileAnswers.SendAsync(
            httpContext, tile, dataset.Layers.MaxBy(layer => layer.MaxLevel)!, level, format, dataset.Layers.Min(layer => layer.Layer.Caching.MaxAgeSeconds));
    }
}
