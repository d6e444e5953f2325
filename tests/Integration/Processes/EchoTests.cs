using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>A server without QGIS, as a node may be.</summary>
public sealed class BareServer : IAsyncLifetime
{
    public RunningServer Server { get; private set; } = null!;

    public FileHost Files { get; } = new();

    public async Task InitializeAsync() => Server = await RunningServer.StartAsync("--Python:Execution", "None");

    public async Task DisposeAsync()
    {
        Files.Dispose();
        await Server.DisposeAsync();
    }
}

/// <summary>The built-in processes give back what they are given, unchanged, and refuse what their descriptions do not allow.</summary>
public sealed class EchoTests(BareServer bare) : IClassFixture<BareServer>
{
    private const string Inputs =
        """
        {"literalInput": "hello", "numberInput": 3.50, "booleanInput": true, "dateInput": "2026-11-28T04:00:00Z", "arrayInput": [1, 2, 3],
         "boundingBoxInput": {"bbox": [51.9, 7, 52, 7.1], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"},
         "complexInput": {"value": "<a><b/></a>", "mediaType": "text/xml"},
         "imageInput": {"value": "SUkqAAgAAAAAAA==", "encoding": "base64", "mediaType": "image/tiff"},
         "geometryInput": {"value": {"type": "Point", "coordinates": [1.50, 2]}, "mediaType": "application/geo+json"}}
        """;

    [Fact]
    public async Task Every_kind_of_input_comes_back_as_it_was()
    {
        var (status, body) = await ExecuteAsync($$"""{"inputs": {{Inputs}}, "response": "document"}""");

        status.ShouldBe(200);
        var outputs = JsonNode.Parse(body)!.AsObject();
        outputs.Select(output => output.Key).ShouldBe(["literalOutput", "numberOutput", "booleanOutput", "dateOutput", "arrayOutput", "imageOutput", "geometryOutput", "complexOutput", "boundingBoxOutput"], ignoreOrder: true);
        outputs["literalOutput"]!.ToJsonString().ShouldBe("\"hello\"");
        outputs["numberOutput"]!.ToJsonString().ShouldBe("3.50");
        outputs["arrayOutput"]!.ToJsonString().ShouldBe("[1,2,3]");
        outputs["boundingBoxOutput"]!["bbox"]!.ToJsonString().ShouldBe("[51.9,7,52,7.1]");
        outputs["geometryOutput"]!["value"]!["coordinates"]!.ToJsonString().ShouldBe("[1.50,2]");
    }

    [Theory]
    [InlineData("{}", "literalInput")]
    [InlineData("""{"literalInput": 5}""", "literalInput")]
    [InlineData("""{"literalInput": "a", "numberInput": 0}""", "numberInput")]
    [InlineData("""{"literalInput": "a", "numberInput": 100.5}""", "numberInput")]
    [InlineData("""{"literalInput": "a", "booleanInput": "true"}""", "booleanInput")]
    [InlineData("""{"literalInput": "a", "dateInput": "yesterday"}""", "dateInput")]
    [InlineData("""{"literalInput": "a", "arrayInput": [1]}""", "arrayInput")]
    [InlineData("""{"literalInput": "a", "arrayInput": [1, 2.5]}""", "arrayInput")]
    [InlineData("""{"literalInput": "a", "complexInput": {"value": "<a>", "mediaType": "text/xml"}}""", "complexInput")]
    [InlineData("""{"literalInput": "a", "imageInput": {"value": "no base64!", "encoding": "base64", "mediaType": "image/tiff"}}""", "imageInput")]
    [InlineData("""{"literalInput": "a", "imageInput": {"value": "SUkqAA==", "encoding": "base64", "mediaType": "image/bmp"}}""", "imageInput")]
    [InlineData("""{"literalInput": "a", "boundingBoxInput": {"bbox": [1, 2, 3]}}""", "boundingBoxInput")]
    [InlineData("""{"literalInput": "a", "geometryInput": [{"type": "Line", "coordinates": []}]}""", "geometryInput")]
    [InlineData("""{"literalInput": "a", "pause": 61}""", "pause")]
    [InlineData("""{"literalInput": "a", "nothing": 1}""", "nothing")]
    public async Task What_the_description_does_not_allow_is_refused_by_name(string inputs, string place)
    {
        var (status, body) = await ExecuteAsync($$"""{"inputs": {{inputs}}}""");

        status.ShouldBe(400);
        JsonNode.Parse(body)!["mistakes"]!.AsArray().ShouldHaveSingleItem()!["place"]!.GetValue<string>().ShouldStartWith(place);
    }

