using System.Globalization;
using System.Net;
using System.Xml.Linq;
using GeoWps.Tests.Integration.Wps;

namespace GeoWps.Tests.Unit.Http.Maps;

public sealed class WmtsTests(MapServer server) : IClassFixture<MapServer>
{
    private const string Capabilities = "wmts?service=WMTS&request=GetCapabilities";
    private const string Tile = "wmts?service=WMTS&request=GetTile&version=1.0.0&layer=areas&style=default&format=image/png&TileMatrixSet=WebMercatorQuad&TileMatrix=8&TileRow=85&TileCol=135";
    private static readonly XNamespace Wmts = "http://www.opengis.net/wmts/1.0";
    private static readonly XNamespace Ows = "http://www.opengis.net/ows/1.1";

    [Fact]
    public async Task The_capabilities_are_valid_and_the_same_at_both_addresses()
    {
        var (status, root) = await server.ValidAsync(Capabilities);
        var (_, again) = await server.ValidAsync("wmts/1.0.0/WMTSCapabilities.xml");

        status.ShouldBe(200);
        again.ToString().ShouldBe(root.ToString());
        root.Element(Ows + "ServiceIdentification")!.Element(Ows + "Title")!.Value.ShouldBe("Maps <of> all");
        root.Element(Wmts + "ServiceMetadataURL")!.Attribute(XNamespace.Get("http://www.w3.org/1999/xlink") + "href")!.Value.ShouldBe(server.Address + "wmts/1.0.0/WMTSCapabilities.xml");
    }

    [Fact]
    public async Task A_layer_tells_its_formats_its_sets_and_what_of_them_is_there()
    {
        var areas = await LayerAsync("areas");
        var hills = await LayerAsync("hills");

        areas.Element(Ows + "Title")!.Value.ShouldBe("The <areas>");
        areas.Element(Ows + "WGS84BoundingBox")!.Elements().Select(corner => corner.Value).ShouldBe(["5 47", "16 55"]);
        // Pictures first: that is what clients of WMTS draw.
        areas.Elements(Wmts + "Format").Select(format => format.Value).ShouldBe(["image/png", "application/vnd.mapbox-vector-tile"]);
        hills.Elements(Wmts + "Format").Select(format => format.Value).ShouldBe(["image/png", "image/jpeg"]);
        areas.Elements(Wmts + "TileMatrixSetLink").Select(link => link.Element(Wmts + "TileMatrixSet")!.Value).ShouldBe(["WebMercatorQuad", "WorldCRS84Quad"]);
        var limits = areas.Descendants(Wmts + "TileMatrixLimits").Take(9).Select(one => one.Elements().Select(number => number.Value).ToArray()).ToArray();
        limits[0].ShouldBe(["0", "0", "0", "0", "0"]);
        // By the formulas of slippy maps: columns of 5 and 16 degrees, rows of 55 and 47, at zoom 8.
        limits[8].ShouldBe(["8", "80", "90", "131", "139"]);
    }

    [Theory]
    [InlineData("WebMercatorQuad", "urn:ogc:def:crs:EPSG::3857", "urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible", -20037508.3427892, 20037508.3427892)]
    [InlineData("WorldCRS84Quad", "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:wkss:OGC:1.0:GoogleCRS84Quad", -180, 90)]
    [InlineData("CGCS2000Quad", "urn:ogc:def:crs:EPSG::4490", null, 90, -180)]
    [InlineData("EuropeanETRS89_LAEAQuad", "urn:ogc:def:crs:EPSG::3035", null, 5500000, 2000000)]
    public async Task A_set_begins_at_a_corner_that_is_written_in_the_order_of_its_own_axes(string id, string crs, string? scales, double first, double second)
    {
        var (_, root) = await server.ValidAsync(Capabilities);

        var set = root.Element(Wmts + "Contents")!.Elements(Wmts + "TileMatrixSet").Single(set => set.Element(Ows + "Identifier")!.Value == id);
        set.Element(Ows + "SupportedCRS")!.Value.ShouldBe(crs);
        set.Element(Wmts + "WellKnownScaleSet")?.Value.ShouldBe(scales);
        set.Element(Wmts + "TileMatrix")!.Element(Wmts + "TopLeftCorner")!.Value.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ShouldBe([first, second]);
    }

