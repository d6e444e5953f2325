using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Tests.Integration.Conformance;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Features;

/// <summary>OGC API - Features 1.0 (17-069r4, annex A) and its Part 2 (18-058r1). The trait <c>ATS</c> names the abstract test.</summary>
public sealed class FeatureConformanceTests(FeaturesServer server) : IClassFixture<FeaturesServer>
{
    private const string Crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
    private const string Wgs84 = "http://www.opengis.net/def/crs/EPSG/0/4326";
    private const string Mercator = "http://www.opengis.net/def/crs/EPSG/0/3857";

    [Fact]
    [Trait("ATS", "/conf/core/root-success")]
    public async Task The_landing_page_leads_to_everything()
    {
        var landing = await server.JsonAsync("?f=json");

        await OgcJsonSchema.ShouldFitAsync(landing, "ogcapi-features/landingPage");
        new[] { "service-desc", "data", ConformanceServer.Ogc + "conformance" }.ShouldAllBe(rel => ConformanceServer.Href(landing, rel) != null);
    }

    [Fact]
    [Trait("ATS", "/conf/core/conformance-success")]
    public async Task The_classes_are_declared()
    {
        var declared = await server.JsonAsync("conformance?f=json");

        await OgcJsonSchema.ShouldFitAsync(declared, "ogcapi-features/confClasses");
        declared.GetProperty("conformsTo").EnumerateArray().Select(one => one.GetString()).ShouldContain("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core");
    }

    [Fact]
    [Trait("ATS", "/conf/core/fc-md-success")]
    public async Task Collections_are_listed_and_each_is_the_same_by_itself()
    {
        var all = await server.JsonAsync("collections?f=json");

        await OgcJsonSchema.ShouldFitAsync(all, "ogcapi-features/collections");
        foreach (var collection in all.GetProperty("collections").EnumerateArray().Where(one => one.GetProperty("id").GetString() != "records"))
        {
            var one = await server.JsonAsync($"collections/{collection.GetProperty("id").GetString()}");
            await OgcJsonSchema.ShouldFitAsync(one, "ogcapi-features/collection");
            one.GetRawText().ShouldBe(collection.GetRawText());
            one.GetProperty("itemType").GetString().ShouldBe("feature");
            ConformanceServer.Href(one, "items").ShouldNotBeNull();
            one.GetProperty("crs")[0].GetString().ShouldBe(Crs84);
        }
    }

    [Fact]
    [Trait("ATS", "/conf/core/fc-response")]
    [Trait("ATS", "/conf/geojson/content")]
    public async Task Items_are_a_collection_with_links_counts_and_a_time()
    {
        var answer = (await server.GetAsync("collections/countries/items?limit=5")).ShouldBe(200);

        answer.MediaType.ShouldBe("application/geo+json");
        var json = answer.Json;
        await OgcJsonSchema.ShouldFitAsync(json, "ogcapi-features/featureCollectionGeoJSON");
        json.GetProperty("numberReturned").GetInt32().ShouldBe(5);
        json.GetProperty("numberMatched").GetInt32().ShouldBe(241);
        DateTimeOffset.Parse(json.GetProperty("timeStamp").GetString()!, CultureInfo.InvariantCulture).Offset.ShouldBe(TimeSpan.Zero);
        (await server.GetAsync(ConformanceServer.Href(json, "self")!)).ShouldBe(200).MediaType.ShouldBe("application/geo+json");
        (await server.GetAsync(ConformanceServer.Href(json, "alternate")!)).ShouldBe(200).MediaType.ShouldNotBeNull().ShouldStartWith("text/html");
        (await server.GetAsync(ConformanceServer.Href(json, "collection")!)).ShouldBe(200);
    }

    [Fact]
    [Trait("ATS", "/conf/core/fc-limit-response")]
    public async Task Pages_visit_each_feature_once()
    {
        var (seen, next, pages) = (new List<long>(), (string?)"collections/places/items?limit=2000", 0);
        while (next is not null)
        {
            var page = await server.JsonAsync(next);
            seen.AddRange(page.GetProperty("features").EnumerateArray().Select(feature => feature.GetProperty("id").GetInt64()));
            next = ConformanceServer.Href(page, "next");
            pages++;
        }

        pages.ShouldBe(4);
        seen.Count.ShouldBe(7343);
        seen.ShouldBeUnique();
        seen.ShouldBeInOrder();
        (await server.GetAsync("collections/places/items?limit=3")).Headers.GetValues("Link").ShouldContain(link => link.Contains("rel=\"next\"", StringComparison.Ordinal));
        (await server.JsonAsync("collections/places/items")).GetProperty("numberReturned").GetInt32().ShouldBe(10);
    }

