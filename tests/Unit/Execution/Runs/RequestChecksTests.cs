using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Adapters.Execution.Policy;
using GeoWps.Adapters.Execution.Runs;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Execution.Runs;

public sealed class RequestChecksTests
{
    private readonly FakeWorkers _workers = new();

    [Theory]
    [InlineData("crs", "\"EPSG:3857\"", "crs", "EPSG:3857")]
    [InlineData("extent", """{"bbox": [1, 2, 3, 4], "crs": "EPSG:9999"}""", "crs", "EPSG:9999")]
    [InlineData("expression", "\"pop > 5\"", "expression", "pop > 5")]
    public async Task What_only_QGIS_can_tell_is_asked(string type, string json, string kind, string text)
    {
        _workers.OnCheck = items => [new Mistake(items[0].Input, "no")];

        var mistakes = await CheckAsync(Described.Parameter("A", type), json);

        mistakes.ShouldBe([new Mistake("A", "no")]);
        _workers.Asked.ShouldBe([(new CheckItem("A", kind, text), false)]);
    }

    [Fact]
    public async Task The_CRS_of_the_project_is_asked_for_too()
    {
        await CheckAsync(Described.Parameter("A", "string"), "\"a\"", "qgis:projectCrs", "\"EPSG:9999\"");

        _workers.Asked.ShouldBe([(new CheckItem("qgis:projectCrs", "crs", "EPSG:9999"), false)]);
    }

    [Fact]
    public async Task Aggregates_hold_expressions_at_any_depth()
    {
        await CheckAsync(
            Described.Parameter("A", "aggregates"),
            """[{"input": "a", "aggregate": "sum", "name": "b"}, {"deep": [{"expression": "c"}]}, {"input": 1}]""");

        _workers.Asked.Select(asked => asked.Item).ShouldBe([new CheckItem("A", "expression", "a"), new CheckItem("A", "expression", "c")]);
    }

    [Fact]
    public async Task A_mapping_of_fields_holds_expressions()
    {
        await CheckAsync(Described.Parameter("A", "fields_mapping"), """[{"expression": "a", "name": "b", "type": 4}]""");

        _workers.Asked.Select(asked => asked.Item).ShouldBe([new CheckItem("A", "expression", "a")]);
    }

    [Fact]
    public async Task A_structure_holds_expressions_but_its_data_does_not()
    {
        await CheckAsync(
            Described.Parameter("A", "vectortilewriterlayers"),
            """[{"layer": {"type": "FeatureCollection", "features": [{"properties": {"expression": "no"}}]}, "filterExpression": "a"}]""");

        _workers.Asked.Select(asked => asked.Item).ShouldBe([new CheckItem("A", "expression", "a")]);
    }

    [Theory]
    [InlineData("""{"value": "a", "encoding": "zip"}""")]
    [InlineData("""{"value": "/etc/passwd"}""")]
    [InlineData("""{"value": "just words"}""")]
    [InlineData("""{"href": "http://example.org/a.gpkg#subset=1"}""")]
    public async Task A_layer_in_a_structure_is_looked_at_like_any_other(string layer) =>
        (await CheckAsync(Described.Parameter("A", "vectortilewriterlayers"), $$$"""[{"layer": {"type": "FeatureCollection", "features": []}}, {"layer": {{{layer}}} }]"""))
            .ShouldHaveSingleItem().Place.ShouldBe("A[1].layer");

