using System.Text.Json.Nodes;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Processes.Binding;

/// <summary>An input that takes content of an unknown type goes by the content, and not by what it is called.</summary>
public sealed class ContentTellsTests
{
    private static readonly ProcessDescription _process = Process(Alternatives("application/octet-stream"));

    [Theory]
    [InlineData("""{"value": "<gml/>", "mediaType": "application/geo+json"}""", null)]
    [InlineData("""{"value": "{\"type\": \"FeatureCollection\", \"features\": []}", "mediaType": "application/geo+json"}""", null)]
    [InlineData("""{"value": "{\"type\": \"FeatureCollection\", \"features\": []}", "mediaType": "application/gml+xml; version=3.2"}""", null)]
    [InlineData("""{"value": "<gml/>", "mediaType": "application/zip"}""", null)]
    [InlineData("""{"value": "a,b\n1,2", "mediaType": "text/plain"}""", null)]
    [InlineData("""{"value": "<gml/>", "mediaType": "text/xml"}""", null)]
    [InlineData("""{"value": "<gml/>", "mediaType": "application/xml"}""", null)]
    [InlineData("""{"value": "<gml/>", "mediaType": "text/xml; subtype=gml/3.1.1"}""", null)]
    [InlineData("""{"value": "e30=", "mediaType": "application/geo+json", "encoding": "base64"}""", "base64")]
    [InlineData("""{"value": "e30=", "mediaType": "text/plain", "encoding": "base64"}""", "base64")]
    [InlineData("""{"value": "PGEvPg==", "mediaType": "application/gml+xml; version=3.2", "encoding": "base64"}""", "base64")]
    [InlineData("""{"value": "e30=", "mediaType": "application/octet-stream"}""", "base64")]
    [InlineData("""{"value": "e30=", "mediaType": "application/zip"}""", "base64")]
    [InlineData("""{"value": {"type": "FeatureCollection", "features": []}, "mediaType": "application/json"}""", null)]
    public void A_general_or_wrong_type_is_taken(string value, string? encoding)
    {
        var bound = Bound.Request(_process, $$$"""{"inputs": {"LAYER": {{{value}}} }}""");

        bound.Mistakes.ShouldBeEmpty();
        bound.Request!.Inputs["LAYER"].ShouldHaveSingleItem().Encoding.ShouldBe(encoding);
    }

    [Theory]
    [InlineData("""{"value": "x", "mediaType": "image/x-painting"}""", "media type must be application/geo+json or application/gml+xml; version=3.2 or text/csv or application/zip")]
    [InlineData("""{"href": "http://example.org/a", "type": "image/x-painting"}""", "media type must be ")]
    [InlineData("""{"value": "<gml", "mediaType": "application/gml+xml"}""", "must be well-formed XML")]
    [InlineData("""{"value": "no base64", "mediaType": "application/zip"}""", "must be base64")]
    [InlineData("""{"value": "<gml/>", "mediaType": "application/gml+xml", "encoding": "base64"}""", "must be base64")]
    [InlineData("""{"value": {"type": "Topology"}, "mediaType": "application/geo+json"}""", "must be a GeoJSON feature collection")]
    public void What_is_neither_is_refused(string value, string message) =>
        Bound.Request(_process, $$$"""{"inputs": {"LAYER": {{{value}}} }}""").Mistakes.ShouldHaveSingleItem().ToString().ShouldContain(message);

    [Theory]
    [InlineData("""{"value": "a,b\n1,2", "mediaType": "text/plain"}""")]
    [InlineData("""{"value": "<gml/>", "mediaType": "application/geo+json"}""")]
    [InlineData("""{"value": "{}", "mediaType": "application/gml+xml"}""")]
    public void Where_no_unknown_type_is_taken_the_declared_one_counts(string value) =>
        Bound.Request(Process(Alternatives()), $$$"""{"inputs": {"LAYER": {{{value}}} }}""").Mistakes.ShouldHaveSingleItem();

    private static IEnumerable<JsonObject> Alternatives(params string[] more) =>
    [
        new JsonObject { ["allOf"] = new JsonArray(new JsonObject { ["format"] = "geojson-feature-collection" }) },
        .. new[] { "application/gml+xml; version=3.2", "text/csv" }.Select(type => new JsonObject { ["type"] = "string", ["contentMediaType"] = type }),
        .. more.Prepend("application/zip").Select(type => new JsonObject { ["type"] = "string", ["contentEncoding"] = "binary", ["contentMediaType"] = type }),
    ];

    private static ProcessDescription Process(IEnumerable<JsonObject> alternatives) =>
        Bound.Process(Bound.Input("LAYER", new JsonObject { ["oneOf"] = new JsonArray([.. alternatives]) }.ToJsonString()));
}
