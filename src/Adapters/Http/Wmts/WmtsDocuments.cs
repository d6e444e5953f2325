using System.Xml;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Tiles;
using GeoWps.Application.Features;
using GeoWps.Application.Layers;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Layers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Wmts;

/// <summary>Capabilities of WMTS, made once for each state of the layers and each address.</summary>
internal sealed class WmtsDocuments(
    LayerDocuments documents, LayerCatalogue layers, LayerTilesets tilesets, MakeTiles maker, LayerFeatures features, UpdateSequences sequences, IOptions<HttpOptions> options)
{
    private const string Service = "wmts";

    private string? _ownWords;

    /// <summary>06-121r3, clause 7.3.4: who has the current document gets an empty one.</summary>
    public async Task<IResult> CapabilitiesAsync(string baseAddress, WmtsRequest.GetCapabilities asked, CancellationToken cancellationToken)
    {
        // Before the layers are read: a change meanwhile gives the next document another one.
        _ownWords ??= await OwnWordsAsync();
        var sequence = await sequences.CurrentAsync(Service, $"{_ownWords} {await layers.DigestAsync(cancellationToken)}", cancellationToken);
        return await sequences.JudgeAsync(Service, sequence, asked.UpdateSequence, cancellationToken) switch
        {
            Freshness.Whole => await WholeAsync(sequence, baseAddress, asked, cancellationToken),
            Freshness.Unchanged => XmlAnswer.Stored(xml => WmtsCapabilities.WriteUnchanged(xml, sequence)),
            Freshness.NoneSuch => new ExceptionReport(OwsNames.Ows1, [new OwsFault("InvalidUpdateSequence", null, $"updateSequence: is above the current one, {sequence}")]),
        };
    }

    private async Task<IResult> WholeAsync(string sequence, string baseAddress, WmtsRequest.GetCapabilities asked, CancellationToken cancellationToken)
    {
        var name = $"wmts {sequence} {baseAddress} {(asked.Sections is null ? "" : string.Join(',', asked.Sections.Order(StringComparer.Ordinal)))}";
        var made = await documents.GetAsync(name, (xml, _) => Write(xml, baseAddress).WriteAsync(documents.AllAsync(), sequence, asked.Sections), cancellationToken);
        return made.As(asked.MediaType);
    }

    /// <summary>A digest of what stands there without a layer.</summary>
    private async Task<string> OwnWordsAsync()
    {
        using var words = new MemoryStream();
        await using (var xml = XmlWriter.Create(words, XmlAnswer.Form))
        {
            await Write(xml, "").WriteAsync(AsyncEnumerable.Empty<Layer>(), "", null);
        }

        return UpdateSequences.Digest(words.ToArray());
    }

    private WmtsCapabilities Write(XmlWriter xml, string baseAddress) => new(xml, baseAddress, options.Value, tilesets, maker, features);
}
