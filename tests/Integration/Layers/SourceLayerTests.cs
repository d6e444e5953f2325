using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Tiles;
using NetTopologySuite.IO.VectorTiles.Mapbox;

namespace GeoWps.Tests.Integration.Layers;

/// <summary>Layers of every kind of source, from <c>POST /admin/layers</c> to what clients get of them; the other tile server is a second GeoWps.</summary>
[Collection(MapsServerTests.Name)]
public sealed class SourceLayerTests(MapsServer other, SourcesServer server) : IClassFixture<SourcesServer>
{
    private const string Mvt = "application/vnd.mapbox-vector-tile";

    [QgisPostgresTheory]
    [InlineData("table", "towns", 200)]
    [InlineData("query", "SELECT id, name, geom FROM towns WHERE size <= 50", 50)]
    public async Task A_table_and_a_query_of_PostGIS_are_layers_with_tiles_and_items(string kind, string text, int count)
    {
        var id = $"postgis-{kind}";

        // A query has no key of its own.
        var postgis = new Dictionary<string, string> { ["connection"] = "main", [kind] = text, ["idColumn"] = "id" };
        var layer = (await server.PublishAsync(new { id, title = "Towns", source = new { postgis }, searchFields = new[] { "name" }, tiles = new { maxZoom = 9 } })).ShouldBe(201).Json;
        (layer.GetProperty("featureCount").GetInt32(), layer.GetProperty("geometryType").GetString(), layer.GetProperty("kind").GetString()).ShouldBe((count, "Point", "vector"));

        var tile = await TileAsync($"collections/{id}/tiles/WebMercatorQuad/3/2/4", Mvt);
        Features(tile, id, 3, 4, 2).ShouldBe(count);
        (await server.GetAsync($"collections/{id}/items?limit=7")).ShouldBe(200).Json.GetProperty("numberMatched").GetInt32().ShouldBe(count);
        (await server.GetAsync($"collections/{id}/items?bbox=0,42,1,43")).ShouldBe(200).FeatureCount.ShouldBe(10);
        (await TileJsonAsync(id)).GetProperty("vector_layers")[0].GetProperty("fields").TryGetProperty("name", out _).ShouldBeTrue();
        (await WmtsTileAsync(id, "WebMercatorQuad", "3", 2, 4)).Body.ShouldBe(tile.Body);
        var town = (await server.GetAsync($"collections/{id}/items?limit=1")).Json.GetProperty("features")[0].GetProperty("properties").GetProperty("name").GetString()!;
        await QgisServer.Until(async () => (await server.GetAsync($"search?ids=layers:{id}&q={Uri.EscapeDataString($"\"{town}\"")}")).ShouldBe(200).Json.GetProperty("numberMatched").GetInt32() == 1, $"{id} is found by {town}");
        await RemoveAsync(id);
    }

    [QgisTheory]
    [InlineData("xyz", "xyz/countries/{z}/{x}/{y}.pbf", "mvt")]
    [InlineData("tms", "tms/1.0.0/countries/{z}/{x}/{y}.pbf", "mvt")]
    [InlineData("wmts", "wmts/1.0.0/countries/default/WebMercatorQuad/{TileMatrix}/{TileRow}/{TileCol}.png", "png")]
    public async Task Another_servers_tiles_are_a_layer_by_their_template(string protocol, string template, string format)
    {
        var id = $"by-template-{protocol}";
        (await server.PublishAsync(new { id, source = new { upstream = new { protocol, template = other.Server.Address + template, format, extent = new[] { -180, -85, 180, 84 } } }, tiles = new { maxZoom = 6 } })).ShouldBe(201);

        var kind = format == "mvt" ? "tiles" : "map/tiles";
        var tile = await TileAsync($"collections/{id}/{kind}/WebMercatorQuad/4/5/8", format == "mvt" ? Mvt : "image/png");
        tile.Body.ShouldBe((await other.GetAsync($"collections/countries/{kind}/WebMercatorQuad/4/5/8?f={format}")).ShouldBe(200).Body);
        (await WmtsTileAsync(id, "WebMercatorQuad", "4", 5, 8)).Body.ShouldBe(tile.Body);
        (await TileJsonAsync(id)).GetProperty("maxzoom").GetInt32().ShouldBe(6);
        await RemoveAsync(id);
    }

    [QgisTheory]
    [InlineData("wmts", "relief", null, "png", "WebMercatorQuad")]
    [InlineData("wmts?SERVICE=WMTS&REQUEST=GetCapabilities", "relief", "WorldCRS84Quad", "jpeg", "WorldCRS84Quad")]
    [InlineData("wmts", "countries", null, "mvt", "WebMercatorQuad")]
    [InlineData("xyz/countries/tilejson.json", null, null, null, "WebMercatorQuad")]
    [InlineData("tms/1.0.0/countries", null, null, "png", "WebMercatorQuad")]
    public async Task Another_servers_tiles_are_a_layer_by_what_it_says_of_itself(string document, string? layer, string? tileMatrixSet, string? format, string set)
    {
        var (name, id) = (layer ?? "countries", $"by-document-{document.Split('?', '/')[0]}-{layer}-{tileMatrixSet}-x");
        var published = (await server.PublishAsync(new { id, source = new { upstream = new { capabilities = other.Server.Address + document, layer, tileMatrixSet, format } } })).ShouldBe(201).Json;

        var theirs = (await other.AdministerAsync(HttpMethod.Get, $"admin/layers/{name}")).ShouldBe(200).Json;
        published.GetProperty("title").GetString().ShouldBe(theirs.GetProperty("title").GetString());
        published.GetProperty("source").GetProperty("template").GetString().ShouldStartWith(other.Server.Address.ToString());
        published.GetProperty("tiles").GetProperty("tileMatrixSets").EnumerateArray().Select(one => one.GetString()).ShouldBe([set]);
        published.GetProperty("tiles").GetProperty("maxZoom").GetInt32().ShouldBe(theirs.GetProperty("tiles").GetProperty("maxZoom").GetInt32());

        var (kind, type) = format is "png" or "jpeg" ? ("map/tiles", $"image/{format}") : ("tiles", Mvt);
        var tile = await TileAsync($"collections/{id}/{kind}/{set}/3/2/4", type);
        tile.Body.ShouldBe((await other.GetAsync($"collections/{name}/{kind}/{set}/3/2/4?f={format ?? "mvt"}")).ShouldBe(200).Body);
        (await WmtsTileAsync(id, set, "3", 2, 4)).Body.ShouldBe(tile.Body);

        // What another server has is no matter of settings.
        (await server.AdministerAsync(HttpMethod.Put, $"admin/layers/{id}", new { title = "Mine" })).ShouldBe(200).Json.GetProperty("tiles").GetProperty("tileMatrixSets").GetArrayLength().ShouldBe(1);
        await RemoveAsync(id);
    }

    [QgisFact]
    public async Task A_grid_that_no_register_has_comes_with_its_layer_and_is_there_after_a_restart()
    {
        var picture = (await other.GetAsync("collections/relief/map/tiles/WebMercatorQuad/0/0/0?f=png")).ShouldBe(200).Body;
        using var strange = new FileHost();
        strange.Put("national/wmts.xml", Encoding.UTF8.GetBytes(National(strange.AddressOf("national"))), "text/xml");
        strange.Put("national/relief/coarse/1/0.png", picture, "image/png");

        var source = new { upstream = new { capabilities = strange.AddressOf("national/wmts.xml") } };
        (await server.PublishAsync(new { id = "national", source, tiles = new { formats = new[] { "mvt" } } })).ShouldBe(400).Blamed.ShouldBe(["/tiles/formats"]);
        (await server.GetAsync("tileMatrixSets/national-grid")).ShouldBe(404);
        var layer = (await server.PublishAsync(new { id = "national", source })).ShouldBe(201).Json;
        layer.GetProperty("tiles").GetProperty("tileMatrixSets")[0].GetString().ShouldBe("national-grid");
        for (var start = 1; start <= 2; start++)
        {
            var set = (await server.GetAsync("tileMatrixSets/national-grid")).ShouldBe(200).Json;
            set.GetProperty("crs").GetString().ShouldBe("http://www.opengis.net/def/crs/EPSG/0/25832");
            set.GetProperty("tileMatrices")[0].GetProperty("pointOfOrigin").EnumerateArray().Select(number => number.GetDouble()).ShouldBe([200_000, 6_200_000]);
            (await TileAsync("collections/national/map/tiles/national-grid/coarse/1/0", "image/png")).Body.ShouldBe(picture);
            (await WmtsTileAsync("national", "national-grid", "coarse", 1, 0)).Body.ShouldBe(picture);
            (await server.GetAsync("collections/national/map/tiles/WebMercatorQuad/0/0/0?f=png")).ShouldBe(404);
            if (start == 1)
            {
                (await server.Server.StopAsync()).ShouldBe(0);
                await server.Server.StartAgainAsync();
            }
        }

        await RemoveAsync("national");
    }

    [QgisFact]
    public async Task The_command_line_publishes_what_another_server_or_a_database_has()
    {
        var offered = await server.ShellAsync("layers", "add", $"{other.Server.Address}wmts", "--upstream", "--layer", "relief", "--id", "by-hand");
        (offered.Code, offered.Error).ShouldBe((0, ""));
        offered.Out.ShouldStartWith("by-hand: Relief of the earth");
        await RemoveAsync("by-hand");

        (await server.ShellAsync("layers", "add", $"{other.Server.Address}xyz/countries/{{z}}/{{x}}/{{y}}.pbf", "--upstream", "--id", "by-hand")).ShouldBe((0, $"by-hand: by-hand\n{server.Server.Address}collections/by-hand\n", ""));
        await TileAsync("collections/by-hand/tiles/WebMercatorQuad/2/1/2", Mvt);
        await RemoveAsync("by-hand");

        (await server.ShellAsync("layers", "add", "towns", "--postgis", "none")).Error.ShouldContain("there is no connection none");
        if (PostgresServer.WhyNot is null)
        {
            (await server.ShellAsync("layers", "add", "(SELECT id, geom FROM towns)", "--postgis", "main", "--id", "by-hand")).Code.ShouldBe(0);
            await RemoveAsync("by-hand");
        }
    }

    [QgisFact]
    public async Task A_raster_is_a_layer_with_map_tiles()
    {
        (await server.PublishAsync("id=raster&title=Relief&maxZoom=4", await File.ReadAllBytesAsync(Sample.Relief))).ShouldBe(201).Json.GetProperty("kind").GetString().ShouldBe("map");

        var tile = await TileAsync("collections/raster/map/tiles/WebMercatorQuad/2/1/2", "image/png");
        Picture.Read(tile.Body).Drawn.ShouldBe(1);
        (await WmtsTileAsync("raster", "WebMercatorQuad", "2", 1, 2)).Body.ShouldBe(tile.Body);
        (await TileJsonAsync("raster")).GetProperty("maxzoom").GetInt32().ShouldBe(4);
        (await server.GetAsync("collections/raster/items")).ShouldBe(404);
        await RemoveAsync("raster");
    }

    [QgisFact]
    public async Task A_project_is_a_layer_with_map_tiles()
    {
        (await server.PublishAsync(new { id = "project", title = "Lakes", source = new { file = server.WriteProject() } })).ShouldBe(201).Json.GetProperty("kind").GetString().ShouldBe("map");

        var tile = await TileAsync("collections/project/map/tiles/WebMercatorQuad/3/2/2", "image/png");
        Picture.Read(tile.Body).Drawn.ShouldBeInRange(0.001, 0.5, "the lakes of North America");
        (await WmtsTileAsync("project", "WebMercatorQuad", "3", 2, 2)).Body.ShouldBe(tile.Body);
        await TileJsonAsync("project");
        await RemoveAsync("project");
        File.Exists(Path.Combine(server.Folder, "lakes.qgs")).ShouldBeTrue("it is the operator's");
    }

    [QgisFact]
    public async Task An_MBTiles_that_GDAL_made_is_a_layer()
    {
        var file = server.Gdal.Vector(Sample.World, "places.mbtiles", "MBTiles", "-dsco", "MAXZOOM=3", "-sql", "SELECT * FROM places", "-nln", "places");
        var layer = (await server.PublishAsync("id=archive", await File.ReadAllBytesAsync(file))).ShouldBe(201).Json;
        (layer.GetProperty("kind").GetString(), layer.GetProperty("tiles").GetProperty("maxZoom").GetInt32()).ShouldBe(("vector", 3));

        var tile = await TileAsync("collections/archive/tiles/WebMercatorQuad/3/2/4", Mvt);
        Features(tile, "places", 3, 4, 2).ShouldBeGreaterThan(10);
        (await WmtsTileAsync("archive", "WebMercatorQuad", "3", 2, 4)).Body.ShouldBe(tile.Body);
        (await TileJsonAsync("archive")).GetProperty("vector_layers")[0].GetProperty("id").GetString().ShouldBe("places");
        await RemoveAsync("archive");
    }

    [QgisFact]
    public async Task Mistakes_are_told_with_their_place_and_leave_nothing()
    {
        var (before, kept) = (await server.LayersAsync(), server.Kept());
        var away = $"http://127.0.0.1:{FreePorts.Next()}";
        var strange = other.Server.Address;
        await RefusedAsync(new { upstream = new { template = "http://10.0.0.7/{z}/{x}/{y}.png" } }, "/source/upstream/template", "10.0.0.7");
        await RefusedAsync(new { upstream = new { template = "ftp://127.0.0.1/{z}/{x}/{y}.png" } }, "/source/upstream/template", "http");
        await RefusedAsync(new { upstream = new { template = $"{away}/{{z}}/{{x}}/{{y}}.png", tileMatrixSet = "WebMercatorQuat" } }, "/source/upstream/tileMatrixSet", "did you mean WebMercatorQuad?");
        await RefusedAsync(new { upstream = new { capabilities = "http://10.0.0.7/wmts" } }, "/source/upstream/capabilities", "10.0.0.7");
        await RefusedAsync(new { upstream = new { capabilities = $"{strange}conformance" } }, "/source/upstream/capabilities", "there is no capabilities document");
        await RefusedAsync(new { upstream = new { capabilities = $"{strange}wmts" } }, "/source/upstream/layer", "is required: the document has countries, ");
        await RefusedAsync(new { upstream = new { capabilities = $"{strange}wmts", layer = "country" } }, "/source/upstream/layer", "the document has no country");
        await RefusedAsync(new { upstream = new { capabilities = $"{strange}wmts", layer = "relief", tileMatrixSet = "UTM33WGS84Quad" } }, "/source/upstream/tileMatrixSet", "it has WebMercatorQuad, WorldCRS84Quad");
        await RefusedAsync(new { upstream = new { capabilities = $"{strange}wmts", layer = "relief", style = "dark" } }, "/source/upstream/style", "it has default");
        await RefusedAsync(new { upstream = new { capabilities = $"{strange}wmts", layer = "relief", format = "mvt" } }, "/source/upstream/format", "the document has no mvt");
        await RefusedAsync(new { postgis = new { connection = "none", table = "towns" } }, "/source/postgis/connection", "there is no connection none");
        await RefusedAsync(new { file = Path.Combine(server.Folder, "none.qgs") }, "/source", "there is no such file");

        (await server.PublishAsync(new { source = new { upstream = new { capabilities = $"{away}/wmts" } } })).ShouldBe(503).Detail.ShouldStartWith("The capabilities could not be read: no answer from 127.0.0.1");
        (await server.PublishAsync(new { source = new { postgis = new { connection = "down", table = "towns" } } })).ShouldBe(503).Detail.ShouldContain("does not answer");
        (await server.PublishAsync(new { tiles = new { tileMatrixSets = new[] { "none" } }, source = new { file = Path.Combine(server.Folder, "x") } })).ShouldBe(400).Blamed.ShouldContain("/tiles/tileMatrixSets");
        (await server.PublishAsync("tileMatrixSets=x", [1, 2, 3])).ShouldBe(400);
        (await server.PublishAsync("id=damaged", [.. "II*\0"u8, .. new byte[100]])).ShouldBe(400).Blamed.ShouldBe(["/source"]);

        (await server.LayersAsync()).ShouldBe(before);
        server.Kept().ShouldBe(kept);

        async Task RefusedAsync(object source, string place, string message)
        {
            var answer = (await server.PublishAsync(new { id = "mistaken", source })).ShouldBe(400);
            answer.Blamed.ShouldBe([place]);
            answer.MessageFor(place).ShouldContain(message);
        }
    }

    [QgisPostgresTheory]
    [InlineData("""{"table": "villages"}""", "table", "the database has no such table")]
    [InlineData("""{"table": "plain"}""", "table", "has no column of geometries")]
    [InlineData("""{"query": "SELECT * FROM towns WHERE"}""", "query", "the database can't read the query")]
    [InlineData("""{"query": "DELETE FROM towns RETURNING geom"}""", "query", "")]
    [InlineData("""{"table": "towns", "geometryColumn": "shape"}""", "geometryColumn", "there is no column of geometries 'shape'")]
    [InlineData("""{"table": "towns", "idColumn": "key"}""", "idColumn", "there is no column 'key'")]
    public async Task Mistakes_of_PostGIS_are_told_with_their_place(string source, string place, string message)
    {
        var before = await server.LayersAsync();
        var postgis = new Dictionary<string, string>(JsonSerializer.Deserialize<Dictionary<string, string>>(source)!) { ["connection"] = "main" };

        var answer = (await server.PublishAsync(new { id = "mistaken", source = new { postgis } })).ShouldBe(400);

        answer.Blamed.ShouldBe([$"/source/postgis/{place}"]);
        answer.MessageFor($"/source/postgis/{place}").ShouldContain(message);
        (await server.LayersAsync()).ShouldBe(before);
    }

    [QgisFact]
    public async Task A_server_that_is_gone_fails_tiles_and_is_named()
    {
        var away = $"http://127.0.0.1:{FreePorts.Next()}/";
        (await server.PublishAsync(new { id = "gone", source = new { upstream = new { template = away + "{z}/{x}/{y}.png" } } })).ShouldBe(201);

        var answer = await server.GetAsync("collections/gone/map/tiles/WebMercatorQuad/0/0/0?f=png");

        answer.Status.ShouldBe(503);
        answer.Detail.ShouldContain("127.0.0.1");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        await RemoveAsync("gone");
    }

    private async Task<Answer> TileAsync(string path, string type)
    {
        var tile = (await server.GetAsync($"{path}?f={(type == Mvt ? "mvt" : type["image/".Length..])}")).ShouldBe(200);
        tile.MediaType.ShouldBe(type);
        tile.Body.ShouldNotBeEmpty();
        return tile;
    }

    private static int Features(Answer tile, string layer, int level, int column, int row)
    {
        using var content = new MemoryStream(tile.Body);
        var inside = new MapboxTileReader().Read(content, new NetTopologySuite.IO.VectorTiles.Tiles.Tile(column, row, level)).Layers.ShouldHaveSingleItem();
        inside.Name.ShouldBe(layer);
        return inside.Features.Count;
    }

    private async Task<JsonElement> TileJsonAsync(string id)
    {
        var document = (await server.GetAsync($"xyz/{id}/tilejson.json")).ShouldBe(200).Json;
        var template = document.GetProperty("tiles")[0].GetString()!;
        (await server.GetAsync(template.Replace("{z}", "0", StringComparison.Ordinal).Replace("{x}", "0", StringComparison.Ordinal).Replace("{y}", "0", StringComparison.Ordinal))).ShouldBe(200);
        return document;
    }

    /// <summary>By the template that the capabilities give the layer.</summary>
    private async Task<Answer> WmtsTileAsync(string id, string set, string matrix, int row, int column)
    {
        var layer = await WmtsLayerAsync(id);
        var template = layer.ShouldNotBeNull().Elements().First(element => element.Name.LocalName == "ResourceURL").Attribute("template")!.Value;
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["{Style}"] = "default", ["{TileMatrixSet}"] = set, ["{TileMatrix}"] = matrix, ["{TileRow}"] = row.ToString(CultureInfo.InvariantCulture), ["{TileCol}"] = column.ToString(CultureInfo.InvariantCulture),
        };
        return (await server.GetAsync(values.Aggregate(template, (text, pair) => text.Replace(pair.Key, pair.Value, StringComparison.OrdinalIgnoreCase)))).ShouldBe(200);
    }

