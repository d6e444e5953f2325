using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Layers;
using GeoWps.Application.Security;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Layers;

/// <summary><c>POST /admin/layers/{layer}/pin</c>: a published result stays when its job's results are removed.</summary>
internal sealed class PinLayerEndpoint(ChangeLayer change) : AdminEndpoint
{
    protected override Rights Needed => Rights.Publish;

    public override void Configure() => Post("/admin/layers/{layer}/pin");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct) => LayerAnswers.Of(await change.PinAsync(Segment("layer"), ct), BaseAddress);
}
