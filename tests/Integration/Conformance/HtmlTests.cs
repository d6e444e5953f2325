using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Conformance;

/// <summary>OGC API - Processes 1.0, class "HTML". The trait <c>ATS</c> names the abstract test of annex A.</summary>
[Collection(OpenServerTests.Name)]
public sealed class HtmlTests(OpenServer qgis)
{
    /// <summary>What a browser sends.</summary>
    private static readonly (string, string) Browser = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

    private static readonly (string, string) Anything = ("Accept", "*/*");

    [QgisFact]
    [Trait("ATS", "/conf/html/definition")]
    public async Task Every_resource_is_a_page_for_who_prefers_one_and_JSON_for_everybody_else()
    {
        foreach (var path in await ResourcesAsync())
        {
            var page = (await qgis.GetAsync(path, Browser)).ShouldBe(200);
            page.MediaType.ShouldBe("text/html; charset=utf-8", path);
            page.Headers.Vary.ShouldContain("Accept", path);
            (await qgis.GetAsync(path + "?f=html", ("Accept", "application/json"))).MediaType.ShouldBe("text/html; charset=utf-8", path);

            foreach (var json in new[] { await qgis.GetAsync(path, Anything), await qgis.GetAsync(path), await qgis.GetAsync(path + "?f=json", Browser) })
            {
                json.ShouldBe(200).MediaType!.ShouldContain("json", Case.Sensitive, path);
                json.Headers.Vary.ShouldContain("Accept", path);
            }

            (await qgis.GetAsync(path + "?f=xml")).ShouldBe(400).Blamed.ShouldBe(["f"]);
        }
    }

    [QgisFact]
    [Trait("ATS", "/conf/html/content")]
    public async Task Every_page_is_HTML5_that_loads_and_runs_nothing()
    {
        foreach (var path in await ResourcesAsync())
        {
            var answer = (await qgis.GetAsync(path, Browser)).ShouldBe(200);
            var page = Parse(answer);

            answer.Text.ShouldStartWith("<!DOCTYPE html>");
            page.DocumentElement.GetAttribute("lang").ShouldBe("en", path);
            page.Title.ShouldNotBeNullOrWhiteSpace(path);
            page.QuerySelectorAll("h1").Length.ShouldBe(1, path);
            page.QuerySelectorAll("script, img, iframe, link[rel=stylesheet], [style], [onclick]").ShouldBeEmpty(path);
            page.QuerySelectorAll("meta[name=viewport]").Length.ShouldBe(1, path);
            foreach (var field in page.QuerySelectorAll("input:not([type=hidden]), select"))
            {
                page.QuerySelector($"label[for='{field.Id}']").ShouldNotBeNull($"{path}: {field.OuterHtml} has no label");
            }

            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldContain("default-src 'none'");
            policy.ShouldNotContain("unsafe");
            page.QuerySelectorAll("[id]").Select(element => element.Id).ShouldBeUnique();
        }
    }

    [Theory]
    [InlineData("<!DOCTYPE html><title>a</title><p>b</div>")]
    [InlineData("<!DOCTYPE html><title>a</title><p id=a id=b>c")]
    [InlineData("<title>a</title>")]
    public void Control_what_a_browser_would_have_to_mend_is_found(string page) => Should.Throw<HtmlParseException>(() => Parse(page));

