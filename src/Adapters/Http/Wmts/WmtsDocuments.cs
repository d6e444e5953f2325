using System.Globalization;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Jobs;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Tiles;
using GeoWps.Application.Features;
using GeoWps.Application.Tiles;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Wmts;

/// <summary>Capabilities of WMTS, made once for each state of the layers and each address.</summary>
internal sealed class WmtsDocuments(LayerDocuments documents, LayerTilesets tilesets, MakeTiles maker, LayerFeatures features, IOptions<HttpOptions> options, TimeProvider clock)
{
    private readonly string _started = StatusInfo.Time(clock.GetUtcNow());

    /// <summary>06-121r3, clause 7.3.4: who has the current document gets an empty one.</summary>
    public async Task<IResult> CapabilitiesAsync(string baseAddress, WmtsRequest.GetCapabilities asked, CancellationToken cancellationToken)
    {
        var current = Sequence(tilesets.Changes);
        if (asked.UpdateSequence is { } known && string.CompareOrdinal(known, current) is >= 0 and var order)
        {
            return order > 0
                ? new ExceptionReport(OwsNames.Ows1, [new OwsFault("InvalidUpdateSequence", null, $"updateSequence: is above the current one, {current}")])
                : XmlAnswer.Stored(xml => WmtsCapabilities.WriteUnchanged(xml, current));
        }

        var name = $"wmts {baseAddress} {(asked.Sections is null ? "" : string.Join(',', asked.Sections.Order(StringComparer.Ordinal)))}";
        var made = await documents.GetAsync(
            name,
            (xml, changes) => new WmtsCapabilities(xml, baseAddress, options.Value, tilesets, maker, features).WriteAsync(documents.AllAsync(), Sequence(changes), asked.Sections),
            cancellationToken);
        return made.As(asked.MediaType);
    }

    /// <summary>Grows with every change, and when the server has been started anew.</summary>
    private string Sequence(long changes) => string.Create(CultureInfo.InvariantCulture, $"{_started}-{changes:D12}");
}
