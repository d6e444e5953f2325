using System.Text;
using GeoWps.Application.Processes;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Processes.Chains;
using GeoWps.Tests.Unit.Processes.Inputs;

namespace GeoWps.Tests.Unit.Processes.Collections;

public sealed class CollectionInputTests
{
    private static readonly InputDescription Layer = Tools.BufferTool.Inputs[0];

    [Theory]
    [InlineData("""{"collection": "http://a/collections/roads"}""", "http://a/collections/roads/items?limit=1000")]
    [InlineData("""{"collection": "http://a/collections/roads/"}""", "http://a/collections/roads/items?limit=1000")]
    [InlineData("""{"collection": "http://a/collections/roads/items"}""", "http://a/collections/roads/items?limit=1000")]
    [InlineData("""{"collection": "http://a/collections/roads?key=x#part"}""", "http://a/collections/roads/items?key=x&limit=1000")]
    [InlineData("""{"collection": "http://localhost:8080/collections/c"}""", "http://localhost:8080/collections/c/items?limit=1000")]
    [InlineData("""{"collection": "../collections/c"}""", "http://localhost:8080/collections/c/items?limit=1000")]
    [InlineData("""{"collection": "http://a/c", "filter": "name = 'A&B'"}""", "http://a/c/items?filter=name%20%3D%20%27A%26B%27&filter-lang=cql2-text&limit=1000")]
    [InlineData("""{"collection": "http://a/c", "filter": {"op":"="}}""", "http://a/c/items?filter=%7B%22op%22%3A%22%3D%22%7D&filter-lang=cql2-json&limit=1000")]
    [InlineData("""{"collection": "http://a/c", "properties": ["a", "b,c"], "sortBy": "-a"}""", "http://a/c/items?properties=a,b%2Cc&sortby=-a&limit=1000")]
    [InlineData("""{"collection": "http://a/c", "bbox": [1, 2.50, 3, 4], "datetime": "2020-01-01T00:00:00Z/.."}""", "http://a/c/items?bbox=1,2.50,3,4&datetime=2020-01-01T00%3A00%3A00Z%2F..&limit=1000")]
    public void A_collection_is_the_address_of_its_items(string value, string items)
    {
        var reference = Bound.Values(Layer, value).ShouldHaveSingleItem().ShouldBeOfType<InputValue.Reference>();

        (reference.Href, reference.IsCollection).ShouldBe((items, true));
    }

    [Theory]
    [InlineData("""{"collection": 5}""", "collection must be the address of a collection")]
    [InlineData("""{"collection": ""}""", "collection must be the address of a collection")]
    [InlineData("""{"collection": "ftp://a/c"}""", "collection must be the address of a collection")]
    [InlineData("""{"collection": "http://inner/c"}""", "its host may not be reached")]
    [InlineData("""{"collection": "http://a/c", "filter": 5}""", "filter must be CQL2, as text or as JSON")]
    [InlineData("""{"collection": "http://a/c", "properties": {"a": 1}}""", "properties must be names of fields")]
    [InlineData("""{"collection": "http://a/c", "bbox": [1, 2]}""", "bbox must be four or six numbers, longitude first")]
    [InlineData("""{"collection": "http://a/c", "datetime": 5}""", "datetime must be a date-time, or two of them divided by /")]
    [InlineData("""{"collection": "http://a/c", "limit": 5}""", "a collection has no limit; it can have filter, properties, sortBy, bbox and datetime")]
    public void What_is_wrong_with_it_is_told(string value, string mistake) => Bound.Mistakes(Layer, value).ShouldBe([$"INPUT: {mistake}"]);

    [Theory]
    [InlineData("""{"type": "number"}""")]
    [InlineData("""{"type": "string", "contentMediaType": "text/csv"}""")]
    [InlineData("""{"allOf": [{"format": "geojson-geometry"}, {"$ref": "http://schemas.opengis.net/ogcapi/features/part1/1.0/openapi/schemas/geometryGeoJSON.yaml"}]}""")]
    public void Only_layers_are_collections(string schema) =>
        Bound.Mistakes(Bound.Input("A", schema), """{"collection": "http://a/c"}""").ShouldBe(["A: takes no collection of features"]);

    [Fact]
    public async Task It_is_read_like_any_other_value()
    {
        var bench = new ReadingBench();
        bench.Web.With("http://a/collections/roads/items?limit=1000", """{"features": [1], "links": [{"rel": "next", "href": "http://a/2"}]}""").With("http://a/2", """{"features": [2]}""");
        var value = Bound.Values(Layer, """{"collection": "http://a/collections/roads"}""")[0];
        using var memory = new MemoryStream();

        var copied = (await bench.Reader.CopyAsync(bench.Job, value, memory, CancellationToken.None)).ShouldBeOfType<InputContent.Copied>();

        Encoding.UTF8.GetString(memory.ToArray()).ShouldBe("""{"type":"FeatureCollection","features":[1,2]}""");
        (copied.MediaType, copied.FileName, copied.Length).ShouldBe(("application/geo+json", "roads.geojson", memory.Length));
    }
}
