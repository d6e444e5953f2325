using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Layers;
using GeoWps.Application.Security;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Layers;

/// <summary><c>DELETE /admin/layers/{layer}</c>: the layer with its data and tiles.</summary>
internal sealed class RemoveLayerEndpoint(RemoveLayer remove) : AdminEndpoint
{
    protected override Rights Needed => Rights.Publish;

    public override void Configure() => Delete("/admin/layers/{layer}");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct) =>
        await remove.ExecuteAsync(Segment("layer"), ct) ? TypedResults.NoContent() : Problems.NoSuchLayer(Segment("layer"));
}
