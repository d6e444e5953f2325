using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using GeoWps.Tests.Integration.Conformance;
using GeoWps.Tests.Integration.Fixtures;
using NetTopologySuite.IO.VectorTiles.Mapbox;

namespace GeoWps.Tests.Integration.Tiles;

/// <summary>OGC API - Tiles 1.0 (OGC 20-057, annex A) over the sample data. The trait <c>ATS</c> names the abstract test.</summary>
[Collection(MapsServerTests.Name)]
public sealed class TileConformanceTests(MapsServer maps)
{
    private const string Classes = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/";
    private const string Vector = ConformanceServer.Ogc + "tilesets-vector";
    private const string Map = ConformanceServer.Ogc + "tilesets-map";
    private const string Mvt = "application/vnd.mapbox-vector-tile";

    /// <summary>In Web Mercator: a tile of Europe and what is wrong with others.</summary>
    private const string Europe = "collections/countries/tiles/WebMercatorQuad/4/5/8";

    [QgisFact]
    [Trait("ATS", "/conf/core/conformance-success")]
    public async Task The_classes_are_declared() =>
        (await JsonAsync("conformance")).GetProperty("conformsTo").EnumerateArray().Select(one => one.GetString()).ShouldContain(Classes + "core");

    [QgisFact]
    [Trait("ATS", "/conf/core/tc-op")]
    [Trait("ATS", "/conf/core/tc-tilematrix-definition")]
    [Trait("ATS", "/conf/core/tc-tilerow-definition")]
    [Trait("ATS", "/conf/core/tc-tilecol-definition")]
    public async Task A_tile_has_an_address_of_matrix_row_and_column()
    {
        var api = await ApiDocument.ReadAsync(maps);
        foreach (var path in (string[])["/tiles", "/collections/{layer}/tiles", "/collections/{layer}/map/tiles"])
        {
            var parameters = api.Find("GET", path + "/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}").Json.GetProperty("parameters").EnumerateArray()
                .Select(api.Resolve).ToDictionary(parameter => parameter.GetProperty("name").GetString()!, parameter => parameter.GetProperty("schema"), StringComparer.Ordinal);
            parameters["tileMatrix"].GetProperty("type").GetString().ShouldBe("string");
            foreach (var name in (string[])["tileRow", "tileCol"])
            {
                (parameters[name].GetProperty("type").GetString(), parameters[name].GetProperty("minimum").GetInt32()).ShouldBe(("integer", 0));
            }
        }
    }

    [QgisFact]
    [Trait("ATS", "/conf/core/tc-success")]
    [Trait("ATS", "/conf/mvt/content")]
    public async Task A_vector_tile_holds_its_layer_and_can_be_asked_for_conditionally()
    {
        var answer = (await maps.GetAsync(Europe)).ShouldBe(200);

        answer.MediaType.ShouldBe(Mvt);
        answer.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromSeconds(300));
        using var content = new MemoryStream(answer.Body);
        var layer = new MapboxTileReader().Read(content, new NetTopologySuite.IO.VectorTiles.Tiles.Tile(8, 5, 4)).Layers.ShouldHaveSingleItem();
        layer.Name.ShouldBe("countries");
        layer.Features.Select(feature => feature.Attributes["name"]).ShouldContain("Austria");