    [Theory]
    [InlineData("extent", "\"/etc/passwd\"")]
    [InlineData("point", "\"a.shp\"")]
    [InlineData("geometry", "\"PG:dbname=a\"")]
    [InlineData("crs", "\"+proj=longlat +nadgrids=a\"")]
    [InlineData("coordinateoperation", "\"+proj=hgridshift +grids=a\"")]
    [InlineData("number", """{"type": "data-defined", "expression": "1"}""")]
    public async Task What_strangers_may_not_say_is_refused_without_asking(string type, string json)
    {
        var mistakes = await CheckAsync(Described.Parameter("A", type), json);

        mistakes.ShouldHaveSingleItem().Place.ShouldBe("A");
        _workers.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("source")]
    [InlineData("raster")]
    [InlineData("file")]
    [InlineData("multilayer")]
    public async Task A_source_in_place_of_data_is_refused_whoever_sends_it(string type)
    {
        foreach (var trusted in new[] { false, true })
        {
            (await CheckAsync(trusted, Described.Parameter("A", type), ("A", StagingBench.Text("/etc/passwd")))).ShouldHaveSingleItem().Place.ShouldBe("A");
        }

        _workers.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_mistake_in_one_of_several_values_says_in_which()
    {
        var request = new InputValue[] { StagingBench.Inline("""{"type": "FeatureCollection", "features": []}"""), StagingBench.Text("/etc/passwd") };

        (await CheckAsync(trusted: false, Described.Parameter("A", "multilayer"), ("A", request))).ShouldHaveSingleItem().Place.ShouldBe("A[1]");
    }

    [Fact]
    public async Task What_takes_the_CRS_of_the_project_needs_one_of_the_two()
    {
        var parameter = Described.Parameter("A", "crs", initial: "\"ProjectCrs\"");

        (await CheckAsync(trusted: false, parameter, Array.Empty<(string, InputValue)>())).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            mistake => mistake.Place.ShouldBe("A"),
            mistake => mistake.Message.ShouldContain("qgis:projectCrs"));
        (await CheckAsync(parameter, "\"EPSG:4326\"")).ShouldBeEmpty();
        (await CheckAsync(trusted: false, parameter, ("qgis:projectCrs", StagingBench.Text("EPSG:4326")))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Trusted_callers_may_name_grids_and_QGIS_is_told()
    {
        const string Crs = "+proj=longlat +nadgrids=a";

        (await CheckAsync(trusted: true, Described.Parameter("A", "crs"), ("A", StagingBench.Text(Crs)))).ShouldBeEmpty();
        _workers.Asked.ShouldBe([(new CheckItem("A", "crs", Crs), true)]);
    }

    [Fact]
    public async Task Trusted_callers_get_no_source_for_a_place_either() =>
        (await CheckAsync(trusted: true, Described.Parameter("A", "extent"), ("A", StagingBench.Text("/etc/passwd")))).ShouldHaveSingleItem();

    [Fact]
    public async Task What_lies_elsewhere_is_judged_when_it_is_there()
    {
        (await CheckAsync(trusted: false, Described.Parameter("A", "expression"), ("A", StagingBench.Link("http://example.org/a")))).ShouldBeEmpty();
        (await CheckAsync(Described.Parameter("A", "expression"), """{"$attachment": 0}""")).ShouldBeEmpty();
        _workers.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_is_refused_because_QGIS_is_just_starting()
    {
        _workers.Ready = new TaskCompletionSource().Task;

        (await CheckAsync(Described.Parameter("A", "expression"), "\"a\"")).ShouldBeEmpty();
        _workers.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_is_refused_because_QGIS_does_not_answer()
    {
        _workers.OnCheck = _ => throw new TimeoutException();

        (await CheckAsync(Described.Parameter("A", "expression"), "\"a\"")).ShouldBeEmpty();
        _workers.Asked.Count.ShouldBe(1);
    }

    private Task<IReadOnlyList<Mistake>> CheckAsync(ParameterDescriptor parameter, string json) =>
        CheckAsync(trusted: false, parameter, (parameter.Name, StagingBench.Inline(json)));

    private Task<IReadOnlyList<Mistake>> CheckAsync(ParameterDescriptor parameter, string json, string other, string otherJson) =>
        CheckAsync(trusted: false, parameter, (parameter.Name, StagingBench.Inline(json)), (other, StagingBench.Inline(otherJson)));

    private Task<IReadOnlyList<Mistake>> CheckAsync(bool trusted, ParameterDescriptor parameter, params (string Id, InputValue Value)[] inputs) =>
        CheckAsync(trusted, parameter, [.. inputs.Select(input => (input.Id, new[] { input.Value }))]);

    private async Task<IReadOnlyList<Mistake>> CheckAsync(bool trusted, ParameterDescriptor parameter, params (string Id, InputValue[] Values)[] inputs)
    {
        var process = new ProcessMapping(new AlgorithmPolicy(trustsCallers: true, []), "3").Map(Described.Algorithm("native:a", parameter)).Process.ShouldNotBeNull();
        var checks = new RequestChecks(_workers, Options.Create(new SecurityOptions { TrustCallers = trusted }), NullLogger<RequestChecks>.Instance);
        var request = new ExecuteRequest { Inputs = inputs.ToDictionary(input => input.Id, input => (IReadOnlyList<InputValue>)input.Values) };
        return await checks.CheckAsync(process, request, CancellationToken.None);
    }
}
