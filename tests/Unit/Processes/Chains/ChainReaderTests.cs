using System.Text.Json;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using static GeoWps.Tests.Unit.Processes.Chains.Tools;

namespace GeoWps.Tests.Unit.Processes.Chains;

public sealed class ChainReaderTests
{
    private const string Point = """{"type": "FeatureCollection", "features": []}""";

    [Fact]
    public void A_request_without_steps_is_one_step()
    {
        var step = Good(BufferTool, $$$$"""{"inputs": {"INPUT": {{{{Point}}}}}, "outputs": {"OUTPUT": {}}, "response": "document", "subscriber": {"successUri": "http://a/"}}""").Steps.ShouldHaveSingleItem();

        (step.Place, step.Process).ShouldBe(("", BufferTool));
        step.Json.GetRawText().ShouldBe("""{"inputs":{"INPUT":{"type":"FeatureCollection","features":[]}},"outputs":{"OUTPUT":{}},"response":"document"}""", "the callback is the whole's");
    }

    [Fact]
    public void Steps_come_after_those_that_they_need_at_any_depth() => Steps(
        BufferTool,
        """{"inputs": {"INPUT": {"process": "native:buffer", "inputs": {"INPUT": {"process": "native:merge", "inputs": {"LAYERS": [{"process": "native:buffer", "inputs": {}}, {"href": "http://a/b"}]}}}}}}""").ShouldBe(
    [
        "INPUT.inputs.INPUT.inputs.LAYERS[0]: native:buffer after",
        "INPUT.inputs.INPUT: native:merge after 0",
        "INPUT: native:buffer after 1",
        ": native:buffer after 2",
    ]);

    [Fact]
    public void In_place_of_a_step_stands_a_reference_to_its_result()
    {
        var chain = Good(BufferTool, """{"inputs": {"INPUT": {"process": "native:buffer", "inputs": {"DISTANCE": 1.50}}, "DISTANCE": {"process": "native:statistics"}}}""");

        chain.Steps[0].Json.GetRawText().ShouldBe("""{"inputs":{"DISTANCE":1.50},"outputs":{"OUTPUT":{"mediaType":"application/geo+json","quick":true}}}""");
        chain.Steps[1].Json.GetRawText().ShouldBe("""{"inputs":{},"outputs":{"MEAN":{}}}""", "the first output");
        chain.Outermost.Json.GetRawText().ShouldBe(
            $$$$"""{"inputs":{"INPUT":{"href":"{{{{Bound.Base}}}}jobs/{{{{chain.Steps[0].JobId}}}}/results/OUTPUT"},"DISTANCE":{"href":"{{{{Bound.Base}}}}jobs/{{{{chain.Steps[1].JobId}}}}/results/MEAN"}}}""");
    }

    [Theory]
    [InlineData("native:buffer")]
    [InlineData("http://localhost:8080/processes/native:buffer")]
    [InlineData("http://localhost:8080/processes/native%3Abuffer")]
    [InlineData("HTTP://LOCALHOST:8080/processes/native:buffer/execution")]
    [InlineData("./native:buffer")]
    [InlineData("../processes/native:buffer")]
    [InlineData("/processes/native:buffer/")]
    [InlineData("alias")]
    public void A_process_is_named_by_id_address_or_relative_address(string process) =>
        Good(Slope, $$$$"""{"inputs": {"OTHER": {"process": "{{{{process}}}}"}}}""").Steps[0].Process.ShouldBe(BufferTool);

    [Theory]
    [InlineData("native:bufer", "INPUT.process: there is no process native:bufer; did you mean native:buffer? (Step)")]
    [InlineData("http://other.example.org/processes/native:buffer", "INPUT.process: only processes of this server can be steps (other.example.org is another) (Chaining)")]
    [InlineData("http://localhost:8080/elsewhere", "INPUT.process: only processes of this server can be steps (localhost is another) (Chaining)")]
    [InlineData("", "INPUT.process: must be the id or the address of a process (Step)")]
    public void What_is_no_process_of_this_server_is_refused(string process, string mistake) =>
        Mistakes(BufferTool, """{"inputs": {"INPUT": {"process": "PROCESS", "inputs": {"INPUT": 5}}}}""".Replace("PROCESS", process, StringComparison.Ordinal)).ShouldBe([mistake]);

