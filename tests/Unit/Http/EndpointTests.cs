using System.Net;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Tests.Unit.Http;

public sealed class EndpointTests(HttpHost host) : IClassFixture<HttpHost>
{
    private const string NoSuch = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-";

    [Theory]
    [InlineData("")]
    [InlineData("conformance")]
    [InlineData("api")]
    [InlineData("processes")]
    [InlineData("processes/native:buffer")]
    [InlineData("processes/native%3Abuffer")]
    [InlineData("processes/alias")]
    [InlineData("jobs")]
    [InlineData("health/live")]
    [InlineData("health/ready")]
    public async Task What_can_be_got_is_JSON_and_has_a_head(string path)
    {
        var response = await host.SendAsync(HttpMethod.Get, path, "application/json");
        var head = await host.SendAsync(HttpMethod.Head, path, "application/json");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("application/json");
        (await HttpHost.ReadAsync(response)).ValueKind.ShouldBe(JsonValueKind.Object);
        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        head.Content.Headers.ContentLength.ShouldBe(response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_browser_gets_a_page()
    {
        var response = await host.SendAsync(HttpMethod.Get, "", "text/html, */*;q=0.8");

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        var page = await response.Content.ReadAsStringAsync();
        page.ShouldStartWith("<!DOCTYPE html>");
        page.ShouldContain("<h1>Try &lt;it&gt;</h1>");
        page.ShouldContain($"href=\"{host.Address}processes\"");
        (await host.SendAsync(HttpMethod.Get, "?f=json", "text/html")).Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await host.SendAsync(HttpMethod.Get, "?f=xml")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("processes/no-such", NoSuch + "process")]
    [InlineData("jobs/no-such", NoSuch + "job")]
    [InlineData("jobs/no-such/results", NoSuch + "job")]
    [InlineData("jobs/no-such/results/x", NoSuch + "job")]
    [InlineData("jobs/no-such/log", NoSuch + "job")]
    [InlineData("jobs/no-such/events", NoSuch + "job")]
    [InlineData("jobs/00000000000000000000000000000000/events", NoSuch + "job")]
    [InlineData("nowhere", "about:blank")]
    public async Task What_does_not_exist_is_a_problem(string path, string type)
    {
        var response = await host.SendAsync(HttpMethod.Get, path);
        var problem = await HttpHost.ReadAsync(response);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Content.Headers.ContentType!.ToString().ShouldBe("application/problem+json");
        problem.GetProperty("type").GetString().ShouldBe(type);
        problem.GetProperty("status").GetInt32().ShouldBe(404);
    }

    [Fact]
    public async Task Another_method_is_a_problem_that_names_what_is_possible()
    {
        var response = await host.SendAsync(HttpMethod.Put, "conformance", "application/json");

        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.ShouldBe(["GET", "HEAD"], ignoreOrder: true);
        response.Content.Headers.ContentType!.ToString().ShouldBe("application/json");
        (await host.SendAsync(HttpMethod.Delete, "processes/say/execution")).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task What_breaks_tells_a_reference_and_nothing_else()
    {
        var response = await host.SendAsync(HttpMethod.Get, "broken");
        var text = await response.Content.ReadAsStringAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        text.ShouldContain("\"reference\"");
        text.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Pages_of_other_origins_may_use_it()
    {
        var preflight = await host.SendAsync(
            HttpMethod.Options, "processes/say/execution", null, ("Origin", "http://a.example"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "prefer"));
        var options = await host.SendAsync(HttpMethod.Options, "processes/say/execution");
        var response = await host.SendAsync(HttpMethod.Get, "processes", null, ("Origin", "http://a.example"));

        preflight.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        preflight.Headers.GetValues("Access-Control-Allow-Headers").ShouldBe(["prefer"]);
        options.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        options.Content.Headers.Allow.ShouldBe(["GET", "POST", "OPTIONS"]);
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        response.Headers.GetValues("Access-Control-Expose-Headers").Single().ShouldContain("Location");
        (await host.SendAsync(HttpMethod.Options, "nowhere")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("processes?limit=0")]
    [InlineData("processes?limit=-1")]
    [InlineData("processes?limit=abc")]
    [InlineData("jobs?limit=0")]
    [InlineData("jobs?status=done")]
    [InlineData("jobs?type=other")]
    [InlineData("jobs?datetime=yesterday")]
    [InlineData("jobs?minDuration=long")]
    [InlineData("jobs?after=x")]
    public async Task A_wrong_parameter_is_refused(string path) => (await host.SendAsync(HttpMethod.Get, path)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Processes_are_paged_searched_and_cached()
    {
        var first = await host.GetJsonAsync("processes?limit=2");
        var next = first.GetProperty("links").EnumerateArray().Single(link => link.GetProperty("rel").GetString() == "next").GetProperty("href").GetString()!;
        var second = await host.GetJsonAsync(next);
        var whole = await host.SendAsync(HttpMethod.Get, "processes");

        Ids(first).ShouldBe(["native:buffer", "native:centroids"]);
        Ids(second).ShouldBe(["say"]);
        Ids(await host.GetJsonAsync("processes?q=CENTROID%20vector")).ShouldBe(["native:centroids"]);
        Ids(await host.GetJsonAsync("processes?q=nothing")).ShouldBeEmpty();
        (await host.SendAsync(HttpMethod.Get, "processes", null, ("If-None-Match", whole.Headers.ETag!.ToString()))).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_filter_of_jobs_reaches_the_store()
    {
        await host.GetJsonAsync("jobs?status=successful,failed&status=running&processID=a&processID=b,c&minDuration=5&minDuration=7&maxDuration=9&limit=5000&datetime=2026-01-01T00:00:00Z/..");

        var filter = host.Jobs.LastFilter!;
        filter.Statuses.ShouldBe([JobStatus.Successful, JobStatus.Failed, JobStatus.Running]);
        filter.ProcessIds.ShouldBe(["a", "b", "c"]);
        (filter.MinDuration, filter.MaxDuration, filter.Limit).ShouldBe((TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(9), 1000));
        (filter.CreatedFrom, filter.CreatedTo).ShouldBe((new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), null));
    }

    [Fact]
    public async Task The_log_of_a_job_is_read_in_parts()
    {
        var job = Some.Done("""{"response": "document"}""");
        host.Jobs.Put(job);
        await host.Jobs.AppendLogAsync(job.Id, [.. Enumerable.Range(0, 3).Select(n => new LogEntry(Some.Time, 1, "info", $"line {n}"))], default);

        var page = await host.GetJsonAsync($"jobs/{job.Id}/log?limit=2");
        var rest = await host.GetJsonAsync(page.GetProperty("links")[1].GetProperty("href").GetString()!);

        page.GetProperty("entries").GetArrayLength().ShouldBe(2);
        rest.GetProperty("entries")[0].GetProperty("text").GetString().ShouldBe("line 2");
    }

    private static string[] Ids(JsonElement list) => [.. list.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("id").GetString()!)];
}
