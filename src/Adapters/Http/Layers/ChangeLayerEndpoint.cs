using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Layers;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Layers;

/// <summary><c>PATCH /admin/layers/{layer}</c>: a merge patch (RFC 7396) of the layer's form; with a <c>source</c> and nothing else, other data.</summary>
internal sealed class ChangeLayerEndpoint(LayerBody bodies, PublishLayer publish, ChangeLayer change) : LayerEndpoint(bodies, publish)
{
    public override void Configure() => Patch("/admin/layers/{layer}");

    protected override Task<IResult> AdministerAsync(CancellationToken ct) => WithBodyAsync(
        async sent =>
        {
            var id = Segment("layer");
            if (sent.Data is not null || sent.Form is null)
            {
                return Problems.OfStatus(StatusCodes.Status415UnsupportedMediaType, "A layer is changed by application/merge-patch+json; PUT takes other data.");
            }

            if (!sent.Form.ContainsKey("source"))
            {
                return LayerAnswers.Of(await change.PatchAsync(id, sent.Form, ct), BaseAddress);
            }

            var mistakes = new List<Mistake>();
            var wish = LayerForm.Read(JsonElement.Parse(sent.Form.ToJsonString()), "", mistakes);
            if (sent.Form.Count > 1)
            {
                mistakes.Add(new Mistake("/source", "is changed alone: settings by a request of their own"));
            }

            return Refuse(mistakes) ?? await PublishAsync(sent.Call(wish, HttpContext.Caller(), BaseAddress, Wait) with { Replaces = id, KeepSettings = true }, ct);
        },
        ct);
}
