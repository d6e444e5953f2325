using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Adapters.Execution.Policy;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Execution.Catalogue;

public sealed class ProcessMappingTests
{
    private static readonly string[] _context = ["qgis:ellipsoid", "qgis:projectCrs", "qgis:invalidFeatures"];

    private static readonly AlgorithmDescriptor _buffer = Described.Algorithm(
        "native:buffer",
        Described.Parameter("INPUT", "source"),
        Described.Parameter("EXTRA", "string") with { Optional = true },
        Described.Parameter("DISTANCE", "distance", initial: "10"),
        Described.Destination("OUTPUT", "sink", "gpkg")) with
    {
        Title = "Buffer",
        Group = "Vector geometry",
        Help = "<p>A <i>buffer</i>.</p>",
        Keywords = ["grow", "", "Grow", "vector geometry"],
    };

    [Fact]
    public void A_process_has_the_inputs_of_its_algorithm_and_those_of_QGISs_surroundings()
    {
        var process = Map(_buffer).ShouldNotBeNull();

        process.Id.ShouldBe("native:buffer");
        process.Inputs.Select(input => input.Id).ShouldBe(["INPUT", "DISTANCE", .. _context]);
        process.Outputs.Select(output => output.Id).ShouldBe(["OUTPUT"]);
    }

    [Fact]
    public void Trusted_callers_get_the_rest_too() =>
        Map(_buffer, trusted: true).ShouldNotBeNull().Inputs.Select(input => input.Id).ShouldBe(["INPUT", "EXTRA", "DISTANCE", .. _context, "qgis:project"]);

    [Fact]
    public void What_QGIS_says_about_itself_is_told()
    {
        var process = Map(_buffer).ShouldNotBeNull();

        (process.Title, process.Description, process.Version).ShouldBe(("Buffer", "A buffer.", "3.22.16"));
        process.Keywords.ShouldBe(["grow", "vector geometry"]);
        process.Facts.ShouldBe(new Dictionary<string, string> { ["qgis:provider"] = "native", ["qgis:group"] = "Vector geometry" }, ignoreOrder: true);
    }

    [Fact]
    public void What_QGIS_does_not_say_is_filled_in()
    {
        var process = Map(_buffer with { Title = " ", Group = null, Help = "", Keywords = [], Flags = Described.Plain with { Deprecated = true } }).ShouldNotBeNull();

        (process.Title, process.Description).ShouldBe(("native:buffer", "native:buffer"));
        process.Facts.ShouldBe(new Dictionary<string, string> { ["qgis:provider"] = "native", ["deprecated"] = "true" }, ignoreOrder: true);
    }

    [Fact]
    public void The_version_of_a_model_changes_with_its_file()
    {
        var model = _buffer with { Id = "model:a", Provider = "model", Digest = "9f86d081884c7d659a2feaa0c55ad015" };

        Map(model).ShouldNotBeNull().Version.ShouldBe("3.22.16-9f86d081884c");
        Map(model with { Digest = "a" }).ShouldNotBeNull().Version.ShouldBe("3.22.16");
    }

    [Fact]
    public void The_inputs_of_the_surroundings_may_be_left_out() =>
        ContextInputs.All(trusted: true).ShouldAllBe(input => input.MinOccurs == 0 && ContextInputs.IsOne(input.Id));

    [Fact]
    public void An_algorithm_that_needs_what_can_not_be_given_is_left_out_as_a_whole()
    {
        var (process, reason) = Mapping().Map(Described.Algorithm("native:a", Described.Parameter("INPUT", "source"), Described.Parameter("LAYOUT", "layout")));

        process.ShouldBeNull();
        reason.ShouldNotBeNull().ShouldContain("LAYOUT");
    }

    [Fact]
    public void What_can_not_be_given_and_need_not_be_is_left_out_alone()
    {
        var algorithm = Described.Algorithm("native:a", Described.Parameter("INPUT", "source"), Described.Parameter("CLOUD", "pointcloud") with { Optional = true });

        Map(algorithm).ShouldNotBeNull().Inputs.Select(input => input.Id).ShouldBe(["INPUT", .. _context]);
    }

    [Fact]
    public void An_algorithm_without_a_result_is_left_out()
    {
        var (process, reason) = Mapping().Map(_buffer with { Outputs = [] });

        process.ShouldBeNull();
        reason.ShouldNotBeNull().ShouldContain("no output");
    }

    [Fact]
    public void What_the_policy_refuses_is_left_out_with_its_reason()
    {
        var (process, reason) = Mapping().Map(Described.Algorithm("gdal:executesql"));

        process.ShouldBeNull();
        reason.ShouldBe(OffByDefault.Reason("gdal:executesql"));
    }

    private static ProcessDescription? Map(AlgorithmDescriptor algorithm, bool trusted = false) => Mapping(trusted).Map(algorithm).Process?.Description;

    private static ProcessMapping Mapping(bool trusted = false) => new(new AlgorithmPolicy(trusted, []), "3.22.16");
}