    [Fact]
    public async Task What_WMTS_can_not_say_is_left_out_and_only_sets_in_use_are_listed()
    {
        var (_, root) = await server.ValidAsync(Capabilities);
        var contents = root.Element(Wmts + "Contents")!;

        contents.Elements(Wmts + "TileMatrixSet").Select(set => set.Element(Ows + "Identifier")!.Value)
            .ShouldBe(["CGCS2000Quad", "EuropeanETRS89_LAEAQuad", "WebMercatorQuad", "WorldCRS84Quad"]);
        contents.Elements(Wmts + "Layer").Select(layer => layer.Element(Ows + "Identifier")!.Value).ShouldNotContain("globe");
        (await LayerAsync("europe")).Elements(Wmts + "TileMatrixSetLink").Count().ShouldBe(2);
    }

    [Fact]
    public async Task The_address_that_a_layer_tells_leads_to_its_tiles()
    {
        foreach (var resource in (await LayerAsync("areas")).Elements(Wmts + "ResourceURL"))
        {
            var address = resource.Attribute("template")!.Value
                .Replace("{style}", "default", StringComparison.Ordinal).Replace("{TileMatrixSet}", "WebMercatorQuad", StringComparison.Ordinal)
                .Replace("{TileMatrix}", "8", StringComparison.Ordinal).Replace("{TileRow}", "85", StringComparison.Ordinal).Replace("{TileCol}", "135", StringComparison.Ordinal);
            foreach (var time in (string[])["made", "kept"])
            {
                using var response = await server.Client.GetAsync(address);
                response.StatusCode.ShouldBe(HttpStatusCode.OK, time);
                response.Content.Headers.ContentType!.MediaType.ShouldBe(resource.Attribute("format")!.Value);
                (await response.Content.ReadAsStringAsync()).ShouldStartWith("areas WebMercatorQuad 8 85 135");
            }
        }
    }

    [Theory]
    [InlineData(Tile)]
    [InlineData("wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=areas&STYLE=&FORMAT=image%2Fpng&TILEMATRIXSET=WebMercatorQuad&TILEMATRIX=8&TILEROW=85&TILECOL=135")]
    public async Task A_tile_is_asked_for_by_parameters_without_regard_to_their_case(string path) =>
        (await server.Client.GetStringAsync(path)).ShouldBe("areas WebMercatorQuad 8 85 135 png");

    [Theory]
    [InlineData("wmts?request=GetCapabilities", 400, "MissingParameterValue", "service")]
    [InlineData("wmts?service=WMS&request=GetCapabilities", 400, "InvalidParameterValue", "service")]
    [InlineData("wmts?service=WMTS", 400, "MissingParameterValue", "request")]
    [InlineData("wmts?service=WMTS&request=GetMap", 501, "OperationNotSupported", "GetMap")]
    [InlineData("wmts?service=WMTS&request=GetFeatureInfo&version=1.0.0", 400, "MissingParameterValue", "layer")]
    [InlineData(Capabilities + "&AcceptVersions=9.0.0,8.0.0", 400, "VersionNegotiationFailed", null)]
    [InlineData(Capabilities + "&Sections=Contents,Nothing", 400, "InvalidParameterValue", "sections")]
    [InlineData(Capabilities + "&updateSequence=9999", 400, "InvalidUpdateSequence", null)]
    public async Task A_wrong_request_is_told_by_code_and_place(string path, int status, string code, string? locator) => await ShouldFailAsync(path, status, code, locator);

