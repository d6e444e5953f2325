using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Http.Results;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace GeoWps.Tests.Unit.Http;

public sealed class ResultsTests
{
    private readonly FakeBlobs _blobs = new();

    [Fact]
    public async Task A_document_holds_plain_values_bare_and_objects_qualified()
    {
        var job = Some.Done(
            """{"response": "document"}""",
            Some.Literal("text", "\"grün\""),
            Some.Literal("number", "3.50"),
            Some.Literal("array", "[1, 2]"),
            Some.Literal("box", """{"bbox": [1, 2, 3, 4]}"""),
            Some.Literal("object", """{"a": 1}""", "application/json"),
            Some.Literal("image", "\"SUkq\"", "image/tiff"),
            new OutputValue.Many("points", [Some.Literal("points", """{"type": "Point"}""", "application/geo+json"), Some.Literal("points", "\"<Point/>\"", "application/gml+xml")]));

        var (response, body) = await SendAsync(job);

        response.ContentType.ShouldBe("application/json");
        Encoding.UTF8.GetString(body).ShouldBe(
            """
            {"text":"grün","number":3.50,"array":[1,2],"box":{"bbox":[1,2,3,4]},"object":{"value":{"a":1},"mediaType":"application/json"},
            "image":{"value":"SUkq","encoding":"base64","mediaType":"image/tiff"},
            "points":[{"value":{"type":"Point"},"mediaType":"application/geo+json"},"<Point/>"]}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Contents_stand_in_a_document_as_what_they_are()
    {
        _blobs.With("j", """{"type": "FeatureCollection", "features": []}""").With("x", "<a b=\"ä\">\n</a>").With("b", [0, 255, 1, 254, 2, 253, 3, 252]);
        var job = Some.Done(
            """{"response": "document", "outputs": {"binary": {}, "json": {}, "xml": {}}}""",
            Content("json", "j", "application/geo+json"),
            Content("xml", "x", "text/xml; subtype=gml/3.2"),
            Content("binary", "b", "application/geopackage+sqlite3"));

        var document = JsonElement.Parse((await SendAsync(job)).Body);

        document.EnumerateObject().Select(output => output.Name).ShouldBe(["binary", "json", "xml"]);
        document.GetProperty("json").GetProperty("value").GetProperty("type").GetString().ShouldBe("FeatureCollection");
        document.GetProperty("json").GetProperty("mediaType").GetString().ShouldBe("application/geo+json");
        document.GetProperty("xml").GetString().ShouldBe("<a b=\"ä\">\n</a>");
        document.GetProperty("binary").GetProperty("value").GetBytesFromBase64().ShouldBe([0, 255, 1, 254, 2, 253, 3, 252]);
        document.GetProperty("binary").GetProperty("encoding").GetString().ShouldBe("base64");
    }

    [Fact]
    public async Task A_document_by_reference_holds_links()
    {
        var job = Some.Done(
            """{"response": "document", "outputs": {"a": {"transmissionMode": "reference"}, "g": {"transmissionMode": "reference"}, "none": {"transmissionMode": "reference"}}}""",
            Some.Literal("a", "\"x\""),
            new OutputValue.Content("g", "k", "application/gml+xml", "g.gml", 1, [new Sidecar("g.xsd", "s", "application/xml", 1)]));

        var (_, body) = await SendAsync(job);

        Encoding.UTF8.GetString(body).ShouldBe(
            $$$"""{"a":{"href":"http://example.org/jobs/{{{job.Id}}}/results/a","type":"text/plain"},"g":{"href":"http://example.org/jobs/{{{job.Id}}}/results/g.gml","type":"application/gml+xml"}}""");
    }

    [Theory]
    [InlineData("\"hello\"", null, "*/*", "text/plain; charset=utf-8", "hello")]
    [InlineData("\"hello\"", null, "application/json", "application/json", "\"hello\"")]
    [InlineData("3.50", null, "*/*", "text/plain; charset=utf-8", "3.50")]
    [InlineData("[1,2]", null, "*/*", "application/json", "[1,2]")]
    [InlineData("\"<a/>\"", "text/xml", "application/json", "text/xml", "<a/>")]
    [InlineData("\"SUkq\"", "image/tiff", "*/*", "image/tiff", "II*")]
    public async Task One_output_asked_for_is_the_bare_value(string json, string? mediaType, string accept, string contentType, string text)
    {
        var (response, body) = await SendAsync(Some.Done("""{"outputs": {"a": {}}}""", Some.Literal("a", json, mediaType), Some.Literal("b", "1")), accept);

        response.StatusCode.ShouldBe(200);
        response.ContentType.ShouldBe(contentType);
        Encoding.UTF8.GetString(body).ShouldBe(text);
    }

    [Fact]
    public async Task Several_outputs_asked_for_are_parts_even_when_one_has_a_value()
    {
        _blobs.With("b", [13, 10, 45, 45, 0]);
        var job = Some.Done(
            """{"outputs": {"a": {}, "none": {}, "c": {}, "r": {"transmissionMode": "reference"}}}""",
            Some.Literal("a", "\"x\""),
            Content("c", "b", "image/png"),
            Some.Literal("r", "[1]"));

        var (response, body) = await SendAsync(job);
        var boundary = response.ContentType!.Split('"')[1];
        var reader = new MultipartReader(boundary, new MemoryStream(body));

        response.ContentType.ShouldStartWith("multipart/related; boundary=");
        await ExpectPartAsync(reader, "<a>", "text/plain; charset=utf-8", "x"u8.ToArray());
        await ExpectPartAsync(reader, "<c>", "image/png", [13, 10, 45, 45, 0]);
        var reference = await ExpectPartAsync(reader, "<r>", "application/json", []);
        reference.Headers!["Content-Location"].ToString().ShouldBe($"http://example.org/jobs/{job.Id}/results/r");
        (await reader.ReadNextSectionAsync()).ShouldBeNull();
        (await SendAsync(job)).Body.ShouldBe(body);
    }

    [Fact]
    public async Task All_by_reference_is_no_content_and_a_link_each()
    {
        var (response, body) = await SendAsync(
            Some.Done("""{"outputs": {"a": {"transmissionMode": "reference"}, "b": {"transmissionMode": "reference"}}}""", Some.Literal("a", "1"), Some.Literal("b", "[1]")));

        response.StatusCode.ShouldBe(204);
        body.ShouldBeEmpty();
        response.Headers.Link.Count.ShouldBe(2);
        response.Headers.Link[0].ShouldEndWith("/results/a>; rel=\"http://www.opengis.net/def/rel/ogc/1.0/results\"; type=\"text/plain\"");
    }

    [Theory]
    [InlineData(FailureKind.Input, 400)]
    [InlineData(FailureKind.Algorithm, 422)]
    [InlineData(FailureKind.Time, 500)]
    [InlineData(FailureKind.Crash, 500)]
    public async Task A_failed_job_answers_with_its_reason(FailureKind kind, int status)
    {
        var (response, body) = await SendAsync(Some.Job(new JobState.Failed(null, Some.Time, new JobFailure(kind, "INPUT: no such layer"))));

        response.StatusCode.ShouldBe(status);
        JsonElement.Parse(body).GetProperty("detail").GetString().ShouldBe("INPUT: no such layer");
    }

    private static OutputValue.Content Content(string id, string key, string mediaType) => new(id, key, mediaType, id + ".bin", 8, []);

    private async Task<(HttpResponse Response, byte[] Body)> SendAsync(Job job, string accept = "*/*")
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Headers.Accept = accept;
        var body = new MemoryStream();
        context.Response.Body = body;
        await new ResultsAnswers(new ProcessCatalogues([]), _blobs).Of(job, "http://example.org/").ExecuteAsync(context);
        await context.Response.BodyWriter.FlushAsync();
        return (context.Response, body.ToArray());
    }

    private static async Task<MultipartSection> ExpectPartAsync(MultipartReader reader, string id, string contentType, byte[] content)
    {
        var part = (await reader.ReadNextSectionAsync()).ShouldNotBeNull();
        var body = new MemoryStream();
        await part.Body.CopyToAsync(body);
        part.Headers!["Content-ID"].ToString().ShouldBe(id);
        part.ContentType.ShouldBe(contentType);
        body.ToArray().ShouldBe(content);
        return part;
    }
}