    [Fact]
    public void The_same_execution_runs_once_also_for_two_of_its_outputs()
    {
        const string Once = """{"process": "native:buffer", "inputs": {"DISTANCE": 1}}""";
        const string Spaced = """{ "process":"./native:buffer", "inputs": { "DISTANCE":1 }, "outputs": {"OUTPUT": {}} }""";
        Steps(Merge, $$$$"""{"inputs": {"LAYERS": [{{{{Once}}}}, {{{{Spaced}}}}, {"process": "native:buffer", "inputs": {"DISTANCE": 2}}]}}""").ShouldBe(
            ["LAYERS[0]: native:buffer after", "LAYERS[2]: native:buffer after", ": native:merge after 0,1"]);

        var statistics = Good(BufferTool, """{"inputs": {"DISTANCE": {"process": "native:statistics"}, "X": {"process": "native:statistics", "outputs": {"FLAG": {}}}}}""");
        statistics.Steps.Count.ShouldBe(2);
        statistics.Steps[0].Json.GetProperty("outputs").EnumerateObject().Select(output => output.Name).ShouldBe(["MEAN", "FLAG"]);
    }

    [Fact]
    public void One_output_in_two_forms_is_two_executions()
    {
        const string Csv = """{"process": "native:buffer", "outputs": {"OUTPUT": {"format": {"mediaType": "text/csv"}}}}""";
        var chain = Good(Merge, $$$$"""{"inputs": {"LAYERS": [{"process": "native:buffer"}, {{{{Csv}}}}]}}""");

        chain.Steps.Count.ShouldBe(3);
        chain.Steps[1].Json.GetProperty("outputs").GetRawText().ShouldBe("""{"OUTPUT":{"mediaType":"text/csv"}}""");
        chain.Outermost.Json.GetProperty("inputs").GetProperty("LAYERS")[1].GetProperty("type").GetString().ShouldBe("text/csv");
    }

    [Fact]
    public void Layers_inside_of_structures_and_qualified_values_may_be_executions()
    {
        Steps(Tin, """{"inputs": {"DATA": [{"layer": {"process": "native:buffer"}, "type": 0}, {"layer": {"href": "http://a/b"}}]}}""").ShouldBe(
            ["DATA[0].layer: native:buffer after", ": native:tin after 0"]);

        var qualified = Good(BufferTool, """{"inputs": {"INPUT": {"value": {"process": "native:buffer"}, "mediaType": "application/json"}}}""");
        qualified.Outermost.Json.GetProperty("inputs").GetProperty("INPUT").EnumerateObject().Select(member => member.Name).ShouldBe(["href"]);
    }

    [Theory]
    [InlineData("""{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null, "properties": {"process": "native:buffer"}}]}""")]
    [InlineData("""{"value": {"process": "native:buffer", "id": 7}}""")]
    [InlineData("""{"value": "{\"process\": \"native:buffer\"}"}""")]
    [InlineData("""{"process": 5}""")]
    public void Data_that_speaks_of_processes_is_data(string value) => Steps(BufferTool, $$$$"""{"inputs": {"INPUT": {{{{value}}}}}}""").ShouldBe([": native:buffer after"]);

