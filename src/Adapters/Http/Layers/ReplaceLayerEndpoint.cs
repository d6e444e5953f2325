using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Layers;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Layers;

/// <summary>
/// <c>PUT /admin/layers/{layer}</c>: a form takes the place of all settings; data, or a source in the form, take the place of the data. Data that come
/// without a form leave the settings as they are.
/// </summary>
internal sealed class ReplaceLayerEndpoint(LayerBody bodies, PublishLayer publish, ChangeLayer change) : LayerEndpoint(bodies, publish)
{
    public override void Configure() => Put("/admin/layers/{layer}");

    protected override Task<IResult> AdministerAsync(CancellationToken ct) => WithBodyAsync(
        async sent =>
        {
            var (id, mistakes) = (Segment("layer"), new List<Mistake>());
            var wish = sent.Read(mistakes);
            if (wish.Settings.Id is { } other && other != id)
            {
                mistakes.Add(new Mistake("/id", "can't be changed"));
            }

            return Refuse(mistakes) ?? (sent.Data is null && wish.Source is null
                ? LayerAnswers.Of(await change.ReplaceAsync(id, wish.Settings, ct), BaseAddress)
                : await PublishAsync(sent.Call(wish, HttpContext.Caller(), BaseAddress, Wait) with { Replaces = id, KeepSettings = sent.Form is null }, ct));
        },
        ct);
}