    [Theory]
    [InlineData("version", null, "MissingParameterValue")]
    [InlineData("version", "1.1.0", "InvalidParameterValue")]
    [InlineData("layer", null, "MissingParameterValue")]
    [InlineData("layer", "nothing", "InvalidParameterValue")]
    [InlineData("style", null, "MissingParameterValue")]
    [InlineData("style", "other", "InvalidParameterValue")]
    [InlineData("format", "", "MissingParameterValue")]
    [InlineData("format", "image/jpeg", "InvalidParameterValue")]
    [InlineData("format", "text/plain", "InvalidParameterValue")]
    [InlineData("TileMatrixSet", null, "MissingParameterValue")]
    [InlineData("TileMatrixSet", "CGCS2000Quad", "InvalidParameterValue")]
    [InlineData("TileMatrix", null, "MissingParameterValue")]
    [InlineData("TileMatrix", "9", "InvalidParameterValue")]
    [InlineData("TileRow", null, "MissingParameterValue")]
    [InlineData("TileRow", "a", "InvalidParameterValue")]
    [InlineData("TileRow", "-", "InvalidParameterValue")]
    [InlineData("TileRow", "79", "TileOutOfRange")]
    [InlineData("TileRow", "91", "TileOutOfRange")]
    [InlineData("TileRow", "-1", "TileOutOfRange")]
    [InlineData("TileCol", null, "MissingParameterValue")]
    [InlineData("TileCol", "140", "TileOutOfRange")]
    [InlineData("TileCol", "99999999999999", "TileOutOfRange")]
    public async Task A_wrong_parameter_of_a_tile_is_told_by_code_and_place(string parameter, string? value, string code)
    {
        var query = Tile.Split('&').Where(pair => value is not null || !pair.StartsWith(parameter + "=", StringComparison.Ordinal))
            .Select(pair => pair.StartsWith(parameter + "=", StringComparison.Ordinal) ? $"{parameter}={value}" : pair);

        await ShouldFailAsync(string.Join('&', query), 400, code, parameter);
    }

    [Theory]
    [InlineData("wmts/1.0.0/nothing/default/WebMercatorQuad/8/85/135.png", "InvalidParameterValue", "layer")]
    [InlineData("wmts/1.0.0/areas/other/WebMercatorQuad/8/85/135.png", "InvalidParameterValue", "style")]
    [InlineData("wmts/1.0.0/areas/default/Nothing/8/85/135.png", "InvalidParameterValue", "TileMatrixSet")]
    [InlineData("wmts/1.0.0/areas/default/WebMercatorQuad/x/85/135.png", "InvalidParameterValue", "TileMatrix")]
    [InlineData("wmts/1.0.0/areas/default/WebMercatorQuad/8/1/135.png", "TileOutOfRange", "TileRow")]
    [InlineData("wmts/1.0.0/areas/default/WebMercatorQuad/8/85/1.png", "TileOutOfRange", "TileCol")]
    [InlineData("wmts/1.0.0/areas/default/WebMercatorQuad/8/85/1.5.png", "InvalidParameterValue", "TileCol")]
    [InlineData("wmts/1.0.0/areas/default/WebMercatorQuad/8/85/135.gif", "InvalidParameterValue", "format")]
    [InlineData("wmts/1.0.0/areas/default/WebMercatorQuad/8/85/135", "NoApplicableCode", null)]
    [InlineData("wmts/2.0.0/WMTSCapabilities.xml", "NoApplicableCode", null)]
    public async Task An_address_that_names_nothing_is_a_report_as_well(string path, string code, string? locator) => await ShouldFailAsync(path, 404, code, locator);

    [Fact]
    public async Task Another_method_is_refused_in_the_same_words()
    {
        using var response = await server.Client.PostAsync("wmts", new StringContent("<x/>"));

        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        OgcSchemas.ShouldBeValid(await response.Content.ReadAsStringAsync()).Name.LocalName.ShouldBe("ExceptionReport");
    }

