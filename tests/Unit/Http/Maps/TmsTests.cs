using System.Globalization;
using System.Net;
using System.Xml.Linq;

namespace GeoWps.Tests.Unit.Http.Maps;

public sealed class TmsTests(MapServer server) : IClassFixture<MapServer>
{
    [Fact]
    public async Task From_the_root_each_document_leads_to_the_next_and_to_a_tile()
    {
        var services = await DocumentAsync(server.Address + "tms");
        var service = await DocumentAsync(services.Element("TileMapService")!.Attribute("href")!.Value.TrimEnd('/'));
        var maps = service.Element("TileMaps")!.Elements("TileMap").ToArray();
        maps.Select(map => map.Attribute("title")!.Value).ShouldBe(["The <areas>", "The <hills>"]);
        maps.ShouldAllBe(map => map.Attribute("srs")!.Value == "EPSG:3857" && map.Attribute("profile")!.Value == "global-mercator");

        var areas = await DocumentAsync(maps[0].Attribute("href")!.Value);
        areas.Element("SRS")!.Value.ShouldBe("EPSG:3857");
        Number(areas.Element("Origin")!, "x").ShouldBe(-20037508.342789, 1e-5);
        Number(areas.Element("Origin")!, "y").ShouldBe(-20037508.342789, 1e-5);
        // 5 degrees east and 55 north on the sphere of Web Mercator.
        Number(areas.Element("BoundingBox")!, "minx").ShouldBe(556597.4539663679, 1e-3);
        Number(areas.Element("BoundingBox")!, "maxy").ShouldBe(7361866.113051185, 1e-3);
        areas.Element("TileFormat")!.Attribute("mime-type")!.Value.ShouldBe("image/png");
        var sets = areas.Element("TileSets")!.Elements("TileSet").ToArray();
        sets.Select(set => set.Attribute("order")!.Value).ShouldBe(Enumerable.Range(0, 9).Select(order => order.ToString(CultureInfo.InvariantCulture)));
        Number(sets[0], "units-per-pixel").ShouldBe(156543.03392804, 1e-6);
        Number(sets[8], "units-per-pixel").ShouldBe(156543.03392804 / 256, 1e-6);

        // Row 85 of 256 from the top is row 170 from the bottom.
        (await server.Client.GetStringAsync($"{sets[8].Attribute("href")!.Value}/135/170.{areas.Element("TileFormat")!.Attribute("extension")!.Value}"))
            .ShouldBe("areas WebMercatorQuad 8 85 135 png");
    }

    [Theory]
    [InlineData("tms/1.0.0/nothing")]
    [InlineData("tms/1.0.0/europe")]
    [InlineData("tms/1.0.0/areas/8/1/1.png")]
    [InlineData("tms/2.0.0")]
    public async Task What_is_not_there_is_told_in_the_words_of_TMS(string path)
    {
        using var response = await server.Client.GetAsync(path);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var error = XElement.Parse(await response.Content.ReadAsStringAsync());
        error.Name.LocalName.ShouldBe("TileMapServerError");
        error.Element("Message")!.Value.ShouldNotBeEmpty();
    }

    private async Task<XElement> DocumentAsync(string address)
    {
        using var response = await server.Client.GetAsync(address);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, address);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/xml");
        return XElement.Parse(await response.Content.ReadAsStringAsync());
    }

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
