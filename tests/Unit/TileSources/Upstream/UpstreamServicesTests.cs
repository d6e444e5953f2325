using System.Text;
using GeoWps.Adapters.TileSources.Projections;
using GeoWps.Adapters.TileSources.Upstream;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles;
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
            <Layer><ows:Title>North</ows:Title><ows:WGS84BoundingBox><ows:LowerCorner>5 55</ows:LowerCorner><ows:UpperCorner>15 60</ows:UpperCorner></ows:WGS84BoundingBox>
              <ows:Identifier>north</ows:Identifier><Format>image/png</Format><TileMatrixSetLink><TileMatrixSet>grid of the north</TileMatrixSet></TileMatrixSetLink></Layer>
            <Layer><ows:Title>Broken</ows:Title><ows:Identifier>broken</ows:Identifier><Format>image/png</Format><TileMatrixSetLink><TileMatrixSet>broken</TileMatrixSet></TileMatrixSetLink></Layer>
            <TileMatrixSet><ows:Identifier>google</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>
              <TileMatrix><ows:Identifier>g:1</ows:Identifier><ScaleDenominator>279541132.01435</ScaleDenominator><TopLeftCorner>-20037508.34 20037508.34</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight><MatrixWidth>2</MatrixWidth><MatrixHeight>2</MatrixHeight></TileMatrix>
              <TileMatrix><ows:Identifier>g:2</ows:Identifier><ScaleDenominator>139770566.00717</ScaleDenominator><TopLeftCorner>-20037508.34 20037508.34</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight><MatrixWidth>4</MatrixWidth><MatrixHeight>4</MatrixHeight></TileMatrix>
            </TileMatrixSet>
            <TileMatrixSet><ows:Identifier>degrees</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:EPSG::4326</ows:SupportedCRS>
              <TileMatrix><ows:Identifier>0</ows:Identifier><ScaleDenominator>279541132.01435</ScaleDenominator><TopLeftCorner>90.0 -180.0</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight><MatrixWidth>2</MatrixWidth><MatrixHeight>1</MatrixHeight></TileMatrix>
            </TileMatrixSet>
            <TileMatrixSet><ows:Identifier>swiss</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:EPSG::999999</ows:SupportedCRS>
              <TileMatrix><ows:Identifier>0</ows:Identifier><ScaleDenominator>14285714</ScaleDenominator><TopLeftCorner>2420000 1350000</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight><MatrixWidth>1</MatrixWidth><MatrixHeight>1</MatrixHeight></TileMatrix>
            </TileMatrixSet>
            <TileMatrixSet><ows:Identifier>grid of the north</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:EPSG::3035</ows:SupportedCRS>
              <TileMatrix><ows:Identifier>EPSG:3035:fine</ows:Identifier><ScaleDenominator>5000000</ScaleDenominator><TopLeftCorner>5500000 2500000</TopLeftCorner><TileWidth>512</TileWidth><TileHeight>256</TileHeight><MatrixWidth>4</MatrixWidth><MatrixHeight>6</MatrixHeight></TileMatrix>
              <TileMatrix><ows:Identifier>EPSG:3035:coarse</ows:Identifier><ScaleDenominator>1e7</ScaleDenominator><TopLeftCorner>5500000 2500000</TopLeftCorner><TileWidth>512</TileWidth><TileHeight>256</TileHeight><MatrixWidth>2</MatrixWidth><MatrixHeight>3</MatrixHeight></TileMatrix>
            </TileMatrixSet>
            <TileMatrixSet><ows:Identifier>broken</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:EPSG::3035</ows:SupportedCRS>
              <TileMatrix><ows:Identifier>0</ows:Identifier><ScaleDenominator>5000000</ScaleDenominator><TopLeftCorner>5500000 2500000</TopLeftCorner><TileWidth>512</TileWidth><TileHeight>256</TileHeight></TileMatrix>
            </TileMatrixSet>
          </Contents>
        </Capabilities>
        """;

    private static readonly TileMatrixSets _known = new();

    private static readonly TileMatrixSet[] _sets = [.. _known.Ids.Select(id => _known.Find(id)!)];

    [Fact]
    public async Task A_layer_of_a_WMTS_is_offered_in_the_first_of_its_grids_that_is_ours_by_resource()
    {
        await using var server = Server(path => path.Contains("GetCapabilities", StringComparison.Ordinal) ? Wmts : null);
        var layer = await FoundAsync(server, "/service", offer => offer with { Layer = "base" });

        (layer.Name, layer.Title, layer.Description, layer.Source.TileMatrixSet, layer.Format.Name, layer.MinLevel, layer.MaxLevel).ShouldBe(("base", "Base map", "All of it", "WebMercatorQuad", "png", 1, 2));
        layer.Source.Template.ShouldBe($"{server.Address}/rest/base/day%20time/current/google/{{TileMatrix}}/{{TileRow}}/{{TileCol}}.png");
        layer.Source.Matrices!.Take(4).ShouldBe(["", "g:1", "g:2", ""]);
        (layer.Contents.Extent, layer.Contents.Kind, layer.NewSet).ShouldBe((new Extent(5, 45, 11, 48), LayerKind.Map, null));
    }

    [Fact]
    public async Task Grid_style_and_format_can_be_chosen_and_what_has_no_resource_is_asked_for_by_parameters()
    {
        await using var server = Server(_ => Wmts);
        var layer = await FoundAsync(server, "/x", offer => offer with { Layer = "base", TileMatrixSet = "degrees", Style = "other", Format = TileFormat.Jpeg });

        (layer.Source.TileMatrixSet, layer.Format.Name, layer.MinLevel, layer.MaxLevel).ShouldBe(("WorldCRS84Quad", "jpeg", 0, 0));
        layer.Source.Template.ShouldBe(
            $"{server.Address}/kvp?map=a&SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=base&STYLE=other&FORMAT=image%2Fjpeg&TILEMATRIXSET=degrees&TILEMATRIX={{TileMatrix}}&TILEROW={{TileRow}}&TILECOL={{TileCol}}&Time=current");
        (await FoundAsync(server, "/x", offer => offer with { Layer = "base", TileMatrixSet = "WorldCRS84Quad" })).Source.TileMatrixSet.ShouldBe("WorldCRS84Quad", "our name for it will do, too");
    }

    [Fact]
    public async Task A_grid_that_is_none_of_ours_is_defined_by_the_document()
    {
        await using var server = Server(_ => Wmts);
        var layer = await FoundAsync(server, "/x", offer => offer with { Layer = "north" });

        var set = layer.NewSet.ShouldNotBeNull();
        (set.Id, set.Crs, layer.Source.TileMatrixSet).ShouldBe(("grid-of-the-north", new Crs("EPSG", "3035"), "grid-of-the-north"));
        set.Matrices.Select(matrix => (matrix.Id, Math.Round(matrix.CellSize, 6), matrix.TileWidth, matrix.TileHeight, matrix.MatrixWidth, matrix.MatrixHeight)).ShouldBe([("0", 2800, 512, 256, 2, 3), ("1", 1400, 512, 256, 4, 6)]);
        (set.Matrices[0].OriginX, set.Matrices[0].OriginY).ShouldBe((2_500_000, 5_500_000), "the axes of EPSG:3035 go north, then east");
        layer.Source.Matrices.ShouldBe(["EPSG:3035:coarse", "EPSG:3035:fine"]);
        (layer.MinLevel, layer.MaxLevel).ShouldBe((0, 1));
    }

    [Fact]
    public async Task Axes_that_a_document_has_the_other_way_around_are_told_by_where_the_layer_is()
    {
        await using var server = Server(_ => Wmts.Replace("<TopLeftCorner>5500000 2500000</TopLeftCorner>", "<TopLeftCorner>2500000 5500000</TopLeftCorner>", StringComparison.Ordinal));
        var set = (await FoundAsync(server, "/x", offer => offer with { Layer = "north" })).NewSet!;
        (set.Matrices[0].OriginX, set.Matrices[0].OriginY).ShouldBe((2_500_000, 5_500_000));
    }

    [Fact]
    public async Task Only_the_matrices_within_the_limits_of_a_layer_are_offered()
    {
        const string Limits = "<TileMatrixSetLimits><TileMatrixLimits><TileMatrix>g:2</TileMatrix><MinTileRow>0</MinTileRow><MaxTileRow>1</MaxTileRow><MinTileCol>0</MinTileCol><MaxTileCol>1</MaxTileCol></TileMatrixLimits></TileMatrixSetLimits>";
        await using var server = Server(_ => Wmts.Replace("<TileMatrixSet>google</TileMatrixSet></TileMatrixSetLink>", $"<TileMatrixSet>google</TileMatrixSet>{Limits}</TileMatrixSetLink>", StringComparison.Ordinal));
        var layer = await FoundAsync(server, "/x", offer => offer with { Layer = "base" });
        (layer.MinLevel, layer.MaxLevel).ShouldBe((2, 2));
    }

    [Theory]
    [InlineData("<ows:Identifier>anything</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS><WellKnownScaleSet>urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible</WellKnownScaleSet>", "WebMercatorQuad")]
    [InlineData("<ows:Identifier>WorldCRS84Quad</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:OGC:1.3:CRS84</ows:SupportedCRS>", "WorldCRS84Quad")]
    public async Task A_grid_without_matrices_is_taken_by_its_name_or_that_of_its_scale_set(string grid, string ours)
    {
        var id = grid.Split('>', '<')[2];
        await using var server = Server(_ => $"""
            <Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1"><Contents>
              <Layer><ows:Identifier>a</ows:Identifier><Format>image/png</Format><TileMatrixSetLink><TileMatrixSet>{id}</TileMatrixSet></TileMatrixSetLink>
                <ResourceURL format="image/png" resourceType="tile" template="HOST/{"{TileMatrix}/{TileRow}/{TileCol}"}.png"/></Layer>
              <TileMatrixSet>{grid}</TileMatrixSet></Contents></Capabilities>
            """);
        var layer = await FoundAsync(server, "/x");
        (layer.Source.TileMatrixSet, layer.NewSet, layer.MinLevel).ShouldBe((ours, null, 0));
    }

    [Theory]
    [InlineData(null, null, null, null, "layer", "is required: the document has base, swiss, north, broken")]
    [InlineData("bass", null, null, null, "layer", "the document has no bass; it has base, swiss, north, broken")]
    [InlineData("base", "none", null, null, "tileMatrixSet", "the document has no none; it has google, degrees")]
    [InlineData("base", null, "night", null, "style", "the document has no night; it has other, day time")]
    [InlineData("base", null, null, "webp", "format", "the document has no webp; it has png, jpeg")]
    [InlineData("swiss", null, null, null, "tileMatrixSet", "swiss: it is none of this server's sets, and its SupportedCRS urn:ogc:def:crs:EPSG::999999 is not known here")]
    [InlineData("broken", null, null, null, "tileMatrixSet", "broken: TileMatrix 0 has no MatrixWidth")]
    public async Task What_a_document_has_not_is_told_with_what_it_has(string? layer, string? set, string? style, string? format, string place, string message)
    {
        await using var server = Server(_ => Wmts);
        var offer = new UpstreamOffer(server.Address + "/x") { Layer = layer, TileMatrixSet = set, Style = style, Format = format is null ? null : TileFormat.Find(format) };
        (await ReadAsync(offer)).ShouldBe(new UpstreamReading.Refused(place, message));
    }

    [Fact]
    public async Task A_number_that_is_none_is_told_with_its_place()
    {
        await using var server = Server(_ => Wmts.Replace("<ScaleDenominator>279541132.01435</ScaleDenominator>", "<ScaleDenominator>coarse</ScaleDenominator>", StringComparison.Ordinal));
        (await ReadAsync(new UpstreamOffer(server.Address + "/x") { Layer = "base" })).ShouldBe(
            new UpstreamReading.Refused("capabilities", "the document can't be read: ScaleDenominator of TileMatrix g:1 must be a number"));
    }

    [Fact]
    public async Task A_TileJSON_is_a_layer()
    {
        const string Json = """{"tilejson":"3.0.0","name":"Streets","attribution":"© us","tiles":["../t/{z}/{x}/{y}.pbf"],"minzoom":2,"maxzoom":14,"bounds":[1,2,3,4],"scheme":"tms","vector_layers":[{"id":"a","fields":{"name":"String","lanes":"Number"}},{"id":"b","fields":{"name":"String","oneway":"Boolean"}}]}""";
        await using var server = Server(path => path == "/maps/tiles.json" ? Json : null);
        var layer = await FoundAsync(server, "/maps/tiles.json");

        layer.Source.ShouldBe(new LayerSource.Upstream(UpstreamKind.Tms, server.Address + "/t/{z}/{x}/{y}.pbf", "WebMercatorQuad"));
        (layer.Format, layer.MinLevel, layer.MaxLevel, layer.Attribution, layer.Contents.Extent).ShouldBe((TileFormat.Mvt, 2, 14, "© us", new Extent(1, 2, 3, 4)));
        layer.Contents.Fields.ShouldBe([new("name", "string"), new("lanes", "number"), new("oneway", "boolean")]);
        (await ReadAsync(new UpstreamOffer(server.Address + "/maps/tiles.json") { Format = TileFormat.Png })).ShouldBe(new UpstreamReading.Refused("format", "the document has no png; it has mvt"));
    }

    [Fact]
    public async Task A_tile_map_of_TMS_is_a_layer()
    {
        await using var server = Server(path => path == "/tms/1.0.0/base" ? """
            <TileMap version="1.0.0"><Title>Base</Title><Abstract/><SRS>OSGEO:41001</SRS><Origin x="-20037508.34" y="-20037508.34"/><TileFormat width="256" height="256" mime-type="image/png" extension="png"/>
            <TileSets profile="global-mercator"><TileSet href="/tms/1.0.0/base/0" units-per-pixel="156543.0339" order="0"/><TileSet href="/tms/1.0.0/base/1" units-per-pixel="78271.51696" order="1"/></TileSets></TileMap>
            """ : null);
        var layer = await FoundAsync(server, "/tms/1.0.0/base");
        (layer.Source.Protocol, layer.Source.Template, layer.MinLevel, layer.MaxLevel).ShouldBe((UpstreamKind.Tms, server.Address + "/tms/1.0.0/base/{z}/{x}/{y}.png", 0, 1));
    }

    [Theory]
    [InlineData("<html/>", "there is no capabilities document")]
    [InlineData("nothing", "there is no capabilities document")]
    [InlineData("{\"a\":1}", "there is no capabilities document")]
    [InlineData("<Capabilities/>", "the document can't be read: there are no Contents")]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Capabilities>&x;</Capabilities>", "there is no capabilities document")]
    public async Task What_is_no_such_document_is_refused(string body, string message)
    {
        await using var server = Server(_ => body);
        var refused = (await ReadAsync(new UpstreamOffer(server.Address + "/x"))).ShouldBeOfType<UpstreamReading.Refused>();
        refused.Place.ShouldBe("capabilities");
        refused.Message.ShouldStartWith(message);
    }

    [Fact]
    public async Task A_document_can_not_lead_to_where_the_operator_does_not_let()
    {
        await using var server = Server(_ => """{"tilejson":"2.0.0","tiles":["http://10.0.0.7/{z}/{x}/{y}.png"]}""");
        (await ReadAsync(new UpstreamOffer(server.Address + "/x"))).ShouldBeOfType<UpstreamReading.Refused>().Message.ShouldContain("10.0.0.7 is unknown, or not at a public address");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_no_mistake_of_the_one_who_asks()
    {
        string address;
        await using (var server = Server(_ => null))
        {
            address = server.Address;
        }

        (await ReadAsync(new UpstreamOffer(address + "/x"))).ShouldBeOfType<UpstreamReading.Unavailable>();
    }

    [Fact]
    public void A_template_that_is_published_without_a_document_is_judged()
    {
        using var client = UpstreamTileSourceTests.Client(allowed: false);
        var services = new UpstreamServices(client, new CoordinateTransforms(), TimeSpan.FromSeconds(1));
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

    private static async Task<UpstreamLayer> FoundAsync(ScriptedServer server, string path, Func<UpstreamOffer, UpstreamOffer>? wish = null)
    {
        var offer = new UpstreamOffer(server.Address + path);
        return (await ReadAsync(wish?.Invoke(offer) ?? offer)).ShouldBeOfType<UpstreamReading.Found>().Layer;
    }

    private static async Task<UpstreamReading> ReadAsync(UpstreamOffer offer)
    {
        using var client = UpstreamTileSourceTests.Client();
        return await new UpstreamServices(client, new CoordinateTransforms(), TimeSpan.FromSeconds(10)).ReadAsync(offer, _sets, default);
    }
}
