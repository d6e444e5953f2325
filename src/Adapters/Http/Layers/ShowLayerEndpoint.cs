using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Layers;
using GeoWps.Application.Security;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Layers;

/// <summary><c>GET /admin/layers/{layer}</c></summary>
internal sealed class ShowLayerEndpoint(LayerCatalogue layers) : AdminEndpoint
{
    protected override Rights Needed => Rights.Publish;

    public override void Configure() => GetAndHead("/admin/layers/{layer}");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct) =>
        await layers.FindAsync(Segment("layer"), ct) is { } layer ? LayerAnswers.Of(layer, BaseAddress) : Problems.NoSuchLayer(Segment("layer"));
}