    [Fact]
    public async Task One_raw_value_is_bare_and_several_are_parts()
    {
        var (_, one) = await ExecuteAsync("""{"inputs": {"literalInput": "hello", "numberInput": 3.5}, "outputs": {"literalOutput": {}}}""");
        var (_, several) = await ExecuteAsync("""{"inputs": {"literalInput": "hello", "numberInput": 3.5}, "outputs": {"literalOutput": {}, "numberOutput": {}}}""");
        var (_, absent) = await ExecuteAsync("""{"inputs": {"literalInput": "hello"}, "outputs": {"literalOutput": {}, "numberOutput": {}}}""");

        one.ShouldBe("hello");
        several.ShouldContain("Content-ID: <literalOutput>");
        several.ShouldContain("Content-ID: <numberOutput>");
        absent.ShouldContain("Content-ID: <literalOutput>");
        absent.ShouldNotContain("numberOutput");
    }

    [Fact]
    public async Task A_literal_by_reference_is_what_lies_there_without_its_line_break_and_is_judged_like_one()
    {
        var good = bare.Files.Put("name.txt", "hello\n"u8.ToArray());
        var bad = bare.Files.Put("number.txt", "500"u8.ToArray());

        var (status, body) = await ExecuteAsync($$$"""{"inputs": {"literalInput": {"href": "{{{good}}}", "type": "text/plain"}}, "response": "document"}""");
        var (refused, why) = await ExecuteAsync($$$"""{"inputs": {"literalInput": "a", "numberInput": {"href": "{{{bad}}}"} } }""");

        (status, body).ShouldBe((200, """{"literalOutput":"hello"}"""));
        refused.ShouldBe(400);
        why.ShouldContain("numberInput");
    }

    [Fact]
    public async Task A_pause_is_a_running_job_that_can_be_dismissed_long_before_its_end()
    {
        using var request = Request("""{"inputs": {"literalInput": "a", "pause": 30}}""");
        request.Headers.Add("Prefer", "respond-async");
        using var accepted = await bare.Server.Client.SendAsync(request);
        ((int)accepted.StatusCode).ShouldBe(201);
        var job = accepted.Headers.Location!;
        var watch = Stopwatch.StartNew();

        using var dismissed = await bare.Server.Client.DeleteAsync(job);
        using var results = await bare.Server.Client.GetAsync(new Uri(job + "/results"));

        JsonElement.Parse(await dismissed.Content.ReadAsByteArrayAsync()).GetProperty("status").GetString().ShouldBe("dismissed");
        ((int)results.StatusCode).ShouldBe(410);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task The_standards_example_has_its_default_and_its_bounds()
    {
        var inputs = """
            {"stringInput": "Value2", "measureInput": {"value": {"measurement": 10.3, "uom": "m"}}, "dateInput": "2021-03-06T07:21:00Z", "arrayInput": [1, 2, 3, 4, 5, 6],
             "complexObjectInput": {"value": {"property1": "value1", "property2": "http://example.org/b", "property5": true}},
             "geometryInput": [{"type": "Point", "coordinates": [1, 2]}, {"type": "Point", "coordinates": [3, 4]}],
             "boundingBoxInput": {"bbox": [51.9, 7, 52, 7.1]}, "imagesInput": [{"value": "SUkqAAgAAAAAAA==", "encoding": "base64", "mediaType": "image/tiff; application=geotiff"}],
             "featureCollectionInput": {"value": {"type": "FeatureCollection", "features": []}, "mediaType": "application/geo+json"}}
            """;

        var (status, body) = await ExecuteAsync($$"""{"inputs": {{inputs}}, "response": "document"}""", "EchoProcess");
        var (refused, why) = await ExecuteAsync($$"""{"inputs": {{inputs.Replace("Value2", "Value4", StringComparison.Ordinal)}}}""", "EchoProcess");

        status.ShouldBe(200, body);
        JsonNode.Parse(body)!["doubleOutput"]!.ToJsonString().ShouldBe("5");
        JsonNode.Parse(body)!["geometryOutput"]!.AsArray().Count.ShouldBe(2);
        refused.ShouldBe(400);
        why.ShouldContain("stringInput");
    }

    private async Task<(int Status, string Body)> ExecuteAsync(string body, string process = "echo")
    {
        using var request = Request(body, process);
        using var answer = await bare.Server.Client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static HttpRequestMessage Request(string body, string process = "echo") =>
        new(HttpMethod.Post, $"/processes/{process}/execution") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
