using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Http;

public sealed partial class PageTests(HttpHost host) : IClassFixture<HttpHost>
{
    private const string Browser = "text/html, */*; q=0.8";

    [Fact]
    public void Whatever_is_written_is_text()
    {
        var html = new HtmlWriter();
        html.Element("p", "<b>&\"'", ("title", "\"><script>"), ("hidden", null));

        html.ToString().ShouldBe("<!DOCTYPE html>\n<p title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt;&amp;&quot;&#39;</p>\n");
    }

    [Theory]
    [InlineData("http://a.example/?b=c&d", "<a href=\"http://a.example/?b=c&amp;d\">here</a>")]
    [InlineData("#below", "<a href=\"#below\">here</a>")]
    [InlineData("javascript:alert(1)", "here")]
    [InlineData("data:text/html,a", "here")]
    public void Only_what_a_browser_may_follow_is_a_link(string href, string written)
    {
        var html = new HtmlWriter();
        html.Link(href, "here");

        html.ToString().ShouldBe("<!DOCTYPE html>\n" + written);
    }

    [Fact]
    public async Task The_policy_names_the_style_sheet_and_nothing_else()
    {
        var response = await host.SendAsync(HttpMethod.Get, "processes/say", Browser);
        var page = await response.Content.ReadAsStringAsync();
        var digest = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style().Match(page).Groups[1].Value)));

        response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain($"style-src 'sha256-{digest}';");
    }

    [Theory]
    [InlineData("text/html", "text/html")]
    [InlineData(Browser, "text/html")]
    [InlineData("text/html;q=0.5, application/json", "application/json")]
    [InlineData("application/json;q=0.5, text/html", "text/html")]
    [InlineData("text/html, application/json", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("text/html;q=0", "application/json")]
    [InlineData(null, "application/json")]
    public async Task A_page_is_for_who_prefers_one(string? accept, string mediaType)
    {
        foreach (var path in (string[])["", "conformance", "processes", "processes/say", "jobs"])
        {
            var response = await host.SendAsync(HttpMethod.Get, path, accept);
            response.Content.Headers.ContentType!.MediaType.ShouldBe(mediaType, path);
            response.Headers.Vary.ShouldContain("Accept", path);
        }
    }

    [Theory]
    [InlineData("text/html;q=0.5, application/vnd.oai.openapi+json;version=3.0", "application/vnd.oai.openapi+json")]
    [InlineData("text/html", "text/html")]
    [InlineData("application/json", "application/json")]
    [InlineData(null, "application/vnd.oai.openapi+json")]
    public async Task The_definition_is_a_page_for_who_prefers_one(string? accept, string mediaType) =>
        (await host.SendAsync(HttpMethod.Get, "api", accept)).Content.Headers.ContentType!.MediaType.ShouldBe(mediaType);

    [Fact]
    public async Task The_page_of_a_failed_job_says_what_was_wrong()
    {
        var job = Some.Job(new JobState.Failed(Some.Time, Some.Time.AddSeconds(90), new JobFailure(FailureKind.Input, "can't be read", [new Mistake("INPUT", "no <layer>")])), JobId.New(Some.Time));
        host.Jobs.Put(job);
        var page = await PageAsync($"jobs/{job.Id}");

        page.ShouldContain("can&#39;t be read");
        page.ShouldContain("<li>INPUT: no &lt;layer&gt;</li>");
        page.ShouldContain("<dd>0:01:30</dd>");
        page.ShouldContain($"{host.Address}jobs/{job.Id}/log");
        page.ShouldNotContain("http-equiv=\"refresh\"");
    }

    [Fact]
    public async Task Short_text_stands_on_the_page_of_results_and_the_rest_is_a_link()
    {
        host.Blobs.With("short", "<b>ü</b>").With("long", new string('x', 3000));
        var job = Some.Done(
            """{"response": "raw"}""",
            Some.Literal("number", "3.5"),
            new OutputValue.Content("page", "short", "text/html", "page.html", 9, []),
            new OutputValue.Content("text", "long", "text/plain", "text.txt", 3000, []),
            new OutputValue.Content("image", "image", "image/tiff", "image.tif", 5_000_000, []),
            new OutputValue.Many("numbers", [Some.Literal("numbers", "1"), Some.Literal("numbers", "\"a\"")]));
        host.Jobs.Put(job);
        var page = await PageAsync($"jobs/{job.Id}/results");

        Values().Matches(page).Select(value => WebUtility.HtmlDecode(value.Groups[1].Value)).ShouldBe(["3.5", "<b>ü</b>", "[1, \"a\"]"]);
        page.ShouldContain($"<a href=\"{host.Address}jobs/{job.Id}/results/text.txt\">text.txt</a><span class=\"soft\"> text/plain, 2.9 KiB</span>");
        page.ShouldContain("image/tiff, 4.8 MiB");
    }

    [Fact]
    public async Task Jobs_are_filtered_by_a_form_that_keeps_what_was_asked()
    {
        var page = await PageAsync("jobs?processID=say&status=failed");

        page.ShouldContain("name=\"processID\" value=\"say\"");
        page.ShouldContain("<option value=\"failed\" selected=\"\">failed</option>");
        host.Jobs.LastFilter!.Statuses.ShouldBe([JobStatus.Failed]);
    }

    [Fact]
    public async Task The_log_is_a_page_too()
    {
        var job = Some.Done("{}");
        host.Jobs.Put(job);
        await host.Jobs.AppendLogAsync(job.Id, [new(Some.Time, 1, "error", "<broken>"), new(Some.Time, 1, "info", "later")], default);
        var page = await PageAsync($"jobs/{job.Id}/log?limit=1");

        page.ShouldContain("<td>&lt;broken&gt;</td>");
        page.ShouldNotContain("later");
        page.ShouldContain("skip=1\">Next page</a>");
    }

    [Fact]
    public void An_example_holds_what_is_required_and_nothing_else()
    {
        var process = new ProcessDescription
        {
            Id = "it",
            Title = "It",
            Version = "1",
            Inputs =
            [
                Input("layer", """{"oneOf": [{"type": "string", "contentMediaType": "text/csv"}, {"allOf": [{"format": "geojson-feature-collection"}]}]}""", ("qgis:geometryTypes", "line, polygon")),
                Input("raster", """{"type": "string", "contentEncoding": "binary", "contentMediaType": "image/tiff"}"""),
                Input("size", """{"type": "number", "minimum": 3}"""),
                Input("choice", """{"type": "string", "enum": ["it's", "not"]}"""),
                Input("crs", """{"type": "string"}""", ("qgis:type", "crs")),
                Input("pair", """{"type": "array", "items": {"type": "integer"}, "minItems": 2}"""),
                Input("thing", """{"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "other": {"type": "string"}}}"""),
                Input("more", """{"type": "string"}""") with { MinOccurs = 0 },
            ],
            Outputs = [new OutputDescription("image", "Image", JsonNode.Parse("""{"type": "string", "contentEncoding": "binary", "contentMediaType": "image/png"}""")!.AsObject())],
        };
        var body = ExampleRequest.Body(process);
        var inputs = body["inputs"]!;

        inputs["layer"]!["features"]![0]!["geometry"]!["type"]!.GetValue<string>().ShouldBe("LineString");
        inputs["raster"]!["type"]!.GetValue<string>().ShouldBe("image/tiff");
        inputs["size"]!.ToJsonString().ShouldBe("3");
        inputs["choice"]!.GetValue<string>().ShouldBe("it's");
        inputs["crs"]!.GetValue<string>().ShouldBe("EPSG:3857");
        inputs["pair"]!.ToJsonString().ShouldBe("[1,1]");
        inputs["thing"]!.ToJsonString().ShouldBe("""{"value":{"name":"text"}}""");
        inputs.AsObject().ContainsKey("more").ShouldBeFalse();
        body["outputs"]!.ToJsonString().ShouldBe("""{"image":{"transmissionMode":"reference"}}""");
        ExampleRequest.Curl(process, "http://a.example/x").ShouldContain("""it'\''s""");
    }

    private static InputDescription Input(string id, string schema, params (string, string)[] facts) =>
        new(id, id, JsonNode.Parse(schema)!.AsObject()) { Facts = facts.ToDictionary(fact => fact.Item1, fact => fact.Item2) };

    private async Task<string> PageAsync(string path)
    {
        var response = await host.SendAsync(HttpMethod.Get, path, Browser);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        return await response.Content.ReadAsStringAsync();
    }

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("<pre[^>]*>(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex Values();
}
