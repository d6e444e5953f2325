using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>What the draft of version 2.0 (OGC 18-062r3) adds beside 1.0: execution by parameters, and requests that name their process.</summary>
public sealed class DraftTests(BareServer bare) : IClassFixture<BareServer>
{
    private const string Execution = "processes/echo/execution?literalInput=hello";

    [Theory]
    [InlineData("outputs=literalOutput", "hello")]
    [InlineData("literalOutput[include]=true", "hello")]
    [InlineData("numberInput=3.50&outputs=numberOutput", "3.50")]
    [InlineData("booleanInput=1&outputs=booleanOutput", "true")]
    [InlineData("arrayInput=1,2,3&outputs=arrayOutput", "[1,2,3]")]
    [InlineData("arrayInput=[4,5]&outputs=arrayOutput", "[4,5]")]
    [InlineData("complexInput=%3Ca/%3E&outputs=complexOutput", "<a/>")]
    [InlineData("complexInput={\"a\":1}&complexInput[type]=application/json&outputs=complexOutput", "{\"a\":1}")]
    [InlineData("geometryInput={\"type\":\"Point\",\"coordinates\":[1,2]}&outputs=geometryOutput", "{\"type\":\"Point\",\"coordinates\":[1,2]}")]
    public async Task An_execution_by_parameters_gives_the_bare_value(string parameters, string value)
    {
        var (status, body) = await GetAsync($"{Execution}&{parameters}");
        status.ShouldBe(200, body);
        body.ShouldBe(value);
    }

    [Fact]
    public async Task A_document_holds_every_kind_of_value()
    {
        var (status, body) = await GetAsync(
            $"{Execution}&boundingBoxInput=1,2,3,4&boundingBoxInput[crs]=http://www.opengis.net/def/crs/EPSG/0/4326&geometryInput={{\"type\":\"Point\",\"coordinates\":[1,2]}}"
            + "&geometryInput={\"type\":\"Point\",\"coordinates\":[3,4]}&response=document");

        status.ShouldBe(200, body);
        var document = JsonElement.Parse(body);
        document.GetProperty("boundingBoxOutput").GetProperty("bbox").GetRawText().ShouldBe("[1,2,3,4]");
        document.GetProperty("boundingBoxOutput").GetProperty("crs").GetString().ShouldBe("http://www.opengis.net/def/crs/EPSG/0/4326");
        document.GetProperty("geometryOutput").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task An_input_comes_by_reference()
    {
        var address = bare.Files.Put("far.xml", "<far/>"u8.ToArray(), "text/xml");
        (await GetAsync($"{Execution}&complexInput[href]={Uri.EscapeDataString(address)}&complexInput[type]=text/xml&outputs=complexOutput")).Body.ShouldBe("<far/>");
    }

    [Theory]
    [InlineData("nope=1", "nope")]
    [InlineData("numberInput=abc", "numberInput")]
    [InlineData("numberInput=101", "numberInput")]
    [InlineData("nope[href]=http://x", "nope[href]")]
    [InlineData("literalInput[include]=true", "literalInput[include]")]
    [InlineData("outputs=nope", "outputs.nope")]
    [InlineData("response=some", "response")]
    [InlineData("literalOutput[transmissionMode]=some", "literalOutput[transmissionMode]")]
    [InlineData("arrayInput=[1,&outputs=arrayOutput", "arrayInput")]
    public async Task A_mistake_names_its_parameter(string parameters, string place)
    {
        var (status, body) = await GetAsync($"{Execution}&{parameters}");
        status.ShouldBe(400, body);
        JsonElement.Parse(body).GetProperty("mistakes").EnumerateArray().Select(mistake => mistake.GetProperty("place").GetString()).ShouldContain(place);
    }

    [Fact]
    public async Task A_request_names_its_process()
    {
        var address = new Uri(bare.Server.Address, "processes/echo");
        foreach (var named in (string[])[address.ToString(), $"{address}/execution", "/processes/echo", "echo"])
        {
            var request = JsonSerializer.Serialize(new { process = named, inputs = new { literalInput = "x" }, outputs = new { literalOutput = new { } } });
            (await PostAsync("jobs", request)).ShouldBe((200, "x"));
            (await PostAsync("processes/echo/execution", request)).ShouldBe((200, "x"));
        }

        (await PostAsync("jobs", """{"process": "echo", "inputs": {"literalInput": "x"}}""", "respond-async")).Status.ShouldBe(201);
        (await PostAsync("jobs", """{"inputs": {"literalInput": "x"}}""")).Body.ShouldContain("\"place\":\"process\"");
        (await PostAsync("jobs", """{"process": "nope", "inputs": {}}""")).Body.ShouldContain("there is no process nope");
        (await PostAsync("processes/EchoProcess/execution", """{"process": "echo", "inputs": {}}""")).Body.ShouldContain("\"place\":\"process\"");
    }

    [Fact]
    public async Task Of_results_that_are_there_some_can_be_had()
    {
        using var answer = await bare.Server.Client.GetAsync(new Uri($"{Execution}&numberInput=3.5&booleanInput=true&response=document", UriKind.Relative));
        var link = answer.Headers.GetValues("Link").Single();
        var results = link[1..link.IndexOf('>', StringComparison.Ordinal)] + "/results?outputs=";

        (await bare.Server.Client.GetStringAsync(new Uri(results + "numberOutput,booleanOutput"))).ShouldBe("""{"numberOutput":3.5,"booleanOutput":true}""");
        (await bare.Server.Client.GetStringAsync(new Uri(results))).ShouldContain("literalOutput");
        using var none = await bare.Server.Client.GetAsync(new Uri(results + "numberOutput,dateOutput"));
        ((int)none.StatusCode).ShouldBe(404);
    }

    private async Task<(int Status, string Body)> GetAsync(string path)
    {
        using var answer = await bare.Server.Client.GetAsync(new Uri(path, UriKind.Relative));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<(int Status, string Body)> PostAsync(string path, string json, string? prefer = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (prefer is not null)
        {
            request.Headers.Add("Prefer", prefer);
        }

        using var answer = await bare.Server.Client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
