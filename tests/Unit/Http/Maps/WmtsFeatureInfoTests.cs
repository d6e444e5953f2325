using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using GeoWps.Domain.Layers;

namespace GeoWps.Tests.Unit.Http.Maps;

/// <summary>GetFeatureInfo of WMTS: OGC 07-057r7, clauses 7.3, 8.3 and 10.3.</summary>
public sealed class WmtsFeatureInfoTests : IClassFixture<MapServer>
{
    private const string Ask = "wmts?service=WMTS&request=GetFeatureInfo&version=1.0.0&style=default&format=image/png&TileMatrixSet=WebMercatorQuad&TileMatrix=8&TileRow=85&TileCol=135";
    private static readonly XNamespace Wmts = "http://www.opengis.net/wmts/1.0";
    private static readonly XNamespace Ows = "http://www.opengis.net/ows/1.1";

    private readonly MapServer _server;

    /// <summary>A point in the middle of the pixel 100, 60 of that tile; and one 20 pixels to its right, in both layers.</summary>
    public WmtsFeatureInfoTests(MapServer server)
    {
        _server = server;
        server.Layers.Add(MapServer.Layer("dots") with { Contents = MapServer.Layer("dots").Contents with { GeometryType = "Point" } });
        server.Features.Points["areas"] = server.Features.Points["dots"] = [AtPixel(100, 60), AtPixel(120, 60)];
        server.Features.Points["many"] = [.. Enumerable.Repeat(AtPixel(100, 60), 50)];
        server.Layers.Add(MapServer.Layer("many"));
    }