    private async Task<XElement?> WmtsLayerAsync(string id) =>
        XElement.Parse((await server.GetAsync("wmts?SERVICE=WMTS&REQUEST=GetCapabilities")).ShouldBe(200).Text).Descendants()
            .FirstOrDefault(element => element.Name.LocalName == "Layer" && element.Elements().Any(one => one.Name.LocalName == "Identifier" && one.Value == id));

    private async Task RemoveAsync(string id)
    {
        (await server.AdministerAsync(HttpMethod.Delete, $"admin/layers/{id}")).ShouldBe(204);
        (await server.GetAsync($"collections/{id}")).ShouldBe(404);
        (await WmtsLayerAsync(id)).ShouldBeNull();
    }

    private static string National(string address) => $$"""
        <Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1" version="1.0.0"><Contents>
          <Layer><ows:Title>National relief</ows:Title><ows:WGS84BoundingBox><ows:LowerCorner>6 47.3</ows:LowerCorner><ows:UpperCorner>14.9 55</ows:UpperCorner></ows:WGS84BoundingBox>
            <ows:Identifier>relief</ows:Identifier><Style isDefault="true"><ows:Identifier>default</ows:Identifier></Style><Format>image/png</Format>
            <TileMatrixSetLink><TileMatrixSet>national grid</TileMatrixSet></TileMatrixSetLink>
            <ResourceURL format="image/png" resourceType="tile" template="{{address}}/relief/{TileMatrix}/{TileRow}/{TileCol}.png"/></Layer>
          <TileMatrixSet><ows:Identifier>national grid</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:EPSG::25832</ows:SupportedCRS>
            <TileMatrix><ows:Identifier>coarse</ows:Identifier><ScaleDenominator>8000000</ScaleDenominator><TopLeftCorner>200000 6200000</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight><MatrixWidth>2</MatrixWidth><MatrixHeight>2</MatrixHeight></TileMatrix>
            <TileMatrix><ows:Identifier>fine</ows:Identifier><ScaleDenominator>4000000</ScaleDenominator><TopLeftCorner>200000 6200000</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight><MatrixWidth>4</MatrixWidth><MatrixHeight>4</MatrixHeight></TileMatrix>
          </TileMatrixSet></Contents></Capabilities>
        """;
}
