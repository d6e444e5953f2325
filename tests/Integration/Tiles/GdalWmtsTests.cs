using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Tiles;

/// <summary>GDAL's own client of WMTS, which believes what the capabilities say.</summary>
[Collection(MapsServerTests.Name)]
public sealed class GdalWmtsTests(MapsServer maps)
{
    private string Capabilities => $"WMTS:{maps.Server.Address}wmts/1.0.0/WMTSCapabilities.xml";

    [QgisFact]
    public async Task It_finds_a_subdataset_for_each_layer_and_set()
    {
        var said = Gdal.Info(Capabilities);

        said.ShouldContain("layer=countries,tilematrixset=WebMercatorQuad");
        said.ShouldContain("layer=countries,tilematrixset=WorldCRS84Quad");
    }

    [QgisTheory]
    [InlineData("WebMercatorQuad", "EPSG\",3857")]
    [InlineData("WorldCRS84Quad", "WGS 84")]
    public async Task It_opens_a_layer_in_each_of_its_sets(string set, string crs)
    {
        var said = Gdal.Info($"{Capabilities},layer=countries,tilematrixset={set}");

        said.ShouldContain(crs);
        said.ShouldContain("Driver: WMTS");
    }
}