    [Theory]
    [InlineData("areas", 100, 60, new[] { 1 })]
    [InlineData("areas", 101, 60, new int[0])]
    [InlineData("dots", 104, 56, new[] { 1 })]
    [InlineData("dots", 106, 60, new int[0])]
    [InlineData("dots", 100, 66, new int[0])]
    [InlineData("dots", 121, 58, new[] { 2 })]
    [InlineData("many", 100, 60, new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })]
    public async Task The_features_at_the_pixel_are_answered_points_with_some_pixels_around(string layer, int i, int j, int[] ids)
    {
        var byParameters = await JsonAsync($"{Ask}&layer={layer}&I={i}&J={j}&InfoFormat=application/json");
        var byAddress = await JsonAsync($"wmts/1.0.0/{layer}/default/WebMercatorQuad/8/85/135/{j}/{i}.json");

        byAddress.GetRawText().ShouldBe(byParameters.GetRawText());
        byParameters.GetProperty("type").GetString().ShouldBe("FeatureCollection");
        byParameters.GetProperty("features").EnumerateArray().Select(feature => feature.GetProperty("id").GetInt32()).ShouldBe(ids);
    }

    [Fact]
    public async Task Features_are_GeoJSON_text_or_a_page()
    {
        var feature = (await JsonAsync($"{Ask}&layer=areas&I=100&J=60&InfoFormat=application/json")).GetProperty("features")[0];
        var text = await _server.Client.GetStringAsync($"{Ask}&layer=areas&I=100&J=60&InfoFormat=text/plain");
        using var page = await _server.Client.GetAsync($"{Ask}&layer=areas&I=100&J=60&InfoFormat=text/html");
        var nothing = await _server.Client.GetStringAsync($"{Ask}&layer=areas&I=0&J=0&InfoFormat=text/plain");

        feature.GetProperty("geometry").GetProperty("coordinates")[0].GetDouble().ShouldBe(AtPixel(100, 60).X, 1e-7);
        feature.GetProperty("properties").GetProperty("name").GetString().ShouldBe("<b>1</b>");
        text.ShouldBe("The <areas>\n\nFeature 1\nname: <b>1</b>\nheight: \n");
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await page.Content.ReadAsStringAsync()).ShouldContain("&lt;b&gt;1&lt;/b&gt;");
        nothing.ShouldContain("nothing");
    }

    [Fact]
    public async Task The_capabilities_tell_which_layers_answer_and_at_which_address()
    {
        var (_, root) = await _server.ValidAsync("wmts?service=WMTS&request=GetCapabilities");

        root.Descendants(Ows + "Operation").Select(operation => operation.Attribute("name")!.Value).ShouldBe(["GetCapabilities", "GetTile", "GetFeatureInfo"]);
        var layers = root.Descendants(Wmts + "Layer").ToDictionary(layer => layer.Element(Ows + "Identifier")!.Value);
        layers["areas"].Elements(Wmts + "InfoFormat").Select(format => format.Value).ShouldBe(["application/json", "text/plain", "text/html"]);
        layers["hills"].Elements(Wmts + "InfoFormat").ShouldBeEmpty();
        var resource = layers["areas"].Elements(Wmts + "ResourceURL").Last(one => one.Attribute("resourceType")!.Value == "FeatureInfo");
        var address = resource.Attribute("template")!.Value
            .Replace("{style}", "default", StringComparison.Ordinal).Replace("{TileMatrixSet}", "WebMercatorQuad", StringComparison.Ordinal)
            .Replace("{TileMatrix}", "8", StringComparison.Ordinal).Replace("{TileRow}", "85", StringComparison.Ordinal).Replace("{TileCol}", "135", StringComparison.Ordinal)
            .Replace("{J}", "60", StringComparison.Ordinal).Replace("{I}", "100", StringComparison.Ordinal);
        using var answer = await _server.Client.GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(resource.Attribute("format")!.Value);
    }

    [Theory]
    [InlineData("layer=hills&I=1&J=1&InfoFormat=text/plain&format=image/png", 501, "OperationNotSupported", "GetFeatureInfo")]
    [InlineData("layer=nothing&I=1&J=1&InfoFormat=text/plain", 400, "InvalidParameterValue", "layer")]
    [InlineData("layer=areas&J=1&InfoFormat=text/plain", 400, "MissingParameterValue", "I")]
    [InlineData("layer=areas&I=1&InfoFormat=text/plain", 400, "MissingParameterValue", "J")]
    [InlineData("layer=areas&I=1&J=1", 400, "MissingParameterValue", "InfoFormat")]
    [InlineData("layer=areas&I=1&J=1&InfoFormat=text/xml", 400, "InvalidParameterValue", "InfoFormat")]
    [InlineData("layer=areas&I=256&J=1&InfoFormat=text/plain", 400, "PointIJOutOfRange", "I")]
    [InlineData("layer=areas&I=1&J=-1&InfoFormat=text/plain", 400, "PointIJOutOfRange", "J")]
    [InlineData("layer=areas&I=1.5&J=1&InfoFormat=text/plain", 400, "InvalidParameterValue", "I")]
    public async Task What_is_wrong_is_told_by_code_and_place(string query, int status, string code, string locator)
    {
        var (answered, root) = await _server.ValidAsync($"{Ask}&{query}");

        answered.ShouldBe(status);
        var exception = root.Element(Ows + "Exception")!;
        (exception.Attribute("exceptionCode")!.Value, exception.Attribute("locator")!.Value).ShouldBe((code, locator));
    }

    [Fact]
    public async Task By_its_address_what_there_is_not_is_404_and_data_that_can_not_be_read_503()
    {
        (await _server.ValidAsync("wmts/1.0.0/areas/default/WebMercatorQuad/8/85/135/60/999.json")).Status.ShouldBe(404);
        (await _server.ValidAsync("wmts/1.0.0/areas/default/WebMercatorQuad/8/1/1/60/100.json")).Status.ShouldBe(404);
        _server.Features.Fails = true;
        try
        {
            (await _server.ValidAsync("wmts/1.0.0/areas/default/WebMercatorQuad/8/85/135/60/100.json")).Status.ShouldBe(503);
        }
        finally
        {
            _server.Features.Fails = false;
        }
    }

    /// <summary>By the formulas of slippy maps.</summary>
    private static (double X, double Y) AtPixel(int i, int j)
    {
        var (x, y) = ((135 + ((i + 0.5) / 256)) / 256, (85 + ((j + 0.5) / 256)) / 256);
        return ((x * 360) - 180, Math.Atan(Math.Sinh(Math.PI * (1 - (2 * y)))) * 180 / Math.PI);
    }

    private async Task<JsonElement> JsonAsync(string path)
    {
        using var answer = await _server.Client.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }
}
