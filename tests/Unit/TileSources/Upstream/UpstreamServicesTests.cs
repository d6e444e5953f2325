using System.Text;
using GeoWps.Adapters.TileSources.Upstream;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using GeoWps.Tests.Unit.References;

namespace GeoWps.Tests.Unit.TileSources.Upstream;

public sealed class UpstreamServicesTests
{
    private const string Wmts = """
        <Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0">
          <ows:OperationsMetadata><ows:Operation name="GetTile"><ows:DCP><ows:HTTP>
            <ows:Get xlink:href="HOST/kvp?map=a"><ows:Constraint name="GetEncoding"><ows:AllowedValues><ows:Value>KVP</ows:Value></ows:AllowedValues></ows:Constraint></ows:Get>
          </ows:HTTP></ows:DCP></ows:Operation></ows:OperationsMetadata>
          <Contents>
            <Layer>
              <ows:Title>Base map</ows:Title><ows:Abstract>All of it</ows:Abstract>
              <ows:WGS84BoundingBox><ows:LowerCorner>5 45</ows:LowerCorner><ows:UpperCorner>11 48</ows:UpperCorner></ows:WGS84BoundingBox>
              <ows:Identifier>base</ows:Identifier>
              <Style><ows:Identifier>other</ows:Identifier></Style><Style isDefault="true"><ows:Identifier>day time</ows:Identifier></Style>
              <Dimension><ows:Identifier>Time</ows:Identifier><Default>current</Default><Value>current</Value></Dimension>
              <Format>image/png</Format><Format>image/jpeg</Format><Format>image/vnd.x</Format>
              <TileMatrixSetLink><TileMatrixSet>google</TileMatrixSet></TileMatrixSetLink>
              <TileMatrixSetLink><TileMatrixSet>degrees</TileMatrixSet></TileMatrixSetLink>
              <ResourceURL format="image/png" resourceType="tile" template="HOST/rest/base/{style}/{Time}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png"/>
            </Layer>
            <Layer><ows:Title>Swiss</ows:Title><ows:Identifier>swiss</ows:Identifier><Format>image/png</Format><TileMatrixSetLink><TileMatrixSet>swiss</TileMatrixSet></TileMatrixSetLink></Layer>
            <TileMatrixSet><ows:Identifier>google</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>
              <TileMatrix><ows:Identifier>g:1</ows:Identifier><ScaleDenominator>279541132.01435</ScaleDenominator><TopLeftCorner>-20037508.34 20037508.34</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight><MatrixWidth>2</MatrixWidth><MatrixHeight>2</MatrixHeight></TileMatrix>
              <TileMatrix><ows:Identifier>g:2</ows:Identifier><ScaleDenominator>139770566.00717</ScaleDenominator><TopLeftCorner>-20037508.34 20037508.34</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight><MatrixWidth>4</MatrixWidth><MatrixHeight>4</MatrixHeight></TileMatrix>
            </TileMatrixSet>
            <TileMatrixSet><ows:Identifier>degrees</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:EPSG::4326</ows:SupportedCRS>
              <TileMatrix><ows:Identifier>0</ows:Identifier><ScaleDenominator>279541132.01435</ScaleDenominator><TopLeftCorner>90.0 -180.0</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight><MatrixWidth>2</MatrixWidth><MatrixHeight>1</MatrixHeight></TileMatrix>
            </TileMatrixSet>
            <TileMatrixSet><ows:Identifier>swiss</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:EPSG::2056</ows:SupportedCRS>
              <TileMatrix><ows:Identifier>0</ows:Identifier><ScaleDenominator>14285714</ScaleDenominator><TopLeftCorner>2420000 1350000</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight><MatrixWidth>1</MatrixWidth><MatrixHeight>1</MatrixHeight></TileMatrix>
            </TileMatrixSet>
          </Contents>
        </Capabilities>
        """;

    private static readonly TileMatrixSet[] _sets = [Grids.WebMercatorQuad, Grids.WorldCrs84Quad];

    [Fact]
    public async Task A_WMTS_has_layers_in_those_of_its_grids_that_are_ours()
    {
        await using var server = Server(path => path.Contains("GetCapabilities", StringComparison.Ordinal) ? Wmts : null);
        var found = (await ReadAsync(server, "/service")).ShouldBeOfType<UpstreamReading.Found>();

        found.Layers.Select(layer => (layer.Name, layer.Source.TileMatrixSet, layer.Format.Name, layer.MinLevel, layer.MaxLevel)).ShouldBe(
            [("base", "WebMercatorQuad", "png", 1, 2), ("base", "WebMercatorQuad", "jpeg", 1, 2), ("base", "WorldCRS84Quad", "png", 0, 0), ("base", "WorldCRS84Quad", "jpeg", 0, 0)]);
        var (rest, kvp) = (found.Layers[0], found.Layers[1]);
        rest.Source.Template.ShouldBe($"{server.Address}/rest/base/day%20time/current/google/{{TileMatrix}}/{{TileRow}}/{{TileCol}}.png");
        kvp.Source.Template.ShouldBe(
            $"{server.Address}/kvp?map=a&SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=base&STYLE=day%20time&FORMAT=image%2Fjpeg&TILEMATRIXSET=google&TILEMATRIX={{TileMatrix}}&TILEROW={{TileRow}}&TILECOL={{TileCol}}&Time=current");
        rest.Source.Matrices!.Take(4).ShouldBe(["", "g:1", "g:2", ""]);
        (rest.Title, rest.Description, rest.Contents.Extent, rest.Contents.Kind).ShouldBe(("Base map", "All of it", new Extent(5, 45, 11, 48), LayerKind.Map));
        found.Skipped.Single().ShouldStartWith("swiss: ");
    }

