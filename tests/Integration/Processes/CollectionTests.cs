using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>Collections of another server's OGC API - Features as inputs.</summary>
[Collection(OpenServerTests.Name)]
public sealed class CollectionTests(OpenServer qgis)
{
    [QgisFact]
    public async Task All_pages_of_a_collection_are_one_layer()
    {
        var collection = Serve("places", 200, 200, 105);

        var answer = await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = new { collection, filter = "a > 1", properties = new[] { "name" }, bbox = new[] { 0, 0, 10, 10 } } } });

        answer.ShouldBe(200).FeatureCount.ShouldBe(505);
        qgis.Files.Requests.ShouldContain("/collections/places/items?filter=a%20%3E%201&filter-lang=cql2-text&properties=name&bbox=0,0,10,10&limit=1000");
    }

    [QgisFact]
    public async Task A_collection_is_the_input_of_a_step_and_the_layer_of_a_structure()
    {
        var collection = Serve("few", 3, 2);
        var grid = new
        {
            process = "qgis:idwinterpolation",
            inputs = new
            {
                INTERPOLATION_DATA = new[] { new { layer = new { collection }, valueSource = 0, attributeIndex = 0, type = 0 } },
                EXTENT = new { bbox = new[] { 0, 0, 10, 10 } },
                PIXEL_SIZE = 1,
            },
        };

        (await qgis.ExecuteAsync("native:mergevectorlayers", new { inputs = new { LAYERS = new object[] { new { process = "native:centroids", inputs = new { INPUT = new { collection } } }, new { collection } } } }))
            .ShouldBe(200).FeatureCount.ShouldBe(10);
        (await qgis.ExecuteAsync("native:rasterlayerproperties", new { inputs = new { INPUT = grid }, response = "document" }))
            .ShouldBe(200).Json.GetProperty("WIDTH_IN_PIXELS").GetInt32().ShouldBe(10);
    }

    [QgisFact]
    public async Task A_collection_that_is_none_is_the_callers_mistake()
    {
        foreach (var (collection, status) in new[] { (qgis.Files.AddressOf("collections/nothing"), 400), ("http://10.1.2.3/collections/a", 400), ($"{qgis.Server.Address}collections/a", 400) })
        {
            var answer = await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = new { collection } } });
            answer.ShouldBe(status).Blamed.ShouldBe(["INPUT"]);
        }
    }

    /// <returns>The address of the collection.</returns>
    private string Serve(string id, params int[] pages)
    {
        for (var i = 0; i < pages.Length; i++)
        {
            var page = Sample.First(Sample.Places, 0);
            page["features"] = new JsonArray([.. Enumerable.Range(0, pages[i]).Select(number => JsonSerializer.SerializeToNode(new
            {
                type = "Feature",
                properties = new { number },
                geometry = new { type = "Point", coordinates = new[] { number % 10, (number * i) % 7 } },
            }))]);
            page["links"] = new JsonArray(i == pages.Length - 1 ? [] : [JsonSerializer.SerializeToNode(new { rel = "next", href = $"items-{i + 1}" })]);
            qgis.Files.Put($"collections/{id}/items{(i == 0 ? "" : $"-{i}")}", JsonSerializer.SerializeToUtf8Bytes(page), "application/geo+json");
        }

        return qgis.Files.AddressOf($"collections/{id}");
    }
}