    [Fact]
    public async Task Sections_versions_and_formats_are_chosen()
    {
        var (_, some) = await server.ValidAsync(Capabilities + "&Sections=serviceprovider,OperationsMetadata&AcceptVersions=9.9.9,1.0.0");
        var (_, contents) = await server.ValidAsync(Capabilities + "&sections=Contents&acceptformats=image/png");
        using var other = await server.Client.GetAsync(Capabilities + "&AcceptFormats=image/png,application/xml");

        some.Elements().Select(section => section.Name.LocalName).ShouldBe(["ServiceProvider", "OperationsMetadata", "ServiceMetadataURL"]);
        contents.Elements().Select(section => section.Name.LocalName).ShouldBe(["Contents", "ServiceMetadataURL"]);
        other.Content.Headers.ContentType!.MediaType.ShouldBe("application/xml");
    }

    [Fact]
    public async Task Who_has_the_document_gets_no_other_until_a_layer_changes()
    {
        using var first = await server.Client.GetAsync(Capabilities);
        var sequence = OgcSchemas.ShouldBeValid(await first.Content.ReadAsStringAsync()).Attribute("updateSequence")!.Value;
        var (_, same) = await server.ValidAsync($"{Capabilities}&updateSequence={sequence}");
        same.Elements().ShouldBeEmpty();
        same.Attribute("updateSequence")!.Value.ShouldBe(sequence);
        (await ConditionalAsync(first.Headers.ETag!.ToString())).ShouldBe(HttpStatusCode.NotModified);

        (await server.Catalogue.TryAddAsync(MapServer.Layer("new"), CancellationToken.None)).ShouldBeTrue();

        (await ConditionalAsync(first.Headers.ETag.ToString())).ShouldBe(HttpStatusCode.OK);
        var (_, changed) = await server.ValidAsync($"{Capabilities}&updateSequence={sequence}");
        string.CompareOrdinal(changed.Attribute("updateSequence")!.Value, sequence).ShouldBeGreaterThan(0);
        changed.Descendants(Wmts + "Layer").Select(layer => layer.Element(Ows + "Identifier")!.Value).ShouldContain("new");
        (await server.Catalogue.RemoveAsync("new", CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task It_is_sent_packed_to_whoever_unpacks()
    {
        using var asking = new HttpRequestMessage(HttpMethod.Get, Capabilities);
        asking.Headers.AcceptEncoding.ParseAdd("gzip");
        using var packed = await server.Client.SendAsync(asking);
        using var head = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, Capabilities));
        var plain = await server.Client.GetByteArrayAsync(Capabilities);

        packed.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        await using var unpacked = new System.IO.Compression.GZipStream(await packed.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress);
        using var content = new MemoryStream();
        await unpacked.CopyToAsync(content);
        content.ToArray().ShouldBe(plain);
        head.Content.Headers.ContentLength.ShouldBe(plain.Length);
    }

    private async Task<XElement> LayerAsync(string id)
    {
        var (_, root) = await server.ValidAsync(Capabilities);
        return root.Element(Wmts + "Contents")!.Elements(Wmts + "Layer").Single(layer => layer.Element(Ows + "Identifier")!.Value == id);
    }

    private async Task<HttpStatusCode> ConditionalAsync(string tag)
    {
        using var asking = new HttpRequestMessage(HttpMethod.Get, "wmts/1.0.0/WMTSCapabilities.xml");
        asking.Headers.TryAddWithoutValidation("If-None-Match", tag);
        using var response = await server.Client.SendAsync(asking);
        return response.StatusCode;
    }

    private async Task ShouldFailAsync(string path, int expected, string code, string? locator)
    {
        var (status, root) = await server.ValidAsync(path);

        root.Name.ShouldBe(Ows + "ExceptionReport");
        var fault = root.Elements(Ows + "Exception").Single();
        fault.Attribute("exceptionCode")!.Value.ShouldBe(code);
        fault.Attribute("locator")?.Value.ShouldBe(locator);
        (locator is null).ShouldBe(fault.Attribute("locator") is null);
        status.ShouldBe(expected);
    }
}
