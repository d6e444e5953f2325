using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Records.Use;
using GeoWps.Application.Features;
using GeoWps.Application.Layers;
using GeoWps.Application.Records.Use;
using GeoWps.Application.Security;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Records;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Collections;

/// <summary>What is about the features of one layer: those of a layer that is not there, or has none, are not found.</summary>
internal abstract class FeaturesEndpoint(LayerCatalogue layers, LayerFeatures features, UseCounts counts) : ApiEndpoint
{
    protected LayerFeatures Features => features;

    public sealed override async Task<IResult> ExecuteAsync(CancellationToken ct) => await layers.FindAsync(Segment("layer"), ct) switch
    {
        null => Problems.NoSuchCollection(Segment("layer")),
        { } layer when !features.Has(layer) => Problems.NoFeatures(layer.Id),
        { } layer => await AnswerAsync(layer, ct),
    };

    /// <summary>Counts one feature, or a page of them for people, as opened, and features as data as downloaded; of several pages the first.</summary>
    protected IResult Counted(IResult answer, Layer layer, bool isData)
    {
        var record = $"{RecordSources.Layers}:{layer.Id}";
        return Request.Query.ContainsKey("after") ? answer
            : UseAnswer.Of(answer, Request, () => (isData ? (Action<string, Caller>)counts.Downloaded : counts.Opened)(record, HttpContext.Caller()));
    }

    protected abstract Task<IResult> AnswerAsync(Layer layer, CancellationToken ct);
}
