using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Features;
using GeoWps.Application.Layers;
using GeoWps.Domain.Layers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Collections;

/// <summary>What is about the features of one layer: those of a layer that is not there, or has none, are not found.</summary>
internal abstract class FeaturesEndpoint(LayerCatalogue layers, LayerFeatures features) : ApiEndpoint
{
    protected LayerFeatures Features => features;

    public sealed override async Task<IResult> ExecuteAsync(CancellationToken ct) => await layers.FindAsync(Segment("layer"), ct) switch
    {
        null => Problems.NoSuchCollection(Segment("layer")),
        { } layer when !features.Has(layer) => Problems.NoFeatures(layer.Id),
        { } layer => await AnswerAsync(layer, ct),
    };

    protected abstract Task<IResult> AnswerAsync(Layer layer, CancellationToken ct);
}
