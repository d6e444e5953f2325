using System.Text.Json;
using GeoWps.Adapters.Execution.Runs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Execution.Runs;

/// <summary>Arrays of objects with layers in them.</summary>
public sealed class StructureStagingTests : IDisposable
{
    private const string Collection = """{"type":"FeatureCollection","features":[]}""";
    private const string Href = "http://example.org/a.gml";

    private readonly StagingBench _bench = new();

    public StructureStagingTests() => _bench.Web.Put(Href, "<gml:FeatureCollection xmlns:gml=\"http://www.opengis.net/gml\"/>"u8.ToArray(), null, "a.gml");

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task The_structure_stays_and_a_layer_stands_for_each_reference()
    {
        var staged = await StageAsync($$"""[{"layer": {"href": "{{Href}}#layername=x"}, "valueSource": 0, "type": 2}, {"layer": {"href": "{{Href}}"}, "minZoom": 3}]""");

        staged.Mistakes.ShouldBeEmpty();
        var parts = staged.Parameters["A"]!["structure"]!.AsArray();
        parts[0]!["layer"]!["$layer"]!["layername"]!.ToString().ShouldBe("x");
        parts[0]!["layer"]!["$layer"]!["path"]!.ToString().ShouldBe("inputs/1/a.gml");
        ((int)parts[0]!["valueSource"]!, (int)parts[0]!["type"]!, (int)parts[1]!["minZoom"]!).ShouldBe((0, 2, 3));
        parts[1]!["layer"]!["$layer"]!["want"]!.ToString().ShouldBe("vector");
    }

    [Theory]
    [InlineData("COLLECTION")]
    [InlineData("""{"value": COLLECTION, "mediaType": "application/geo+json"}""")]
    [InlineData("""{"value": COLLECTION, "format": {"mediaType": "application/geo+json"}}""")]
    public async Task A_collection_stands_in_it_by_value(string layer)
    {
        var staged = await StageAsync("[{\"layer\": " + layer.Replace("COLLECTION", Collection, StringComparison.Ordinal) + "}]");

        var made = staged.Parameters["A"]!["structure"]![0]!["layer"]!["$layer"]!;
        (made["geojson"]!.ToString(), made["name"]!.ToString()).ShouldBe((Collection, "A_1"));
    }

    [Theory]
    [InlineData("""{"value": "SUkqAAgAAAA=", "encoding": "base64", "mediaType": "image/tiff"}""")]
    [InlineData("""{"value": "SUkqAAgAAAA=", "format": {"mediaType": "image/tiff", "encoding": "base64"}}""")]
    public async Task Bytes_stand_in_it_as_base64(string layer)
    {
        await StageAsync("[{\"layer\": " + layer + "}]");

        _bench.Files.ShouldBe(["inputs/1/A_1.tif"]);
    }

    [Fact]
    public async Task The_declared_type_of_a_reference_is_heard()
    {
        _bench.Web.Put("http://example.org/t", "a\n1\n"u8.ToArray());

        await StageAsync("""[{"layer": {"href": "http://example.org/t", "type": "text/csv"}}, {"layer": {"href": "http://example.org/t", "format": {"mediaType": "text/plain"}}}]""");

        _bench.Files.ShouldBe(["inputs/1/A_1.csv", "inputs/2/A_2.txt"]);
    }

    [Theory]
    [InlineData("\"/etc/passwd\"")]
    [InlineData("""{"value": "/etc/passwd"}""")]
    public async Task A_text_in_it_is_data(string layer)
    {
        var staged = await StageAsync("[{\"layer\": " + layer + "}]");

        var made = staged.Parameters["A"]!["structure"]![0]!["layer"]!["$layer"]!;
        made["path"]!.ToString().ShouldMatch(@"^inputs/1/A_1\.\w+$");
        _bench.Read(made["path"]!.ToString()).ShouldBe("/etc/passwd");
    }

    [Fact]
    public async Task A_mistake_says_in_which_part_it_is()
    {
        var staged = await StageAsync($$$"""[{"layer": {"href": "{{{Href}}}"}}, {"layer": {"href": "http://example.org/gone"}}, {"layer": {"href": "{{{Href}}}#a=b"}}]""");

        staged.Mistakes.Select(mistake => mistake.Place).ShouldBe(["A[1].layer", "A[2].layer"]);
    }

    [Fact]
    public async Task What_is_no_array_by_value_is_a_mistake()
    {
        foreach (var value in new[] { StagingBench.Link(Href), StagingBench.Inline("{}"), StagingBench.Text("[]") })
        {
            (await _bench.StageAsync([Described.Parameter("A", "dxflayers")], ("A", [value]))).Mistakes.ShouldHaveSingleItem().Message.ShouldContain("array");
        }
    }

    [Fact]
    public async Task A_layer_whose_features_were_put_aside_comes_from_there()
    {
        await _bench.AttachAsync(0, "[]", JsonValueKind.Array);

        await StageAsync("""[{"layer": {"type": "FeatureCollection", "features": {"$attachment": 0}}}]""");

        _bench.Read("inputs/1/A_1.geojson").ShouldBe("""{"type": "FeatureCollection", "features": []}""");
    }

    private Task<StagedRun> StageAsync(string json) =>
        _bench.StageAsync([Described.Parameter("A", "vectortilewriterlayers")], ("A", [new InputValue.Inline(JsonElement.Parse(json))]));
}
