using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Application.Tiles;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Tiles.Tms;

/// <summary>The root resource of the Tile Map Service 1.0.0 of OSGeo.</summary>
internal sealed class TmsServicesEndpoint(IOptions<HttpOptions> options) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/tms");

    public override Task<IResult> ExecuteAsync(CancellationToken ct) =>
        Task.FromResult<IResult>(XmlAnswer.Stored(xml => new TmsWriter(xml, BaseAddress).Services(options.Value)));
}

/// <summary>The service: every layer in Web Mercator.</summary>
internal sealed class TmsServiceEndpoint(LayerDocuments documents, MakeTiles maker, IOptions<HttpOptions> options) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/tms/1.0.0");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var baseAddress = BaseAddress;
        return await documents.GetAsync(
            "tms " + baseAddress, (xml, _) => new TmsWriter(xml, baseAddress).TileMapsAsync(options.Value, documents.AllAsync(), maker), ct);
    }
}

/// <summary>One layer. Its tiles are at <see cref="TileEndpoint"/>.</summary>
internal sealed class TmsTileMapEndpoint(LayerTilesets tilesets, MakeTiles maker) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/tms/1.0.0/{layer}");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var (tileset, absent) = await tilesets.FindAsync(Segment("layer"), TileAddress.WebMercator, ct);
        return tileset is null
                ? absent == AbsentPart.Layer ? Problems.NoSuchCollection(Segment("layer")) : Problems.NoSuchTileMatrixSet(TileAddress.WebMercator)
            : TmsWriter.FormatOf(tileset.Layer, maker) is { } format ? XmlAnswer.Stored(xml => new TmsWriter(xml, BaseAddress).TileMap(tileset, format))
            : Problems.NotFound(Request.Path);
    }
}
