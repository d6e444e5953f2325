using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Layers;
using GeoWps.Application.Tiles.Caching;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Seeding;

/// <summary><c>GET /cache</c>: what the tiles of every layer take.</summary>
internal sealed class CacheUseEndpoint(TileCache cache) : AdminEndpoint
{
    public override void Configure() => GetAndHead("/cache");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct) => await SeedAnswers.UseAsync(cache.UseAsync(null, ct), null, ct);
}

/// <summary><c>GET /cache/{layer}</c>: what the tiles of a layer take.</summary>
internal sealed class LayerCacheUseEndpoint(TileCache cache, LayerCatalogue layers) : AdminEndpoint
{
    public override void Configure() => GetAndHead("/cache/{layer}");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var layer = Segment("layer");
        return await layers.FindAsync(layer, ct) is null ? Problems.NoSuchLayer(layer) : await SeedAnswers.UseAsync(cache.UseAsync(layer, ct), layer, ct);
    }
}
