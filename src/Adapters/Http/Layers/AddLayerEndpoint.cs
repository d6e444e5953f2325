using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Layers;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Layers;

/// <summary><c>POST /admin/layers</c>: 201 with the layer when it is published within ten seconds (or <c>Prefer: wait=N</c>), else 202 with the job that does it.</summary>
internal sealed class AddLayerEndpoint(LayerBody bodies, PublishLayer publish) : LayerEndpoint(bodies, publish)
{
    public override void Configure() => Post("/admin/layers");

    protected override Task<IResult> AdministerAsync(CancellationToken ct) => WithBodyAsync(
        async sent =>
        {
            var mistakes = new List<Mistake>();
            var wish = sent.Read(mistakes);
            return Refuse(mistakes) ?? await PublishAsync(sent.Call(wish, HttpContext.Caller(), BaseAddress, Wait), ct);
        },
        ct);
}
