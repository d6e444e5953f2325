using GeoWps.Adapters.Execution.Runs;

namespace GeoWps.Tests.Unit.Execution.Runs;

public sealed class ParameterKindTests
{
    [Theory]
    [InlineData("source", "{}", nameof(ParameterKind.Layer), "vector")]
    [InlineData("vector", "{}", nameof(ParameterKind.Layer), "vector")]
    [InlineData("raster", "{}", nameof(ParameterKind.Layer), "raster")]
    [InlineData("mesh", "{}", nameof(ParameterKind.Layer), "mesh")]
    [InlineData("layer", "{}", nameof(ParameterKind.Layer), "any")]
    [InlineData("multilayer", "{}", nameof(ParameterKind.Layers), "vector")]
    [InlineData("multilayer", """{"layer_type": -1}""", nameof(ParameterKind.Layers), "vector")]
    [InlineData("multilayer", """{"layer_type": 2}""", nameof(ParameterKind.Layers), "vector")]
    [InlineData("multilayer", """{"layer_type": 3}""", nameof(ParameterKind.Layers), "raster")]
    [InlineData("multilayer", """{"layer_type": -2}""", nameof(ParameterKind.Layers), "any")]
    public void A_layer_is_opened_as_what_is_wanted(string type, string map, string kind, string want)
    {
        var parameter = Described.Parameter("A", type, map);

        ParameterKinds.Of(parameter).ToString().ShouldBe(kind);
        ParameterKinds.WantOf(parameter).ShouldBe(want);
    }

    [Theory]
    [InlineData("multilayer", """{"layer_type": 4}""", nameof(ParameterKind.Files))]
    [InlineData("file", "{}", nameof(ParameterKind.File))]
    [InlineData("file", """{"behavior": 0}""", nameof(ParameterKind.File))]
    [InlineData("file", """{"behavior": 1}""", nameof(ParameterKind.Folder))]
    [InlineData("vectortilewriterlayers", "{}", nameof(ParameterKind.Structure))]
    [InlineData("tininputlayers", "{}", nameof(ParameterKind.Structure))]
    [InlineData("dxflayers", "{}", nameof(ParameterKind.Structure))]
    [InlineData("idw_interpolation_data", "{}", nameof(ParameterKind.Structure))]
    [InlineData("string", "{}", nameof(ParameterKind.Literal))]
    [InlineData("extent", "{}", nameof(ParameterKind.Literal))]
    [InlineData("matrix", "{}", nameof(ParameterKind.Literal))]
    [InlineData("aggregates", "{}", nameof(ParameterKind.Literal))]
    public void Any_other_parameter_has_its_kind(string type, string map, string kind) =>
        ParameterKinds.Of(Described.Parameter("A", type, map)).ToString().ShouldBe(kind);
}
