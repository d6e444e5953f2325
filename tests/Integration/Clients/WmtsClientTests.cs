using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Clients;

/// <summary>OWSLib and GDAL believe what the capabilities of WMTS say.</summary>
[Collection(AdminServerTests.Name)]
public sealed class WmtsClientTests(AdminServer server) : IAsyncLifetime
{
    private string Capabilities => $"WMTS:{server.Server.Address}wmts/1.0.0/WMTSCapabilities.xml";

    public async Task InitializeAsync()
    {
        if (!Qgis.IsMissing)
        {
            using var world = new ByteArrayContent(await File.ReadAllBytesAsync(Sample.PathOf("world.gpkg")));
            world.Headers.ContentType = new("application/geopackage+sqlite3");
            (await server.SendAsync(HttpMethod.Post, "admin/layers?id=countries&title=Countries&table=countries&filename=world.gpkg", world, ("Authorization", $"Bearer {AdminServer.Token}"))).ShouldBe(201);
        }
    }

    public async Task DisposeAsync()
    {
        if (!Qgis.IsMissing)
        {
            await server.AdministerAsync(HttpMethod.Delete, "admin/layers/countries");
        }
    }

    [OwsLibTheory]
    [InlineData("capabilities")]
    [InlineData("layers")]
    [InlineData("tile")]
    [InlineData("mistake")]
    public Task What_clients_of_WMTS_do_is_served(string habit) => ClientTests.RunAsync(server.Server.Address, "owslib_wmts.py", habit);

    [QgisTheory]
    [InlineData("WebMercatorQuad", "ID[\"EPSG\",3857]")]
    [InlineData("WorldCRS84Quad", "WGS 84 (CRS84)")]
    public void GDAL_opens_a_layer_in_each_of_its_sets(string set, string crs)
    {
        var said = Gdal.Info($"{Capabilities},layer=countries,tilematrixset={set},tilematrix=3");

        said.ShouldContain("Driver: WMTS");
        said.ShouldContain(crs);
    }
}