    [Fact]
    [Trait("ATS", "/conf/core/fc-bbox-response")]
    public async Task An_area_has_the_features_that_meet_it()
    {
        var found = await server.JsonAsync("collections/places/items?bbox=10,59,11,60&limit=1000");

        NamesOf(found).ShouldContain("Oslo");
        found.GetProperty("numberMatched").GetInt32().ShouldBe(found.GetProperty("numberReturned").GetInt32());
        foreach (var place in found.GetProperty("features").EnumerateArray().Select(feature => feature.GetProperty("geometry").GetProperty("coordinates")))
        {
            place[0].GetDouble().ShouldBeInRange(10, 11);
            place[1].GetDouble().ShouldBeInRange(59, 60);
        }

        // Fiji lies on both sides of the antimeridian; the United States' envelope reaches round the world, they don't.
        NamesOf(await server.JsonAsync("collections/countries/items?bbox=179,-20,-179,-15&limit=1000")).ShouldBe(["Fiji"]);
        NamesOf(await server.JsonAsync("collections/countries/items?bbox=0,48,0.1,48.1&limit=1000")).ShouldBe(["France"]);
    }

    [Fact]
    [Trait("ATS", "/conf/core/fc-time-response")]
    public async Task A_time_has_the_features_that_meet_it()
    {
        NamesOf(await server.JsonAsync("collections/sights/items?datetime=2020-01-01")).ShouldBe(["one"]);
        NamesOf(await server.JsonAsync("collections/sights/items?datetime=2020-06-01T00:00:00Z/..")).ShouldBe(["two", "three"]);
        NamesOf(await server.JsonAsync("collections/sights/items?datetime=../2020-12-31T23:59:59Z")).ShouldBe(["one", "two"]);
        NamesOf(await server.JsonAsync("collections/sights/items?datetime=1999-01-01")).ShouldBeEmpty();
        (await server.JsonAsync("collections/sights")).GetProperty("extent").GetProperty("temporal").GetProperty("interval")
            .EnumerateArray().ShouldHaveSingleItem().EnumerateArray().First().GetString().ShouldBe("2020-01-01T12:00:00Z");
    }

    [Fact]
    [Trait("ATS", "/conf/core/query-param-invalid")]
    public async Task A_wrong_parameter_is_a_mistake_and_so_is_one_that_nobody_knows()
    {
        (await server.GetAsync("collections/places/items?limit=0")).ShouldBe(400).Blamed.ShouldBe(["limit"]);
        (await server.GetAsync("collections/places/items?bbox=1,2,3")).ShouldBe(400).Blamed.ShouldBe(["bbox"]);
        foreach (var path in new[] { "", "conformance", "collections", "collections/places", "collections/places/items", "collections/places/items/1", "collections/places/queryables" })
        {
            (await server.GetAsync($"{path}?nonsense=1")).ShouldBe(400).Blamed.ShouldBe(["nonsense"]);
        }
    }

    [Fact]
    [Trait("ATS", "/conf/core/f-success")]
    public async Task A_feature_is_found_by_its_id()
    {
        var listed = (await server.JsonAsync("collections/places/items?name=Oslo")).GetProperty("features")[0];
        var id = listed.GetProperty("id").GetInt64();
        var feature = (await server.GetAsync($"collections/places/items/{id}")).ShouldBe(200);

        feature.MediaType.ShouldBe("application/geo+json");
        await OgcJsonSchema.ShouldFitAsync(feature.Json, "ogcapi-features/featureGeoJSON");
        feature.Json.GetProperty("geometry").GetRawText().ShouldBe(listed.GetProperty("geometry").GetRawText());
        ConformanceServer.Href(feature.Json, "self").ShouldNotBeNull();
        ConformanceServer.Href(feature.Json, "collection").ShouldNotBeNull();
        foreach (var path in new[] { "collections/places/items/99999999", "collections/places/items/x", "collections/nothing/items/1", "collections/nothing/items", "collections/nothing/queryables" })
        {
            (await server.GetAsync(path)).ShouldBe(404);
        }
    }