    [QgisFact]
    [Trait("ATS", "/conf/html/content")]
    public async Task Every_page_holds_what_its_document_holds_and_leads_where_that_leads()
    {
        foreach (var path in await ResourcesAsync())
        {
            var document = (await qgis.GetAsync(path, Anything)).Json;
            var page = Parse(await qgis.GetAsync(path, Browser));
            var targets = page.QuerySelectorAll("a[href]").Select(link => WithoutQuery(link.GetAttribute("href")!)).ToHashSet(StringComparer.Ordinal);

            foreach (var link in LinksOf(document).Where(link => link.Relation is not ("self" or "alternate")))
            {
                targets.ShouldContain(WithoutQuery(link.Href), $"{path}: {link.Relation}");
            }

            // There and back again.
            var back = page.QuerySelectorAll("a[href]").Select(link => link.GetAttribute("href")!).First(href => href.EndsWith("f=json"));
            (await qgis.GetAsync(new Uri(back).PathAndQuery[1..], Browser)).ShouldBe(200).MediaType!.ShouldContain("json", Case.Sensitive, path);
            if (LinksOf(document).FirstOrDefault(link => link.Relation == "alternate") is { Href: { } there })
            {
                (await qgis.GetAsync(new Uri(there).PathAndQuery[1..], Anything)).ShouldBe(200).MediaType.ShouldBe("text/html; charset=utf-8", path);
            }

            foreach (var name in NamesIn(document))
            {
                page.Body!.TextContent.ShouldContain(name, Case.Sensitive, path);
            }
        }
    }

    [QgisFact]
    [Trait("ATS", "/conf/html/content")]
    public async Task What_somebody_sent_is_text_on_a_page_and_no_markup()
    {
        const string Evil = "<script>alert(1)</script>\"'&lt;";
        var job = await qgis.SubmitAsync("echo", new { inputs = new { literalInput = Evil, complexInput = new { value = "<a onclick='x'>b</a>", mediaType = "text/xml" } } });
        await qgis.EndOfAsync(job);

        var results = Parse((await qgis.GetAsync($"jobs/{job}/results", Browser)).ShouldBe(200));
        results.QuerySelectorAll("script, [onclick]").ShouldBeEmpty();
        results.QuerySelectorAll("pre").Select(value => value.TextContent).ShouldBe([Evil, "<a onclick='x'>b</a>"], ignoreOrder: true);

        var search = Parse((await qgis.GetAsync($"processes?q={WebUtility.UrlEncode(Evil)}", Browser)).ShouldBe(200));
        search.QuerySelectorAll("script").ShouldBeEmpty();
        search.QuerySelector("#q")!.GetAttribute("value").ShouldBe(Evil);

        var missing = Parse((await qgis.GetAsync($"processes/{Uri.EscapeDataString("<script>x")}", Browser)).ShouldBe(404));
        missing.QuerySelectorAll("script").ShouldBeEmpty();
        missing.Body!.TextContent.ShouldContain("<script>x");
    }

    [QgisFact]
    public async Task Problems_are_pages_for_who_looks_at_pages()
    {
        foreach (var (path, status) in new[] { ("processes/none", 404), ("jobs/none", 404), ("nowhere", 404), ("processes?limit=0", 400), ("jobs?status=done", 400), ("jobs/none/results", 404) })
        {
            var page = (await qgis.GetAsync(path, Browser)).ShouldBe(status);
            page.MediaType.ShouldBe("text/html; charset=utf-8", path);
            page.Headers.Vary.ShouldContain("Accept", path);
            Parse(page).QuerySelector("h1")!.TextContent.ShouldNotBeNullOrWhiteSpace();
            (await qgis.GetAsync(path, Anything)).ShouldBe(status).MediaType.ShouldBe("application/problem+json", path);
        }
    }

    [QgisFact]
    public async Task A_page_that_is_known_is_not_sent_again()
    {
        foreach (var path in (string[])["processes", "processes/native:buffer", "api", "conformance", ""])
        {
            var page = (await qgis.GetAsync(path, Browser)).ShouldBe(200);
            var tag = page.Headers.ETag!.ToString();
            (await qgis.GetAsync(path, Browser, ("If-None-Match", tag))).ShouldBe(304).Body.ShouldBeEmpty();
            (await qgis.GetAsync(path, Anything, ("If-None-Match", tag))).ShouldBe(200).MediaType!.ShouldContain("json");
        }
    }

    [QgisFact]
    public async Task The_page_of_a_job_loads_itself_again_until_the_job_has_ended()
    {
        var job = await qgis.SubmitAsync("echo", new { inputs = new { literalInput = "a", pause = 60 } });
        Parse(await qgis.GetAsync($"jobs/{job}", Browser)).QuerySelector("meta[http-equiv=refresh]").ShouldNotBeNull();
        await qgis.SendAsync(HttpMethod.Delete, $"jobs/{job}", null);

        var ended = Parse(await qgis.GetAsync($"jobs/{job}", Browser));
        ended.QuerySelector("meta[http-equiv=refresh]").ShouldBeNull();
        ended.QuerySelector(".dismissed")!.TextContent.ShouldBe("dismissed");
    }

