using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Conformance;

/// <summary>
/// OGC API - Processes - Part 3 (OGC 21-009, draft), class "Nested Processes". The draft has no abstract tests yet; these are its requirements, one by one.
/// No QGIS is needed.
/// </summary>
public sealed class NestedProcessesTests : IAsyncLifetime
{
    private const string Class = "http://www.opengis.net/spec/ogcapi-processes-3/0.0/conf/nested-processes";
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync("--Python:Execution", "None", "--Limits:MaxChainDepth", "3");

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    [Trait("ATS", "/conf/nested-processes")]
    public async Task The_class_is_declared()
    {
        var declared = JsonElement.Parse(await _server.Client.GetStringAsync(new Uri("conformance", UriKind.Relative)));

        declared.GetProperty("conformsTo").EnumerateArray().Select(one => one.GetString()).ShouldContain(Class);
    }

    [Theory]
    [Trait("ATS", "/conf/nested-processes/referenced-process")]
    [InlineData("echo")]
    [InlineData("{base}processes/echo")]
    [InlineData("{base}processes/echo/execution")]
    [InlineData("./echo")]
    [InlineData("../processes/echo")]
    public async Task A_process_is_referred_to_by_its_address_or_relative_to_its_parent(string process)
    {
        var (status, json) = await ExecuteAsync(Nested(process.Replace("{base}", _server.Address.ToString(), StringComparison.Ordinal), """{"literalInput": "x"}"""));

        status.ShouldBe(200, json.GetRawText());
        json.GetProperty("literalOutput").GetString().ShouldBe("x");
    }

    [Theory]
    [Trait("ATS", "/conf/nested-processes/process-execution")]
    [InlineData("""{"literalOutput": {}}""", "x")]
    [InlineData("""{"numberOutput": {}}""", "5.50")]
    [InlineData(null, "x")]
    public async Task The_selected_output_is_the_input_else_the_first(string? outputs, string expected)
    {
        var (status, json) = await ExecuteAsync(Nested("echo", """{"numberInput": 5.50, "literalInput": "x"}""", outputs));

        status.ShouldBe(200, json.GetRawText());
        json.GetProperty("literalOutput").GetString().ShouldBe(expected);
    }

    [Fact]
    [Trait("ATS", "/conf/nested-processes/process-execution")]
    public async Task Executions_are_nested_in_each_other()
    {
        var request = Nested("echo", Nested("echo", Nested("echo", """{"literalInput": "x"}"""), "null", inputsOnly: true), "null");

        var (status, json) = await ExecuteAsync(request);

        status.ShouldBe(200, json.GetRawText());
        json.GetProperty("literalOutput").GetString().ShouldBe("x");
    }

    [Theory]
    [Trait("ATS", "/conf/nested-processes/response-workflow-errors")]
    [InlineData("nothing", """{"literalInput": "x"}""", null, 422, "literalInput.process")]
    [InlineData("echo", """{"literalInput": 5}""", null, 422, "literalInput.inputs.literalInput")]
    [InlineData("echo", """{"literalInput": "x"}""", """{"literalOutput": {}, "numberOutput": {}}""", 422, "literalInput.outputs")]
    [InlineData("http://192.0.2.1/processes/echo", """{"literalInput": "x"}""", null, 424, "literalInput.process")]
    [InlineData("echo", """{"literalInput": "x"}""", """{"imageOutput": {}}""", 424, "literalInput")]
    public async Task What_is_wrong_with_a_chain_is_a_problem_of_its_own_type(string process, string inputs, string? outputs, int expected, string place)
    {
        var (status, json) = await ExecuteAsync(Nested(process, inputs, outputs));

        status.ShouldBe(expected, json.GetRawText());
        json.GetProperty("type").GetString().ShouldBe("https://www.opengis.net/def/exceptions/ogcapi-processes-3/0.0/workflow-error");
        json.GetProperty("detail").GetString()!.ShouldStartWith(place + ": ");
    }

    [Fact]
    [Trait("ATS", "/conf/nested-processes/response-workflow-errors")]
    public async Task Deeper_than_allowed_is_such_a_problem_too()
    {
        var request = Enumerable.Range(0, 4).Aggregate("\"x\"", (inner, _) => "{\"process\": \"echo\", \"inputs\": {\"literalInput\": " + inner + "}}");

        var (status, json) = await ExecuteAsync("{\"inputs\": {\"literalInput\": " + request + "}}");

        status.ShouldBe(422);
        json.GetProperty("detail").GetString().ShouldBe("literalInput.inputs.literalInput.inputs.literalInput.inputs.literalInput: executions may be nested 3 deep");
    }

    /// <param name="outputs">JSON; <see langword="null"/> or <c>null</c>: none.</param>
    /// <param name="inputsOnly">The inputs of a step instead of a request.</param>
    private static string Nested(string process, string inputs, string? outputs = null, bool inputsOnly = false)
    {
        var step = "{\"process\": \"" + process + "\", \"inputs\": " + (inputs.Contains("\"response\"", StringComparison.Ordinal) ? "{\"literalInput\": \"x\"}" : inputs)
            + (outputs is null or "null" ? "" : ", \"outputs\": " + outputs) + "}";
        return inputsOnly ? "{\"literalInput\": " + step + "}" : "{\"inputs\": {\"literalInput\": " + step + "}, \"response\": \"document\"}";
    }

    private async Task<(int Status, JsonElement Json)> ExecuteAsync(string request)
    {
        using var content = new StringContent(request, System.Text.Encoding.UTF8, "application/json");
        using var answer = await _server.Client.PostAsync(new Uri("processes/echo/execution", UriKind.Relative), content);
        return ((int)answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()));
    }
}
