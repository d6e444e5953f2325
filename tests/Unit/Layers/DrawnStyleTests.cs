using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using GeoWps.Application.Layers;
using GeoWps.Domain.Layers;

namespace GeoWps.Tests.Unit.Layers;

public sealed partial class DrawnStyleTests
{
    [Theory]
    [InlineData("""{"id":"a","type":"fill","filter":["all",["==","n",1],["!in","k","a"]],"paint":{"fill-color":["match",["get","k"],["a","x"],"red","blue"],"fill-opacity":{"stops":[[1,0.5],[2,1]]}}}""", null)]
    [InlineData("""{"id":"a","type":"line","layout":{"visibility":"visible","line-cap":"round"},"paint":{"line-width":["interpolate",["linear"],["zoom"],1,1,9,["get","w"]],"line-dasharray":[2,1]}}""", null)]
    [InlineData("""{"id":"a","type":"symbol","layout":{"text-field":["format",["get","n"],{"font-scale":2}]}}""", null)]
    [InlineData("""{"id":"a","type":"background"}""", "layers[0] (a): layers of the type background are not drawn in map tiles")]
    [InlineData("""{"type":"circle"}""", "layers[0]: a circle is not drawn in map tiles of features that are Polygon")]
    [InlineData("""{"id":"a","type":"fill","paint":{"fill-pattern":"dots"}}""", "layers[0] (a): fill-pattern is not drawn in map tiles")]
    [InlineData("""{"id":"a","type":"symbol","layout":{"icon-image":"dot"}}""", "layers[0] (a): symbols without text are not drawn in map tiles")]
    [InlineData("""{"id":"a","type":"fill","paint":{"fill-color":["case",["within",{}],"red","blue"]}}""", "layers[0] (a): fill-color: the expression within can't be drawn in map tiles")]
    [InlineData("""{"id":"a","type":"fill","filter":["all",["within",{}]]}""", "layers[0] (a): filter: the expression within can't be drawn in map tiles")]
    [InlineData("""{"id":"a","type":"line","paint":{"line-width":["interpolate",["cubic-bezier",0,0,1,1],["zoom"],1,1,9,9]}}""", "layers[0] (a): line-width: to interpolate by cubic-bezier can't be drawn in map tiles")]
    [InlineData("""{"id":"a","type":"line","layout":{"line-cap":["case",true,"round","butt"]}}""", "layers[0] (a): line-cap that depends on something can't be drawn in map tiles")]
    [InlineData("""{"id":"a","type":"fill","paint":{"fill-color":{"property":"n","stops":[[{"zoom":1,"value":2},"red"]]}}}""", "layers[0] (a): fill-color: a function of the zoom and a field can't be drawn in map tiles")]
    [InlineData("""[]""", "layers[0]: layers of the type nothing are not drawn in map tiles")]
    public void What_is_not_drawn_is_said(string layer, string? said) =>
        DrawnStyle.NotDrawn($$"""{"version":8,"layers":[{{layer}}]}""", "Polygon").ShouldBe(said is null ? [] : [said]);

    [Fact]
    public void What_is_said_stands_in_the_layers_document()
    {
        var layer = Some.Layer("a") with { Style = new LayerStyle(StyleKind.MapLibre, """{"version":8,"layers":[{"id":"back","type":"background"}]}""") };

        Document(layer).GetProperty("warnings")[0].GetString().ShouldBe("style: layers[0] (back): layers of the type background are not drawn in map tiles");
        Document(layer with { Style = null }).TryGetProperty("warnings", out _).ShouldBeFalse();
    }

    /// <summary>What the Python half draws is what is not complained of.</summary>
    [Fact]
    public void Both_halves_know_the_same_operators()
    {
        var python = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "python", "geowps_worker", "maplibre_expressions.py"));
        var functions = python[python.IndexOf("_FUNCTIONS = {", StringComparison.Ordinal)..python.IndexOf("OPERATORS: dict", StringComparison.Ordinal)];
        var operators = python[python.IndexOf("OPERATORS: dict", StringComparison.Ordinal)..python.IndexOf("def _is_expression", StringComparison.Ordinal)];

        Name().Matches(functions + operators).Select(match => match.Groups[1].Value).ShouldBe(DrawnStyle.Operators, ignoreOrder: true);
    }

    private static JsonElement Document(Layer layer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            LayerDocument.WriteMembers(json, layer);
            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    [GeneratedRegex("'([^']+)':")]
    private static partial Regex Name();
}
