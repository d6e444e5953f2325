using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Tiles;

/// <summary>What a map asks for besides its layers' own tiles, over the sample data: several layers in one picture, and what is at a pixel.</summary>
[Collection(MapsServerTests.Name)]
public sealed class MapServiceTests(MapsServer maps)
{
    private const string Europe = "map/tiles/WebMercatorQuad/4/5/8";

    [QgisFact]
    [Trait("ATS", "/conf/dataset-tilesets/operation")]
    [Trait("ATS", "/conf/collections-selection/collections-response")]
    public async Task Several_layers_are_one_picture_in_the_order_asked_for()
    {
        var over = Picture.Read((await maps.GetAsync(Europe + "?collections=countries,places")).ShouldBe(200).Body);
        var under = Picture.Read((await maps.GetAsync(Europe + "?collections=places,countries")).ShouldBe(200).Body);
        var countries = Picture.Read((await maps.GetAsync("collections/countries/map/tiles/WebMercatorQuad/4/5/8?f=png")).ShouldBe(200).Body);

        over.DiffersFrom(countries, by: 32).ShouldBeGreaterThan(0.001, "there are places");
        over.DiffersFrom(under, by: 32).ShouldBeGreaterThan(0.001, "countries cover places");
        (await maps.GetAsync(Europe + "?f=jpeg")).ShouldBe(200).Body[..3].ShouldBe([0xff, 0xd8, 0xff]);
    }

    [QgisFact]
    public async Task WMTS_tells_what_is_at_a_pixel()
    {
        // In the tile 8, 5 of zoom 4, which is 0 to 22.5 degrees east; Germany is a little to the left of its middle.
        var found = JsonElement.Parse((await maps.GetAsync("wmts/1.0.0/countries/default/WebMercatorQuad/4/5/8/110/115.json")).ShouldBe(200).Body);

        found.GetProperty("features").EnumerateArray().ShouldHaveSingleItem().GetProperty("properties").GetProperty("name").GetString().ShouldBe("Germany");
        (await maps.GetAsync("wmts/1.0.0/relief/default/WebMercatorQuad/4/5/8/110/115.json")).ShouldBe(501);
    }
}
