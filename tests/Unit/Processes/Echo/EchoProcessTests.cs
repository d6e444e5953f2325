using System.Text.Json;
using GeoWps.Application.Processes;

namespace GeoWps.Tests.Unit.Processes.Echo;

/// <summary>The example process of the standard.</summary>
public sealed class EchoProcessTests
{
    private const string Good =
        """
        "stringInput": "Value2",
        "measureInput": {"value": {"measurement": 10.3, "uom": "m"}},
        "dateInput": "2021-03-06T07:21:00",
        "arrayInput": [1, 2, 3],
        "complexObjectInput": {"value": {"property1": "a", "property5": true}},
        "geometryInput": ["<a/>", {"type": "Point", "coordinates": [1, 2]}],
        "boundingBoxInput": {"bbox": [51.9, 7, 52, 7.1], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"},
        "imagesInput": [{"value": "TWFu", "encoding": "base64", "mediaType": "application/tiff; application=geotiff"}],
        "featureCollectionInput": {"type": "FeatureCollection", "features": []}
        """;

    private readonly EchoBench _bench = new();

    [Fact]
    public void It_has_the_inputs_of_the_standard_s_example()
    {
        string[] names = ["string", "measure", "date", "double", "array", "complexObject", "geometry", "boundingBox", "images", "featureCollection"];
        var process = EchoBench.Describe("EchoProcess");

        process.Inputs.Select(input => input.Id).ShouldBe(names.Select(name => name + "Input"));
        process.Outputs.Select(output => output.Id).ShouldBe(names.Select(name => name + "Output"));
        process.Inputs.Where(input => input.MinOccurs == 0).Select(input => input.Id).ShouldBe(["doubleInput"]);
        (process.FindInput("geometryInput")!.MinOccurs, process.FindInput("geometryInput")!.MaxOccurs).ShouldBe((2, 5));
        process.FindInput("imagesInput")!.MaxOccurs.ShouldBe(150);
    }

    [Fact]
    public async Task It_gives_everything_back_and_five_where_no_number_was_given() =>
        (await _bench.OutputsAsync($$$$"""{"inputs": {{{{{Good}}}}}}""", "EchoProcess")).ShouldBe(
        [
            "stringOutput \"Value2\"",
            "measureOutput {\"measurement\": 10.3, \"uom\": \"m\"} as application/json",
            "dateOutput \"2021-03-06T07:21:00\"",
            "doubleOutput 5",
            "arrayOutput [1, 2, 3]",
            "complexObjectOutput {\"property1\": \"a\", \"property5\": true} as application/json",
            "geometryOutput (geometryOutput \"<a/>\" as application/gml+xml; version=3.2; geometryOutput {\"type\": \"Point\", \"coordinates\": [1, 2]} as application/geo+json)",
            "boundingBoxOutput {\"bbox\": [51.9, 7, 52, 7.1], \"crs\": \"http://www.opengis.net/def/crs/OGC/1.3/CRS84\"}",
            "imagesOutput (imagesOutput \"TWFu\" as application/tiff; application=geotiff)",
            "featureCollectionOutput {\"type\": \"FeatureCollection\", \"features\": []} as application/geo+json",
        ]);

    [Fact]
    public async Task The_number_that_was_given_counts() =>
        (await _bench.OutputsAsync($$$$"""{"inputs": {{{{{Good}}}}, "doubleInput": 7.5}, "outputs": {"doubleOutput": {}}}""", "EchoProcess")).ShouldBe(["doubleOutput 7.5"]);

    [Theory]
    [InlineData("stringInput", "\"Value4\"", "stringInput: must be one of Value1, Value2, Value3 (got \"Value4\")")]
    [InlineData("measureInput", "{\"value\": {\"measurement\": 1}}", "measureInput: must have uom")]
    [InlineData("doubleInput", "0", "doubleInput: must be greater than 0 (got 0)")]
    [InlineData("doubleInput", "10.5", "doubleInput: must be at most 10 (got 10.5)")]
    [InlineData("arrayInput", "[1]", "arrayInput: must have at least 2 items (got 1)")]
    [InlineData("geometryInput", "[\"<a/>\"]", "geometryInput: at least 2 values are required (got 1)")]
    [InlineData("complexObjectInput", "{\"value\": {\"property1\": 5, \"property5\": true}}", "complexObjectInput.property1: must be a string (got 5)")]
    [InlineData("boundingBoxInput", "{\"bbox\": [1, 2, 3]}", "boundingBoxInput: must be a bounding box: bbox must be an array of 4 or 6 numbers")]
    [InlineData("pause", "5", "pause: there is no such input")]
    public void What_is_wrong_is_refused(string input, string value, string mistake)
    {
        var inputs = JsonElement.Parse($$$$"""{{{{{Good}}}}}""").EnumerateObject().Where(member => member.Name != input).Select(member => $"\"{member.Name}\": {member.Value.GetRawText()}");

        Bound.Mistakes(EchoBench.Describe("EchoProcess"), $$$$"""{"inputs": {{{{{string.Join(", ", inputs.Append($"\"{input}\": {value}"))}}}}}}""").ShouldContain(mistake);
    }
}