    [Fact]
    [Trait("ATS", "/conf/html/content")]
    public async Task Features_are_pages_for_who_prefers_one()
    {
        var page = (await server.GetAsync("collections/places/items?name=Oslo", ("Accept", "text/html"))).ShouldBe(200);

        page.MediaType.ShouldBe("text/html; charset=utf-8");
        page.Text.ShouldContain("Oslo");
        page.Text.ShouldContain("Norway");
        (await server.GetAsync("collections/places/items?limit=2&f=html")).ShouldBe(200).Text.ShouldContain("after=2");
        (await server.GetAsync("collections/countries/items/1?f=html")).ShouldBe(200).Text.ShouldContain("MultiPolygon");
        (await server.GetAsync("collections/places/queryables?f=html")).ShouldBe(200).Text.ShouldContain("pop_max");
        (await server.GetAsync("collections/places/items", ("Accept", "application/geo+json, text/html;q=0.5"))).MediaType.ShouldBe("application/geo+json");
        (await server.GetAsync("collections/places/items?f=xml")).ShouldBe(400).Blamed.ShouldBe(["f"]);
    }

    [Fact]
    [Trait("ATS", "/conf/oas30/oas-impl")]
    public async Task The_API_definition_has_every_parameter_of_items()
    {
        var api = new ApiDocument((await server.GetAsync("api")).ShouldBe(200).Text);
        var operation = api.Find("GET", "/collections/{layer}/items").Json;

        var names = operation.GetProperty("parameters").EnumerateArray().Select(api.Resolve).Select(one => one.GetProperty("name").GetString()).ToArray();
        new[] { "layer", "limit", "bbox", "bbox-crs", "crs", "datetime", "after", "properties", "f" }.ShouldBeSubsetOf(names);
        api.Find("GET", "/collections/{layer}/items/{feature}").ShouldNotBeNull();
    }

    [Fact]
    [Trait("ATS", "/conf/crs/crs-parameter")]
    public async Task Coordinates_are_in_the_CRS_asked_for_and_in_its_order()
    {
        var asked = new Dictionary<string, (double, double)> { [Crs84] = (10.74803, 59.91864), [Wgs84] = (59.91864, 10.74803), [Mercator] = (1196465.2, 8383847) };
        foreach (var (crs, (first, second)) in asked)
        {
            var answer = (await server.GetAsync($"collections/places/items?name=Oslo&crs={crs}")).ShouldBe(200);
            answer.Headers.GetValues("Content-Crs").ShouldBe([$"<{crs}>"]);
            var place = answer.Json.GetProperty("features")[0].GetProperty("geometry").GetProperty("coordinates");
            place[0].GetDouble().ShouldBe(first, Math.Abs(first) / 1000);
            place[1].GetDouble().ShouldBe(second, Math.Abs(second) / 1000);
        }

        (await server.GetAsync("collections/places/items/1?crs=" + Mercator)).ShouldBe(200).Headers.GetValues("Content-Crs").ShouldBe([$"<{Mercator}>"]);
        (await server.GetAsync("collections/places/items?crs=http://www.opengis.net/def/crs/EPSG/0/2056")).ShouldBe(400).Blamed.ShouldBe(["crs"]);
        (await server.GetAsync("collections/places/items/1?crs=nothing")).ShouldBe(400).Blamed.ShouldBe(["crs"]);
    }

    [Fact]
    [Trait("ATS", "/conf/crs/bbox-crs-parameter")]
    public async Task An_area_may_be_in_another_CRS()
    {
        var expected = NamesOf(await server.JsonAsync("collections/places/items?bbox=10,59,11,60&limit=100"));

        expected.ShouldContain("Oslo");
        NamesOf(await server.JsonAsync($"collections/places/items?bbox=59,10,60,11&bbox-crs={Wgs84}&limit=100")).ShouldBe(expected);
        NamesOf(await server.JsonAsync($"collections/places/items?bbox=1113194.91,8175445.56,1224514.4,8399737.89&bbox-crs={Mercator}&limit=100")).ShouldBe(expected);
        (await server.GetAsync("collections/places/items?bbox=1,2,3,4&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/2056")).ShouldBe(400).Blamed.ShouldBe(["bbox-crs"]);
    }