    [Fact]
    public async Task A_TileJSON_is_a_layer()
    {
        const string Json = """{"tilejson":"3.0.0","name":"Streets","attribution":"© us","tiles":["../t/{z}/{x}/{y}.pbf"],"minzoom":2,"maxzoom":14,"bounds":[1,2,3,4],"scheme":"tms","vector_layers":[{"id":"a","fields":{"name":"String","lanes":"Number"}},{"id":"b","fields":{"name":"String","oneway":"Boolean"}}]}""";
        await using var server = Server(path => path == "/maps/tiles.json" ? Json : null);
        var layer = (await ReadAsync(server, "/maps/tiles.json")).ShouldBeOfType<UpstreamReading.Found>().Layers.Single();

        layer.Source.ShouldBe(new LayerSource.Upstream(UpstreamKind.Tms, server.Address + "/t/{z}/{x}/{y}.pbf", "WebMercatorQuad"));
        (layer.Format, layer.MinLevel, layer.MaxLevel, layer.Attribution, layer.Contents.Extent).ShouldBe((TileFormat.Mvt, 2, 14, "© us", new Extent(1, 2, 3, 4)));
        layer.Contents.Fields.ShouldBe([new("name", "string"), new("lanes", "number"), new("oneway", "boolean")]);
    }

    [Fact]
    public async Task A_tile_map_of_TMS_is_a_layer()
    {
        await using var server = Server(path => path == "/tms/1.0.0/base" ? """
            <TileMap version="1.0.0"><Title>Base</Title><Abstract/><SRS>OSGEO:41001</SRS><Origin x="-20037508.34" y="-20037508.34"/><TileFormat width="256" height="256" mime-type="image/png" extension="png"/>
            <TileSets profile="global-mercator"><TileSet href="/tms/1.0.0/base/0" units-per-pixel="156543.0339" order="0"/><TileSet href="/tms/1.0.0/base/1" units-per-pixel="78271.51696" order="1"/></TileSets></TileMap>
            """ : null);
        var layer = (await ReadAsync(server, "/tms/1.0.0/base")).ShouldBeOfType<UpstreamReading.Found>().Layers.Single();
        (layer.Source.Protocol, layer.Source.Template, layer.MinLevel, layer.MaxLevel).ShouldBe((UpstreamKind.Tms, server.Address + "/tms/1.0.0/base/{z}/{x}/{y}.png", 0, 1));
    }

    [Theory]
    [InlineData("<html/>")]
    [InlineData("nothing")]
    [InlineData("{\"a\":1}")]
    [InlineData("<Capabilities/>")]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Capabilities>&x;</Capabilities>")]
    public async Task What_is_no_such_document_is_refused(string body)
    {
        await using var server = Server(_ => body);
        (await ReadAsync(server, "/x")).ShouldBeOfType<UpstreamReading.Refused>().Message.ShouldStartWith("address: there is no capabilities document");
    }

    [Fact]
    public async Task A_document_can_not_lead_to_where_the_operator_does_not_let()
    {
        await using var server = Server(_ => """{"tilejson":"2.0.0","tiles":["http://10.0.0.7/{z}/{x}/{y}.png"]}""");
        (await ReadAsync(server, "/x")).ShouldBeOfType<UpstreamReading.Refused>().Message.ShouldContain("10.0.0.7 is unknown, or not at a public address");
    }

    [Fact]
    public void A_template_that_is_published_without_a_document_is_judged()
    {
        using var client = UpstreamTileSourceTests.Client(allowed: false);
        var services = new UpstreamServices(client, TimeSpan.FromSeconds(1));
        services.Refuse(new LayerSource.Upstream(UpstreamKind.Xyz, "https://tiles.example.org/{z}/{x}/{y}.png", "WebMercatorQuad")).ShouldBeNull();
        services.Refuse(new LayerSource.Upstream(UpstreamKind.Xyz, "http://localhost/{z}/{x}/{y}.png", "WebMercatorQuad"))!.ShouldContain("localhost");
        services.Refuse(new LayerSource.Upstream(UpstreamKind.Xyz, "file:///{z}/{x}/{y}.png", "WebMercatorQuad"))!.ShouldContain("http");
    }

    private static ScriptedServer Server(Func<string, string?> answer)
    {
        ScriptedServer? server = null;
        return server = UpstreamTileSourceTests.Server(path => answer(path) is { } text
            ? UpstreamTileSourceTests.Answer(200, Encoding.UTF8.GetBytes(text.Replace("HOST", server!.Address)))
            : UpstreamTileSourceTests.Answer(404, []));
    }

    private static async Task<UpstreamReading> ReadAsync(ScriptedServer server, string path)
    {
        using var client = UpstreamTileSourceTests.Client();
        return await new UpstreamServices(client, TimeSpan.FromSeconds(10)).ReadAsync(server.Address + path, _sets, default);
    }
}
