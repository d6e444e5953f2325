using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Tiles;

/// <summary>GDAL's own client of WMTS, which believes what the capabilities say.</summary>
[Collection(OpenServerTests.Name)]
public sealed class GdalWmtsTests(OpenServer open)
{
    private string Capabilities => $"WMTS:{open.Server.Address}wmts/1.0.0/WMTSCapabilities.xml";

    [QgisFact]
    public async Task It_finds_a_subdataset_for_each_layer_and_set()
    {
        await QgisServer.Until(async () => (await open.GetAsync("collections/countries")).Status == 200, "the samples are published");

        var said = Gdal.Info(Capabilities);

        said.ShouldContain("layer=countries,tilematrixset=WebMercatorQuad");
        said.ShouldContain("layer=countries,tilematrixset=WorldCRS84Quad");
    }

    [QgisTheory]
    [InlineData("WebMercatorQuad", "EPSG\",3857")]
    [InlineData("WorldCRS84Quad", "WGS 84")]
    public async Task It_opens_a_layer_in_each_of_its_sets(string set, string crs)
    {
        await QgisServer.Until(async () => (await open.GetAsync("collections/countries")).Status == 200, "the samples are published");

        var said = Gdal.Info($"{Capabilities},layer=countries,tilematrixset={set}");

        said.ShouldContain(crs);
        said.ShouldContain("Driver: WMTS");
    }
}