    [Fact]
    public async Task Fields_are_parameters_and_can_be_chosen()
    {
        var found = await server.JsonAsync("collections/places/items?megacity=true&adm0name=Japan&properties=name,megacity&limit=100");

        NamesOf(found).ShouldContain("Tokyo");
        found.GetProperty("features")[0].GetProperty("properties").EnumerateObject().Select(field => field.Name).ShouldBe(["name", "megacity"]);
        var queryables = (await server.GetAsync("collections/places/queryables")).ShouldBe(200);
        queryables.MediaType.ShouldBe("application/schema+json");
        queryables.Json.GetProperty("properties").GetProperty("pop_max").GetProperty("type").GetString().ShouldBe("integer");
    }

    [Fact]
    public async Task Who_has_an_answer_already_gets_none()
    {
        foreach (var path in new[] { "collections/places/items?limit=3", "collections/places/items/3", "collections/places/items?limit=3&f=html" })
        {
            var tag = (await server.GetAsync(path)).Headers.ETag!.ToString();
            var again = await server.GetAsync(path, ("If-None-Match", tag));
            again.ShouldBe(304).Body.ShouldBeEmpty();
            (await server.GetAsync(path.Replace("3", "4", StringComparison.Ordinal), ("If-None-Match", tag))).ShouldBe(200);
        }
    }

    [Fact]
    public void GDAL_opens_a_layer_by_its_address_and_reads_all_pages()
    {
        var address = $"OAPIF:{server.Server.Address}collections/places";

        Gdal.CountFeatures(address).ShouldBe(7343);
        Gdal.FeaturesOf(address).Split("OGRFeature(places):").Length.ShouldBe(7343 + 1);
    }

    [Fact]
    public async Task A_collection_of_this_server_is_an_input_and_is_read_where_it_is()
    {
        var collection = $"{server.Server.Address}collections/places";

        (await EchoAsync(new { collection })).FeatureCount.ShouldBe(7343);
        (await EchoAsync(new { collection, bbox = new[] { 10, 59, 11, 60 } })).Text.ShouldContain("Oslo");
        (await EchoAsync(new { href = $"{collection}/items?name=Oslo", type = "application/geo+json" })).FeatureCount.ShouldBe(1);
        (await EchoAsync(new { href = $"{collection}/items?limit=20", type = "application/geo+json" })).FeatureCount.ShouldBe(20);
        (await EchoAsync(new { href = "/collections/sights/items?datetime=2020-01-01", type = "application/geo+json" })).FeatureCount.ShouldBe(1);
        foreach (var wrong in new[] { "collections/nothing/items", "collections/places/items?colour=red", "collections/places/items?crs=" + Mercator })
        {
            (await server.ExecuteAsync("EchoProcess", Request(new { href = server.Server.Address + wrong, type = "application/geo+json" }))).ShouldBe(400);
        }
    }

    /// <summary>The standard's example, with this in place of its features.</summary>
    private static JsonObject Request(object input)
    {
        var request = JsonNode.Parse("""
            {"inputs": {
               "stringInput": "Value2", "measureInput": {"value": {"measurement": 10.3, "uom": "m"}}, "dateInput": "2021-03-06T07:21:00Z", "arrayInput": [1, 2],
               "complexObjectInput": {"value": {"property1": "value1", "property2": "http://example.org/b", "property5": true}},
               "geometryInput": [{"type": "Point", "coordinates": [1, 2]}, {"type": "Point", "coordinates": [3, 4]}],
               "boundingBoxInput": {"bbox": [51.9, 7, 52, 7.1]}, "imagesInput": [{"value": "SUkqAAgAAAAAAA==", "encoding": "base64", "mediaType": "image/tiff; application=geotiff"}]},
             "outputs": {"featureCollectionOutput": {}}, "response": "raw"}
            """)!.AsObject();
        request["inputs"]!["featureCollectionInput"] = JsonSerializer.SerializeToNode(input);
        return request;
    }

    private async Task<Answer> EchoAsync(object input) => (await server.ExecuteAsync("EchoProcess", Request(input))).ShouldBe(200);

    private static List<string> NamesOf(JsonElement collection) =>
        [.. collection.GetProperty("features").EnumerateArray().Select(feature => feature.GetProperty("properties").GetProperty("name").GetString()!)];
}