    [Fact]
    public void Every_mistake_is_told_with_its_place() => Mistakes(
        Merge,
        """
        {"inputs": {"LAYERS": [
            {"process": "native:buffer", "outputs": {"OUTPU": {}}},
            {"process": "native:statistics", "outputs": {"MEAN": {}, "FLAG": {}}},
            {"process": "native:buffer", "subscriber": {}, "filter": "a > 1", "input": {}},
            {"process": "native:buffer", "outputs": {"OUTPUT": {"format": {"mediaType": "image/png"}}}},
            {"process": "native:buffer", "inputs": {"INPUT": {"process": "native:slope"}}}]}}
        """).ShouldBe(
    [
        "LAYERS[0].outputs.OUTPU: there is no such output; did you mean OUTPUT? (Step)",
        "LAYERS[1].outputs: exactly one output must be selected (Step)",
        "LAYERS[2].subscriber: only the whole request has a subscriber (Step)",
        "LAYERS[2].filter: can't be applied to the result of a process: use a process that does it (Step)",
        "LAYERS[2].input: an execution has the members process, inputs and outputs (Step)",
        "LAYERS[3].outputs.OUTPUT: media type must be application/geo+json or application/geopackage+sqlite3 or application/flatgeobuf or text/csv (got image/png) (Step)",
        "LAYERS[4].inputs.INPUT: OUTPUT of native:slope gives image/tiff; application=geotiff or image/png, and this input takes application/geo+json or text/csv or application/geopackage+sqlite3 or 2 others (Chaining)",
    ]);

    [Fact]
    public void Depth_and_number_have_limits()
    {
        var deep = Enumerable.Range(0, 3).Aggregate("5", (inner, _) => $$$$"""{"process": "native:buffer", "inputs": {"INPUT": {{{{inner}}}}}}""");
        Read(BufferTool, $$$$"""{"inputs": {"INPUT": {{{{deep}}}}}}""", limits => limits.MaxChainDepth = 3).Mistakes.ShouldBeEmpty();
        Read(BufferTool, $$$$"""{"inputs": {"INPUT": {{{{deep}}}}}}""", limits => limits.MaxChainDepth = 2).Mistakes.ShouldHaveSingleItem().ToString()
            .ShouldBe("INPUT.inputs.INPUT.inputs.INPUT: executions may be nested 2 deep");

        var many = string.Join(',', Enumerable.Range(0, 4).Select(i => $$$$"""{"process": "native:buffer", "inputs": {"DISTANCE": {{{{i}}}}}}"""));
        Read(Merge, $$$$"""{"inputs": {"LAYERS": [{{{{many}}}}]}}""", limits => limits.MaxChainSteps = 5).Mistakes.ShouldBeEmpty();
        Read(Merge, $$$$"""{"inputs": {"LAYERS": [{{{{many}}}}]}}""", limits => limits.MaxChainSteps = 4).Mistakes.ShouldHaveSingleItem().ToString()
            .ShouldBe("a request may have 4 executions");
    }

    [Fact]
    public void Parts_moved_out_of_the_request_stay_where_they_are()
    {
        var chain = Good(BufferTool, """{"inputs": {"INPUT": {"process": "native:buffer", "inputs": {"INPUT": {"type": "FeatureCollection", "features": {"$attachment": 0}}}}}}""");

        chain.Steps[0].Json.GetProperty("inputs").GetProperty("INPUT").GetProperty("features").GetRawText().ShouldBe("""{"$attachment":0}""");
    }

    [Fact]
    public void Results_of_jobs_outside_are_awaited_and_steps_are_not()
    {
        var job = JobId.New(DateTimeOffset.UnixEpoch);
        var chain = Good(Merge, $$$$"""{"inputs": {"LAYERS": [{"process": "native:buffer", "inputs": {"INPUT": {"href": "{{{{OwnResults.AddressOf(Bound.Base, job, "A")}}}}"}}}, {"href": "\/jobs\/{{{{job}}}}\/results\/B"}]}}""");

        chain.Steps[0].Awaits.ShouldBe([job]);
        chain.Outermost.Awaits.ShouldBe([job]);
    }

    [Theory]
    [InlineData("""{"inputs": {"INPUT": {"process": "x"}}}""", true)]
    [InlineData("""{"inputs": {"INPUT": {"href": "/jobs/1/results/a"}}}""", true)]
    [InlineData("""{"inputs": {"INPUT": "process"}, "outputs": {}}""", true)]
    [InlineData("""{"inputs": {"INPUT": 5}, "outputs": {}}""", false)]
    public void Most_requests_are_passed_over_by_a_look(string json, bool mayHave) =>
        Application.Processes.Chains.ChainReader.MayHaveSteps(JsonElement.Parse(json)).ShouldBe(mayHave);
}
