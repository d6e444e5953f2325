using System.Text.Json.Nodes;
using GeoWps.Application.Processes.Binding;
using GeoWps.Application.Processes.Chains;
using GeoWps.Domain.Processes;
using static GeoWps.Tests.Unit.Processes.Chains.Tools;

namespace GeoWps.Tests.Unit.Processes.Chains;

public sealed class HandOverTests
{
    private static readonly InputDescription Layer = BufferTool.Inputs[0];
    private static readonly InputDescription Raster = Slope.Inputs[0];

    [Fact]
    public void A_layer_goes_in_the_quick_form_where_both_know_it()
    {
        Choose(Vector(VectorTypes), Layer).ShouldBe(new HandOver("application/geo+json", Quick: true));
        Choose(Vector("application/geo+json", "text/csv"), Layer).ShouldBe(new HandOver("application/geo+json"));
        Choose(Vector("application/zip", "text/csv"), Layer).ShouldBe(new HandOver("text/csv"));
        Choose(Slope.Outputs[0], Raster).ShouldBe(new HandOver("image/tiff; application=geotiff"));
    }

    [Fact]
    public void What_the_caller_asks_for_is_kept() =>
        HandOver.Choose(Vector(VectorTypes), "application/geo+json", CompiledInput.Of(Layer)).ShouldBe(new HandOver("application/geo+json"));

    [Fact]
    public void A_container_that_both_know_does_not_make_a_layer_a_raster()
    {
        Choose(Vector(VectorTypes), Raster).Refusal.ShouldNotBeNull();
        Choose(Slope.Outputs[0], Layer).Refusal.ShouldNotBeNull();
        Choose(Vector("application/geopackage+sqlite3"), Raster).Refusal.ShouldBeNull("nobody knows what it holds");
    }

    [Fact]
    public void What_nobody_knows_beforehand_is_judged_when_it_is_there()
    {
        Choose(Vector("application/octet-stream", "text/plain"), Layer).ShouldBe(new HandOver("application/octet-stream"));
        Choose(Vector(VectorTypes), File("text/xml")).ShouldBe(new HandOver("application/geo+json"));
        Choose(Vector(VectorTypes), File("text/csv")).ShouldBe(new HandOver("text/csv"));
    }

    [Theory]
    [InlineData("number", """{"type": "number"}""", true)]
    [InlineData("integer", """{"type": "number"}""", true)]
    [InlineData("number", """{"type": "string"}""", true)]
    [InlineData("string", """{"type": "number"}""", true)]
    [InlineData("boolean", """{"type": "number"}""", false)]
    [InlineData("boolean", """{"oneOf": [{"type": "number"}, {"type": "boolean"}]}""", true)]
    [InlineData("number", """{"type": "string", "contentMediaType": "text/csv"}""", false)]
    [InlineData("string", """{"allOf": [{"format": "ogc-bbox"}, {"$ref": "http://schemas.opengis.net/ogcapi/processes/part1/1.0/openapi/schemas/bbox.yaml"}]}""", false)]
    [InlineData("string", """{"oneOf": [{"allOf": [{"format": "ogc-bbox"}, {"$ref": "http://schemas.opengis.net/ogcapi/processes/part1/1.0/openapi/schemas/bbox.yaml"}]}, {"type": "string"}]}""", true)]
    public void A_plain_value_goes_where_one_may_come(string type, string schema, bool fits) =>
        (Choose(new OutputDescription("V", "V", new JsonObject { ["type"] = type }), Bound.Input("I", schema)).Refusal is null).ShouldBe(fits);

    [Fact]
    public void A_plain_value_is_no_layer_and_a_layer_no_plain_value()
    {
        Choose(Statistics.Outputs[0], Layer).Refusal.ShouldBe("gives a plain value, which this input does not take");
        Choose(Vector(VectorTypes), Bound.Input("I", """{"type": "number"}""")).Refusal.ShouldNotBeNull().ShouldContain("takes a plain value");
        Choose(Vector("text/plain"), Bound.Input("I", """{"type": "number"}""")).ShouldBe(new HandOver("text/plain"));
    }

    private static HandOver Choose(OutputDescription output, InputDescription input) => HandOver.Choose(output, null, CompiledInput.Of(input));

    private static OutputDescription Vector(params string[] types) => new("O", "O", new JsonObject()) { MediaTypes = types };

    private static InputDescription File(string type) => Bound.Input(
        "F",
        $$"""{"oneOf": [{"type": "string", "contentMediaType": "{{type}}"}, {"type": "string", "contentMediaType": "text/plain"}, {"type": "string", "contentEncoding": "binary", "contentMediaType": "application/octet-stream"}]}""");
}