    [QgisFact]
    public async Task Lists_are_paged_as_pages()
    {
        var first = Parse(await qgis.GetAsync("processes?limit=2&q=buffer&f=html", Anything));
        var next = first.QuerySelectorAll("a").Single(link => link.TextContent == "Next page").GetAttribute("href")!;
        var second = await qgis.GetAsync(new Uri(next).PathAndQuery[1..], Anything);

        second.ShouldBe(200).MediaType.ShouldBe("text/html; charset=utf-8");
        var (here, there) = (Processes(first), Processes(Parse(second)));
        (here.Length, there.Length).ShouldBe((2, 2));
        here.Intersect(there).ShouldBeEmpty();

        static string[] Processes(IDocument page) => [.. page.QuerySelectorAll(".rows a").Select(link => link.GetAttribute("href")!)];
    }

    [QgisFact]
    public async Task The_example_on_each_process_s_page_is_a_request_that_the_process_takes()
    {
        foreach (var process in (await qgis.GetAsync("processes")).Json.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("id").GetString()!))
        {
            var page = Parse((await qgis.GetAsync($"processes/{process}", Browser)).ShouldBe(200));
            var command = page.QuerySelectorAll("pre").Select(pre => pre.TextContent).Single(text => text.StartsWith("curl -X POST"));
            command.ShouldContain($"/processes/{process}/execution'");
            var body = command[(command.IndexOf("-d '", StringComparison.Ordinal) + 4)..command.LastIndexOf('\'')].Replace("'\\''", "'");

            // What needs the token is not judged without it.
            (await qgis.ValidateAsync(process, body)).Status.ShouldBe(process.StartsWith("geowps:", StringComparison.Ordinal) ? 401 : 200, $"{process}: {body}");
        }
    }

    private async Task<string[]> ResourcesAsync()
    {
        var job = await qgis.SubmitAsync("echo", new { inputs = new { literalInput = "a", numberInput = 3.5 }, response = "document" });
        var waiting = await qgis.SubmitAsync("echo", new { inputs = new { literalInput = "a", pause = 3 } });
        await qgis.EndOfAsync(job);
        return ["", "conformance", "api", "processes", "processes/native:buffer", "processes/EchoProcess", "jobs", $"jobs/{waiting}", $"jobs/{job}", $"jobs/{job}/results", $"jobs/{job}/log"];
    }

    /// <summary>Throws at whatever a browser would have to mend.</summary>
    private static IDocument Parse(Answer answer) => Parse(answer.Text);

    private static IDocument Parse(string page) => new HtmlParser(new HtmlParserOptions { IsStrictMode = true }).ParseDocument(page);

    private static IEnumerable<(string Relation, string Href)> LinksOf(JsonElement document) =>
        document.TryGetProperty("links", out var links) && links.ValueKind == JsonValueKind.Array
            ? links.EnumerateArray().Select(link => (link.GetProperty("rel").GetString()!, link.GetProperty("href").GetString()!))
            : [];

    /// <summary>What a reader must find: ids of processes, jobs, inputs and outputs.</summary>
    private static IEnumerable<string> NamesIn(JsonElement document)
    {
        foreach (var (list, member) in new[] { ("processes", "id"), ("jobs", "jobID") })
        {
            if (document.TryGetProperty(list, out var all))
            {
                foreach (var one in all.EnumerateArray())
                {
                    yield return one.GetProperty(member).GetString()!;
                }
            }
        }

        foreach (var list in (string[])["inputs", "outputs"])
        {
            if (document.TryGetProperty(list, out var all))
            {
                foreach (var one in all.EnumerateObject())
                {
                    yield return one.Name;
                }
            }
        }
    }

    private static string WithoutQuery(string href) => href.Split('?')[0].TrimEnd('/');
}
