using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Conformance;

/// <summary>Class "Core": results in each form, at once and of a job; the same request gives the same either way.</summary>
[Collection(ConformanceServerTests.Name)]
public sealed class CoreResultTests(ConformanceServer server)
{
    private const string Inputs = """{"literalInput": "hello", "numberInput": 3.5, "imageInput": {"value": "SUkqAAgAAAAAAA==", "encoding": "base64", "mediaType": "image/tiff"}}""";

    [Fact]
    [Trait("ATS", "/conf/core/process-execute-sync-raw-value-one")]
    public async Task One_raw_value_is_bare_in_its_media_type() => RawValueOne(await SyncAsync("""{"literalOutput": {}}"""), await SyncAsync("""{"imageOutput": {}}"""));

    [Fact]
    [Trait("ATS", "/conf/core/job-results-async-raw-value-one")]
    public async Task One_raw_value_of_a_job_is_bare_in_its_media_type() => RawValueOne(await AsyncAsync("""{"literalOutput": {}}"""), await AsyncAsync("""{"imageOutput": {}}"""));

    [Fact]
    [Trait("ATS", "/conf/core/process-execute-sync-raw-value-multi")]
    public async Task Several_raw_values_are_parts() => RawValueMulti(await SyncAsync("""{"literalOutput": {}, "numberOutput": {}}"""));

    [Fact]
    [Trait("ATS", "/conf/core/job-results-async-raw-value-multi")]
    public async Task Several_raw_values_of_a_job_are_parts() => RawValueMulti(await AsyncAsync("""{"literalOutput": {}, "numberOutput": {}}"""));

    [Fact]
    [Trait("ATS", "/conf/core/process-execute-sync-raw-ref")]
    public async Task Raw_references_are_links_that_lead_to_the_values() => await RawRefAsync(await SyncAsync(References));

    [Fact]
    [Trait("ATS", "/conf/core/job-results-async-raw-ref")]
    public async Task Raw_references_of_a_job_are_links_that_lead_to_the_values() => await RawRefAsync(await AsyncAsync(References));

    [Fact]
    [Trait("ATS", "/conf/core/process-execute-sync-raw-mixed-multi")]
    public async Task A_raw_reference_among_values_is_a_part_that_says_where_it_is() => await RawMixedAsync(await SyncAsync(Mixed));

    [Fact]
    [Trait("ATS", "/conf/core/job-results-async-raw-mixed-multi")]
    public async Task A_raw_reference_among_values_of_a_job_is_a_part_that_says_where_it_is() => await RawMixedAsync(await AsyncAsync(Mixed));

    [Fact]
    [Trait("ATS", "/conf/core/process-execute-sync-document")]
    public async Task A_document_holds_what_was_asked_for() => await DocumentAsync(await SyncAsync(Mixed, "document"));

    [Fact]
    [Trait("ATS", "/conf/core/job-results-async-document")]
    public async Task A_document_of_a_job_holds_what_was_asked_for() => await DocumentAsync(await AsyncAsync(Mixed, "document"));

    private const string References = """{"literalOutput": {"transmissionMode": "reference"}, "imageOutput": {"transmissionMode": "reference"}}""";
    private const string Mixed = """{"literalOutput": {"transmissionMode": "value"}, "imageOutput": {"transmissionMode": "reference"}}""";
    private static readonly byte[] Image = Convert.FromBase64String("SUkqAAgAAAAAAA==");

    private static void RawValueOne(Answer text, Answer image)
    {
        (text.MediaType, text.Text).ShouldBe(("text/plain; charset=utf-8", "hello"));
        image.MediaType.ShouldBe("image/tiff");
        image.Body.ShouldBe(Image);
    }

    private static void RawValueMulti(Answer answer)
    {
        var parts = ConformanceServer.Parts(answer.ShouldBe(200));

        parts.Keys.ShouldBe(["literalOutput", "numberOutput"]);
        parts["literalOutput"].Head.ShouldContain("Content-Type: text/plain");
        parts.Values.Select(part => part.Body).ShouldBe(["hello", "3.5"]);
    }

    private async Task RawRefAsync(Answer answer)
    {
        answer.ShouldBe(204).Body.ShouldBeEmpty();
        var links = answer.Headers.GetValues("Link").Where(link => link.Contains($"rel=\"{ConformanceServer.Ogc}results\"", StringComparison.Ordinal)).Select(link => link[1..link.IndexOf('>', StringComparison.Ordinal)]).ToList();
        links.Count.ShouldBe(2);
        (await server.GetAsync(links[0], "*/*")).ShouldBe(200).Text.ShouldBe("hello");
        (await server.GetAsync(links[1], "*/*")).ShouldBe(200).Body.ShouldBe(Image);
    }

    private async Task RawMixedAsync(Answer answer)
    {
        var parts = ConformanceServer.Parts(answer.ShouldBe(200));

        parts["literalOutput"].Body.ShouldBe("hello");
        parts["imageOutput"].Body.Trim().ShouldBeEmpty();
        var address = parts["imageOutput"].Head.Split("Content-Location: ")[1].Split('\r')[0];
        (await server.GetAsync(address, "*/*")).ShouldBe(200).Body.ShouldBe(Image);
    }

    private async Task DocumentAsync(Answer answer)
    {
        answer.ShouldBe(200).MediaType.ShouldBe("application/json");
        await OgcJsonSchema.ShouldFitAsync(answer.Json, "results");
        answer.Json.EnumerateObject().Select(output => output.Name).ShouldBe(["literalOutput", "imageOutput"]);
        answer.Json.GetProperty("literalOutput").GetString().ShouldBe("hello");
        var link = answer.Json.GetProperty("imageOutput");
        link.GetProperty("type").GetString().ShouldBe("image/tiff");
        (await server.GetAsync(link.GetProperty("href").GetString()!, "*/*")).ShouldBe(200).Body.ShouldBe(Image);
    }

    private Task<Answer> SyncAsync(string outputs, string response = "raw") => server.ExecuteAsync("echo", Request(outputs, response));

    private async Task<Answer> AsyncAsync(string outputs, string response = "raw")
    {
        var job = await server.SubmitAsync("echo", Request(outputs, response));
        (await server.EndOfAsync(job)).GetProperty("status").GetString().ShouldBe("successful");
        return await server.GetAsync(job + "/results", "*/*");
    }

    private static string Request(string outputs, string response) => $$"""{"inputs": {{Inputs}}, "outputs": {{outputs}}, "response": "{{response}}"}""";
}
