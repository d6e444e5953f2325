using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Execution.Catalogue;

public sealed class InputMappingTests
{
    [Theory]
    [InlineData("number", """{"data_type": 0}""", "5", "5")]
    [InlineData("number", """{"data_type": 0}""", "-1", "-1")]
    [InlineData("number", """{"data_type": 1}""", "0.5", "0.5")]
    [InlineData("number", """{"data_type": 1, "min": 0, "max": 1}""", "1", "1")]
    [InlineData("distance", "{}", "10", "10")]
    [InlineData("boolean", "{}", "false", "false")]
    [InlineData("string", "{}", "\"a\"", "\"a\"")]
    [InlineData("crs", "{}", "\"EPSG:4326\"", "\"EPSG:4326\"")]
    [InlineData("color", "{}", "\"#ff0000\"", "\"#ff0000\"")]
    [InlineData("point", "{}", "\"0.0,0.0\"", "\"0.0,0.0\"")]
    [InlineData("enum", """{"options": ["a", "b"]}""", "1", "1")]
    [InlineData("enum", """{"options": ["a", "b"], "allow_multiple": true}""", "[0,1]", "[0,1]")]
    [InlineData("enum", """{"options": ["a"], "uses_static_strings": true}""", "\"a\"", "\"a\"")]
    [InlineData("band", "{}", "1", "1")]
    [InlineData("field", """{"allow_multiple": true}""", """["a"]""", """["a"]""")]
    [InlineData("matrix", "{}", "[1,2]", "[1,2]")]
    public void A_default_is_told_and_its_input_may_be_left_out(string type, string map, string initial, string told)
    {
        var input = InputMapping.Map(Described.Parameter("A", type, map, initial));

        input.Schema["default"]!.ToJsonString().ShouldBe(told);
        input.MinOccurs.ShouldBe(0);
    }

    [Theory]
    [InlineData("number", """{"data_type": 1, "min": 0.01}""", "1e-05")]
    [InlineData("number", """{"data_type": 1, "max": 1}""", "2")]
    [InlineData("number", """{"data_type": 0}""", "0.5")]
    [InlineData("number", """{"data_type": 0}""", "\"5\"")]
    [InlineData("boolean", "{}", "0")]
    [InlineData("string", "{}", "\"\"")]
    [InlineData("string", "{}", "1")]
    [InlineData("enum", """{"options": ["a", "b"]}""", "2")]
    [InlineData("enum", """{"options": ["a", "b"]}""", "-1")]
    [InlineData("enum", """{"options": ["a", "b"], "allow_multiple": true}""", "[0,2]")]
    [InlineData("enum", """{"options": ["a", "b"], "allow_multiple": true}""", "0")]
    [InlineData("enum", """{"options": ["a"], "uses_static_strings": true}""", "0")]
    [InlineData("band", "{}", "0")]
    [InlineData("field", """{"allow_multiple": true}""", "[]")]
    [InlineData("source", "{}", "\"/etc/a.shp\"")]
    [InlineData("file", "{}", "\"/etc/passwd\"")]
    public void A_default_that_would_be_refused_is_left_out_and_its_input_is_needed(string type, string map, string initial)
    {
        var input = InputMapping.Map(Described.Parameter("A", type, map, initial));

        input.Schema.ContainsKey("default").ShouldBeFalse();
        input.MinOccurs.ShouldBe(1);
    }

    [Fact]
    public void What_takes_the_CRS_of_a_project_may_be_left_out_and_says_what_is_needed_then()
    {
        var input = InputMapping.Map(Described.Parameter("A", "crs", "{}", "\"ProjectCrs\""));

        input.Schema.ContainsKey("default").ShouldBeFalse();
        input.MinOccurs.ShouldBe(0);
        input.Description!.ShouldContain("qgis:projectCrs");
    }

    [Fact]
    public void An_optional_parameter_may_be_left_out() =>
        InputMapping.Map(Described.Parameter("A", "source") with { Optional = true }).MinOccurs.ShouldBe(0);

    [Theory]
    [InlineData("{}", false, 1)]
    [InlineData("""{"min_inputs": 0}""", false, 1)]
    [InlineData("""{"min_inputs": 2}""", false, 2)]
    [InlineData("""{"min_inputs": 2}""", true, 0)]
    public void Several_layers_are_several_values(string map, bool optional, int least)
    {
        var input = InputMapping.Map(Described.Parameter("A", "multilayer", map) with { Optional = optional });

        (input.MinOccurs, input.MaxOccurs).ShouldBe((least, InputDescription.Unbounded));
    }

    [Fact]
    public void Any_other_input_is_one_value() => InputMapping.Map(Described.Parameter("A", "matrix")).MaxOccurs.ShouldBe(1);

    [Theory]
    [InlineData("Input layer", "Input layer")]
    [InlineData("", "A")]
    [InlineData(null, "A")]
    public void The_title_is_QGISs_description_or_the_name(string? description, string title) =>
        InputMapping.Map(Described.Parameter("A", "source") with { Description = description }).Title.ShouldBe(title);

    [Theory]
    [InlineData(null, null, "0 = Round, 1 = Flat")]
    [InlineData("<b>End</b> of lines", null, "End of lines (0 = Round, 1 = Flat)")]
    [InlineData("End of lines", "\"uses_static_strings\": true,", "End of lines")]
    public void The_options_of_a_choice_are_told_in_words(string? help, string? more, string description) =>
        InputMapping.Map(Described.Parameter("A", "enum", $$"""{{{more}} "options": ["Round", "Flat"]}""") with { Help = help }).Description.ShouldBe(description);

    [Fact]
    public void Facts_say_what_a_form_needs()
    {
        InputMapping.Map(Described.Parameter("A", "field", """{"parent_layer": "INPUT"}""") with { Advanced = true, Hidden = true }).Facts.ShouldBe(
            new Dictionary<string, string> { ["qgis:type"] = "field", ["qgis:parentLayer"] = "INPUT", ["qgis:advanced"] = "true", ["qgis:hidden"] = "true" },
            ignoreOrder: true);
        InputMapping.Map(Described.Parameter("A", "source", """{"data_types": [1, 2, -1]}""")).Facts["qgis:geometryTypes"].ShouldBe("line, polygon");
        InputMapping.Map(Described.Parameter("A", "multilayer", """{"layer_type": 0}""")).Facts["qgis:geometryTypes"].ShouldBe("point");
        InputMapping.Map(Described.Parameter("A", "source", """{"data_types": [-1]}""")).Facts.ShouldNotContainKey("qgis:geometryTypes");
    }

    [Theory]
    [InlineData("layout", "layout")]
    [InlineData("layoutitem", "layout")]
    [InlineData("maptheme", "theme")]
    [InlineData("providerconnection", "connection")]
    [InlineData("databaseschema", "connection")]
    [InlineData("databasetable", "connection")]
    [InlineData("authcfg", "connection")]
    [InlineData("pointcloud", "pointcloud")]
    public void A_type_that_can_not_work_on_a_server_says_why(string type, string word) =>
        InputMapping.Reason(Described.Parameter("THAT", type)).ShouldNotBeNull().ShouldSatisfyAllConditions(
            reason => reason.ShouldContain("THAT"),
            reason => reason.ShouldContain(word));

    [Fact]
    public void A_type_that_works_has_no_such_reason()
    {
        InputMapping.Reason(Described.Parameter("A", "source")).ShouldBeNull();
        InputMapping.Reason(Described.Destination("A", "pointCloudDestination")).ShouldBeNull();
    }
}
