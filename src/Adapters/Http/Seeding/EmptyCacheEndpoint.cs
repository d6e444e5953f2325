using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Layers;
using GeoWps.Application.Tiles.Seeding;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Seeding;

/// <summary><c>DELETE /cache/{layer}</c>: all tiles of a layer, at once.</summary>
internal sealed class EmptyCacheEndpoint(TruncateTiles truncate, LayerCatalogue layers) : AdminEndpoint
{
    public override void Configure() => Delete("/cache/{layer}");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var layer = Segment("layer");
        if (await layers.FindAsync(layer, ct) is null)
        {
            return Problems.NoSuchLayer(layer);
        }

        await truncate.ExecuteAsync(layer, ct);
        return TypedResults.NoContent();
    }
}
