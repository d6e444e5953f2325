using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Ows;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Wmts;

/// <summary><c>/wmts</c>: WMTS 1.0.0 by parameters, OGC 07-057r7, clause 8.</summary>
internal sealed class WmtsEndpoint(WmtsDocuments documents, WmtsTiles tiles, WmtsFeatureInfo info) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/wmts");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        try
        {
            return WmtsRequest.Read(new KvpQuery(Request.QueryString.Value ?? "")) switch
            {
                WmtsRequest.GetCapabilities asked => await documents.CapabilitiesAsync(BaseAddress, asked, ct),
                WmtsRequest.GetFeatureInfo asked =>
                    await info.AnswerAsync(Request, asked.Tile, asked.I, asked.J, asked.InfoFormat, StatusCodes.Status400BadRequest, ct),
                WmtsRequest.GetTile asked => await tiles.AnswerAsync(asked.Tile, StatusCodes.Status400BadRequest, ct),
                _ => throw new InvalidOperationException("There is no other request."),
            };
        }
        catch (OwsRefusedException refused)
        {
            return new ExceptionReport(OwsNames.Ows1, [refused.Fault]);
        }
    }
}

/// <summary>The capabilities under an address of their own: OGC 07-057r7, clause 10.1.</summary>
internal sealed class WmtsCapabilitiesEndpoint(WmtsDocuments documents) : ApiEndpoint
{
    public const string Path = "wmts/1.0.0/WMTSCapabilities.xml";

    public override void Configure() => GetAndHead("/" + Path);

    public override async Task<IResult> ExecuteAsync(CancellationToken ct) =>
        await documents.CapabilitiesAsync(BaseAddress, new WmtsRequest.GetCapabilities(null, null, OwsNames.TextXml), ct);
}

/// <summary>A tile by its address: OGC 07-057r7, clause 10.2. One that memory holds is answered before (<see cref="Tiles.TileHits"/>).</summary>
internal sealed class WmtsTileEndpoint(WmtsTiles tiles) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/wmts/1.0.0/{layer}/{style}/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}.{ext}");

    public override Task<IResult> ExecuteAsync(CancellationToken ct) => tiles.AnswerAsync(
        new WmtsTile(Segment("layer"), Segment("style"), Segment("ext"), Segment("tileMatrixSet"), Segment("tileMatrix"), Segment("tileRow"), Segment("tileCol")),
        StatusCodes.Status404NotFound,
        ct);
}

/// <summary>The features at a pixel of a tile by their address: OGC 07-057r7, clause 10.3.</summary>
internal sealed class WmtsFeatureInfoEndpoint(WmtsFeatureInfo info) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/wmts/1.0.0/{layer}/{style}/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}/{j}/{i}.{ext}");

    public override Task<IResult> ExecuteAsync(CancellationToken ct) => info.AnswerAsync(
        Request,
        new WmtsTile(Segment("layer"), Segment("style"), Format: null, Segment("tileMatrixSet"), Segment("tileMatrix"), Segment("tileRow"), Segment("tileCol")),
        Segment("i"),
        Segment("j"),
        Segment("ext"),
        StatusCodes.Status404NotFound,
        ct);
}