        (await maps.GetAsync(Europe, ("If-None-Match", answer.Headers.ETag!.ToString()))).ShouldBe(304).Body.ShouldBeEmpty();
        (await maps.GetAsync(Europe, ("Accept-Encoding", "gzip"))).Body[..2].ShouldBe([0x1F, 0x8B]);
        var head = (await maps.SendAsync(HttpMethod.Head, Europe, null)).ShouldBe(200);
        (head.MediaType, head.Body.Length).ShouldBe((Mvt, 0));
    }

    [QgisTheory]
    [Trait("ATS", "/conf/png/content")]
    [Trait("ATS", "/conf/jpeg/content")]
    [InlineData("collections/countries/map/tiles/WebMercatorQuad/4/5/8?f=png", null, "image/png")]
    [InlineData("collections/relief/map/tiles/WebMercatorQuad/1/0/1", "image/png", "image/png")]
    [InlineData("collections/relief/map/tiles/WebMercatorQuad/1/0/1", "image/jpeg", "image/jpeg")]
    [InlineData("xyz/relief/1/1/0.jpg", null, "image/jpeg")]
    // A map has no other tiles.
    [InlineData("collections/relief/tiles/WorldCRS84Quad/1/0/1?f=png", null, "image/png")]
    public async Task A_drawn_tile_is_a_picture_in_the_format_asked_for(string path, string? accept, string type)
    {
        var answer = (await maps.GetAsync(path, accept is null ? [] : [("Accept", accept)])).ShouldBe(200);

        answer.MediaType.ShouldBe(type);
        answer.Body[..2].ShouldBe(type == "image/png" ? [0x89, (byte)'P'] : [0xFF, 0xD8]);
        if (type == "image/png")
        {
            var picture = Picture.Read(answer.Body);
            (picture.Width, picture.Height).ShouldBe((256, 256));
            picture.Drawn.ShouldBeGreaterThan(0.2);
        }
    }

    [QgisTheory]
    [Trait("ATS", "/conf/core/tc-error")]
    [InlineData("collections/none/tiles/WebMercatorQuad/4/5/8", 404)]
    [InlineData("collections/countries/tiles/None/4/5/8", 404)]
    [InlineData("collections/countries/tiles/WebMercatorQuad/none/5/8", 404)]
    [InlineData("collections/countries/tiles/WebMercatorQuad/4/16/8", 404)]
    [InlineData("collections/countries/tiles/WebMercatorQuad/4/-1/8", 404)]
    [InlineData("collections/countries/tiles/WebMercatorQuad/4/5/2147483648", 404)]
    [InlineData("collections/countries/tiles/WebMercatorQuad/4/five/8", 404)]
    // Inside the matrix, outside of what there is: the lakes end at 82 degrees north.
    [InlineData("collections/lakes/tiles/WorldCRS84Quad/7/0/0", 404)]
    [InlineData("collections/countries/tiles/WebMercatorQuad/4/5/8?f=tiff", 400)]
    [InlineData("collections/relief/tiles/WebMercatorQuad/1/0/1?f=mvt", 400)]
    [InlineData("tiles/WebMercatorQuad/4/16/8", 404)]
    [InlineData("tiles/None/4/5/8", 404)]
    public async Task What_is_not_there_is_told_as_a_problem(string path, int status) =>
        await ConformanceServer.ShouldBeExceptionAsync(await maps.GetAsync(path), status);

    [QgisFact]
    [Trait("ATS", "/conf/core/tc-error")]
    public async Task A_format_that_nobody_makes_is_not_acceptable() => (await maps.GetAsync(Europe, ("Accept", "application/x-none"))).ShouldBe(406);

    [QgisFact]
    [Trait("ATS", "/conf/core/tc-error")]
    public async Task An_empty_tile_says_that_nothing_is_below_it()
    {
        // The South Pacific, inside the layer's limits.
        var answer = (await maps.GetAsync("collections/lakes/tiles/WorldCRS84Quad/7/90/20")).ShouldBe(204);

        answer.Headers.GetValues("OATiles-hint").ShouldBe(["empty"]);

        // Of a picture there is one that shows nothing: a palette of a single, transparent colour.
        var picture = (await maps.GetAsync("collections/countries/map/tiles/WorldCRS84Quad/7/90/20?f=png")).ShouldBe(200);
        picture.MediaType.ShouldBe("image/png");
        (BinaryPrimitives.ReadInt32BigEndian(picture.Body.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(picture.Body.AsSpan(20))).ShouldBe((256, 256));
        picture.Body.AsSpan().IndexOf("tRNS"u8).ShouldBeGreaterThan(0);
        picture.Body.Length.ShouldBeLessThan(200);
    }

    [QgisFact]
    [Trait("ATS", "/conf/tileset/description")]
    public async Task A_tileset_describes_itself_by_the_standards_schemas()
    {
        foreach (var path in (string[])["collections/countries/tiles/WebMercatorQuad", "collections/relief/map/tiles/WorldCRS84Quad", "tiles/WebMercatorQuad"])
        {
            var tileset = await JsonAsync(path);
            await OgcJsonSchema.ShouldFitAsync(tileset, "tms/tileSet", path);
            var set = await JsonAsync(PathOf(ConformanceServer.Href(tileset, ConformanceServer.Ogc + "tiling-scheme")!));
            await OgcJsonSchema.ShouldFitAsync(set, "tms/tileMatrixSet", path);
            tileset.GetProperty("tileMatrixSetURI").GetString().ShouldBe(set.GetProperty("uri").GetString());
            tileset.GetProperty("crs").GetString().ShouldBe(set.GetProperty("crs").GetString());
            var matrices = set.GetProperty("tileMatrices").EnumerateArray().ToDictionary(matrix => matrix.GetProperty("id").GetString()!, StringComparer.Ordinal);
            foreach (var limits in tileset.GetProperty("tileMatrixSetLimits").EnumerateArray())
            {
                var matrix = matrices[limits.GetProperty("tileMatrix").GetString()!];
                limits.GetProperty("maxTileRow").GetInt32().ShouldBeInRange(limits.GetProperty("minTileRow").GetInt32(), matrix.GetProperty("matrixHeight").GetInt32() - 1);
                limits.GetProperty("maxTileCol").GetInt32().ShouldBeInRange(limits.GetProperty("minTileCol").GetInt32(), matrix.GetProperty("matrixWidth").GetInt32() - 1);
            }

            tileset.GetProperty("links").EnumerateArray().Where(link => link.GetProperty("rel").GetString() == "item").ShouldNotBeEmpty();
        }
    }

    [QgisFact]
    [Trait("ATS", "/conf/tilesets-list/tileset-links")]
    public async Task Each_entry_of_a_list_leads_to_the_tileset_that_says_the_same()
    {
        foreach (var path in (string[])["tiles", "collections/places/tiles", "collections/places/map/tiles"])
        {
            foreach (var entry in (await JsonAsync(path)).GetProperty("tilesets").EnumerateArray())
            {
                await OgcJsonSchema.ShouldFitAsync(entry, "tms/tileSet", path);
                var tileset = await JsonAsync(PathOf(ConformanceServer.Href(entry, "self")!));
                foreach (var member in (string[])["title", "dataType", "crs", "tileMatrixSetURI", "tileMatrixSetLimits"])
                {
                    tileset.GetProperty(member).GetRawText().ShouldBe(entry.GetProperty(member).GetRawText());
                }
            }
        }
    }

    [QgisFact]
    [Trait("ATS", "/conf/dataset-tilesets/landingpage")]
    [Trait("ATS", "/conf/dataset-tilesets/operation")]
    public async Task The_landing_page_leads_to_the_tiles_of_all_layers()
    {
        var list = ConformanceServer.Href(await JsonAsync("?f=json"), Vector)!;

        (await JsonAsync(PathOf(list))).GetProperty("tilesets").GetArrayLength().ShouldBeGreaterThan(0);
        (await LayersOfAsync("tiles/WebMercatorQuad/4/5/8")).ShouldBe(["countries", "lakes", "places", "rivers", "urban_areas"], ignoreOrder: true);
    }

    [QgisFact]
    [Trait("ATS", "/conf/geodata-tilesets/desc-links")]
    [Trait("ATS", "/conf/geodata-tilesets/operation")]
    public async Task Each_collection_leads_to_its_tiles()
    {
        foreach (var collection in (await JsonAsync("collections")).GetProperty("collections").EnumerateArray().Where(one => one.GetProperty("id").GetString() != "records"))
        {
            var one = await JsonAsync($"collections/{collection.GetProperty("id").GetString()}");
            var isMap = one.GetProperty("id").GetString() == "relief";
            (ConformanceServer.Href(one, Vector) is null).ShouldBe(isMap);
            foreach (var rel in isMap ? (string[])[Map] : [Vector, Map])
            {
                ConformanceServer.Href(collection, rel).ShouldBe(ConformanceServer.Href(one, rel));
                (await JsonAsync(PathOf(ConformanceServer.Href(one, rel)!))).GetProperty("tilesets").GetArrayLength().ShouldBeGreaterThan(0);
            }
        }

        (await maps.GetAsync("collections/none/tiles")).ShouldBe(404);
    }

    [QgisFact]
    [Trait("ATS", "/conf/collections-selection/query-collections")]
    [Trait("ATS", "/conf/collections-selection/collections-response")]
    public async Task Of_all_layers_some_can_be_chosen()
    {
        (await LayersOfAsync("tiles/WebMercatorQuad/4/5/8?collections=places")).ShouldBe(["places"]);
        (await LayersOfAsync($"tiles/WebMercatorQuad/4/5/8?collections=rivers,{maps.Server.Address}collections/countries")).ShouldBe(["rivers", "countries"]);
        (await JsonAsync("tiles/WebMercatorQuad?collections=rivers,countries")).GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("id").GetString()).ShouldBe(["rivers", "countries"]);
        (await maps.GetAsync("tiles/WebMercatorQuad/4/5/8?collections=none")).ShouldBe(400).Blamed.ShouldBe(["collections"]);
    }

    [QgisFact]
    [Trait("ATS", "/conf/oas30/completeness")]
    public async Task Every_path_of_the_definition_that_a_layer_fills_in_answers()
    {
        var api = await ApiDocument.ReadAsync(maps);
        var tried = 0;
        foreach (var operation in api.Operations.Where(operation =>
            operation.Method == "GET" && (operation.Path.Contains("{layer}", StringComparison.Ordinal) || operation.Path.Contains("{tile", StringComparison.Ordinal)) && !operation.Json.TryGetProperty("security", out _)))
        {
            var path = operation.Path.Replace("{layer}", "countries").Replace("{tileMatrixSet}", "WebMercatorQuad").Replace("{tileMatrix}", "4")
                .Replace("{tileRow}", operation.Path.StartsWith("/tms", StringComparison.Ordinal) ? "10" : "5").Replace("{tileCol}", "8").Replace("{ext}", operation.Path.Contains("{i}", StringComparison.Ordinal) ? "json" : "pbf").Replace("{i}", "128").Replace("{j}", "128").Replace("{style}", "default").Replace("{feature}", "1");
            (await maps.GetAsync(path[1..])).Status.ShouldBe(200, path);
            tried++;
        }

        tried.ShouldBeGreaterThan(15);
    }

    [QgisFact]
    public async Task TileJSON_is_what_map_libraries_read()
    {
        foreach (var (path, layers) in (IEnumerable<(string, int)>)[("xyz/places/tilejson.json", 1), ("collections/relief/map/tiles/WebMercatorQuad?f=tilejson", 0), ("tiles/WebMercatorQuad?f=tilejson", 5)])
        {
            var document = await JsonAsync(path);
            await OgcJsonSchema.ShouldFitAsync(document, "tms/tilejson", path);
            document.GetProperty("vector_layers").GetArrayLength().ShouldBe(layers);
            var tile = document.GetProperty("tiles")[0].GetString()!.Replace("{z}", "4", StringComparison.Ordinal).Replace("{y}", "5", StringComparison.Ordinal).Replace("{x}", "8", StringComparison.Ordinal);
            (await maps.GetAsync(PathOf(tile))).ShouldBe(200);
        }
    }

    [QgisFact]
    public async Task Every_address_of_a_tile_gives_the_same_bytes()
    {
        var bytes = (await maps.GetAsync(Europe)).ShouldBe(200).Body;

        foreach (var path in (string[])["xyz/countries/4/8/5.pbf", "xyz/countries/4/8/5.mvt", "tms/1.0.0/countries/4/8/10.pbf", "wmts/1.0.0/countries/default/WebMercatorQuad/4/5/8.pbf", "tiles/WebMercatorQuad/4/5/8?collections=countries"])
        {
            (await maps.GetAsync(path)).ShouldBe(200).Body.ShouldBe(bytes, path);
        }
    }

    [QgisFact]
    public async Task A_layer_that_changes_has_other_tiles_at_once()
    {
        var before = await LayersOfAsync("xyz/urban_areas/4/8/5.pbf");
        (await maps.AdministerAsync(HttpMethod.Patch, "admin/layers/urban_areas", """{"tiles": {"name": "towns"}}""")).ShouldBe(200);

        before.ShouldBe(["urban_areas"]);
        (await LayersOfAsync("xyz/urban_areas/4/8/5.pbf")).ShouldBe(["towns"]);
        (await maps.AdministerAsync(HttpMethod.Patch, "admin/layers/urban_areas", """{"tiles": {"name": "urban_areas"}}""")).ShouldBe(200);
        (await LayersOfAsync("xyz/urban_areas/4/8/5.pbf")).ShouldBe(["urban_areas"]);
    }

    private async Task<IReadOnlyList<string>> LayersOfAsync(string path)
    {
        using var content = new MemoryStream((await maps.GetAsync(path)).ShouldBe(200).Body);
        return [.. new MapboxTileReader().Read(content, new NetTopologySuite.IO.VectorTiles.Tiles.Tile(8, 5, 4)).Layers.Select(layer => layer.Name)];
    }

    private async Task<JsonElement> JsonAsync(string path) => (await maps.GetAsync(path, ("Accept", "application/json"))).ShouldBe(200).Json;

    private string PathOf(string address) => address.Replace(maps.Server.Address.ToString(), "", StringComparison.Ordinal).ToString(CultureInfo.InvariantCulture);
}
