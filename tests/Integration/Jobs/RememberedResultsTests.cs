using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Jobs;

/// <summary>Equal requests to QGIS and what is remembered of them.</summary>
[Collection(AdminServerTests.Name)]
public sealed class RememberedResultsTests(AdminServer qgis)
{
    [QgisFact]
    public async Task An_equal_request_is_answered_with_results_of_its_own()
    {
        var layer = Sample.First(Sample.Places, 7);
        var first = await SubmitAsync("native:buffer", new { inputs = new { INPUT = layer, DISTANCE = 0.125 } });
        var made = (await ResultsAsync(first)).Text;

        // The default said aloud, in another order, and answered in another form.
        var again = await qgis.SendAsync(
            HttpMethod.Post, "processes/native:buffer/execution", Body(new { inputs = new { SEGMENTS = 5, DISTANCE = 0.125, INPUT = layer }, response = "raw" }),
            ("Prefer", "respond-async"), ("Cache-Control", "max-age=600"));

        var status = again.ShouldBe(201).Json;
        status.GetProperty("status").GetString().ShouldBe("successful");
        status.GetProperty("message").GetString().ShouldBe($"Answered from the results of job {first}");
        var second = status.GetProperty("jobID").GetString()!;
        second.ShouldNotBe(first);
        Via(status).ShouldBe($"{qgis.Server.Address}jobs/{first}");
        again.Headers.GetValues("Link").ShouldContain($"<{qgis.Server.Address}jobs/{first}>; rel=\"via\"; type=\"application/json\"");

        (await qgis.SendAsync(HttpMethod.Delete, $"jobs/{first}", null)).ShouldBe(200);
        (await qgis.GetAsync($"jobs/{first}/results")).ShouldBe(404);
        (await ResultsAsync(second)).Text.ShouldBe(made);

        // With the job that made it, it is forgotten.
        (await DerivedAsync("native:buffer", new { inputs = new { INPUT = layer, DISTANCE = 0.125 } })).ShouldBeFalse();
    }

    [QgisFact]
    public async Task A_synchronous_request_with_files_is_answered_so_too()
    {
        var request = new { inputs = new { INPUT = Sample.Read(Sample.Countries) }, outputs = new { OUTPUT = new { format = new { mediaType = "application/geopackage+sqlite3" } } } };
        var first = (await PostAsync("native:centroids", request)).ShouldBe(200);
        first.Headers.GetValues("Link").ShouldNotContain(link => link.Contains("via", StringComparison.Ordinal));

        var second = (await PostAsync("native:centroids", request, "max-age=600")).ShouldBe(200);

        second.Headers.GetValues("Link").ShouldContain(link => link.Contains("rel=\"via\"", StringComparison.Ordinal));
        second.Body.ShouldBe(first.Body);
    }

    [QgisFact]
    public async Task Who_does_not_ask_or_asks_for_another_thing_has_it_run()
    {
        var layer = Sample.First(Sample.Places, 3);
        await SubmitAsync("native:buffer", new { inputs = new { INPUT = layer, DISTANCE = 0.25 } });

        (await DerivedAsync("native:buffer", new { inputs = new { INPUT = layer, DISTANCE = 0.25 } }, cacheControl: null)).ShouldBeFalse();
        (await DerivedAsync("native:buffer", new { inputs = new { INPUT = layer, DISTANCE = 0.25 } }, "no-cache")).ShouldBeFalse();
        (await DerivedAsync("native:buffer", new { inputs = new { INPUT = layer, DISTANCE = 0.5 } })).ShouldBeFalse();
        (await DerivedAsync("native:buffer", new { inputs = new { INPUT = layer, DISTANCE = 0.25 }, outputs = new { OUTPUT = new { format = new { mediaType = "application/geopackage+sqlite3" } } } })).ShouldBeFalse();
        (await DerivedAsync("native:buffer", new { inputs = new { INPUT = layer, DISTANCE = 0.25 } })).ShouldBeTrue();
    }

    [QgisFact]
    public async Task What_lies_outside_is_fetched_anew_and_what_a_job_made_is_not()
    {
        var address = qgis.Files.Put("changing.geojson", Encoding.UTF8.GetBytes(Sample.Read(Sample.Places).ToJsonString()), "application/geo+json");
        var outside = new { inputs = new { INPUT = new { href = address, type = "application/geo+json" } } };
        var made = await SubmitAsync("native:centroids", outside);
        (await DerivedAsync("native:centroids", outside)).ShouldBeFalse();

        var own = new { inputs = new { INPUT = new { href = $"/jobs/{made}/results/OUTPUT", type = "application/geo+json" } } };
        await SubmitAsync("native:pointonsurface", own);
        (await DerivedAsync("native:pointonsurface", own)).ShouldBeTrue();
    }

    [QgisFact]
    public async Task A_script_that_was_replaced_is_another_process_also_when_it_is_changed_back()
    {
        var request = new { inputs = new { n = 4 }, response = "document" };
        (await qgis.DeployAsync(AdminServer.ScriptText("remembered", "n * 2"), AdminServer.Script)).ShouldBe(201);
        await SubmitAsync("script:remembered", request);
        (await DerivedAsync("script:remembered", request)).ShouldBeTrue();

        (await qgis.ReplaceAsync("script:remembered", AdminServer.ScriptText("remembered", "n * 3"), AdminServer.Script)).ShouldBe(204);
        (await DerivedAsync("script:remembered", request)).ShouldBeFalse();
        (await qgis.ReplaceAsync("script:remembered", AdminServer.ScriptText("remembered", "n * 2"), AdminServer.Script)).ShouldBe(204);
        (await DerivedAsync("script:remembered", request)).ShouldBeFalse();
        (await qgis.UndeployAsync("script:remembered")).ShouldBe(204);
    }

    [QgisFact]
    public async Task Where_the_operator_wants_it_nobody_has_to_ask_but_chance_stays_chance()
    {
        await using var server = await RunningServer.StartAsync("--Python:Workers", "1", "--Results:Remember", "Always");
        await QgisServer.Until(async () => (await server.Client.GetAsync(new Uri("processes/native:buffer", UriKind.Relative))).IsSuccessStatusCode, "QGIS tells its algorithms");
        var extent = new { bbox = new[] { 0, 0, 1, 1 } };

        (await TwiceAsync(server, "native:buffer", new { inputs = new { INPUT = Sample.First(Sample.Places, 2) } })).ShouldBeTrue();
        (await TwiceAsync(server, "native:randompointsinextent", new { inputs = new { EXTENT = extent, POINTS_NUMBER = 2, TARGET_CRS = "EPSG:4326" } })).ShouldBeFalse();
        (await TwiceAsync(server, "echo", new { inputs = new { literalInput = "a" } })).ShouldBeFalse();
        server.Errors.ShouldBeEmpty();
    }

    /// <summary>Whether the second of two equal requests was answered from the first.</summary>
    private static async Task<bool> TwiceAsync(RunningServer server, string process, object request)
    {
        (await AskAsync()).ShouldBeFalse();
        return await AskAsync();

        async Task<bool> AskAsync()
        {
            using var response = await server.Client.PostAsync(new Uri($"processes/{process}/execution", UriKind.Relative), Body(request));
            ((int)response.StatusCode).ShouldBe(200, await response.Content.ReadAsStringAsync());
            return response.Headers.GetValues("Link").Any(link => link.Contains("rel=\"via\"", StringComparison.Ordinal));
        }
    }

    private static StringContent Body(object request) => new(JsonSerializer.Serialize(request), Encoding.UTF8, "application/json");

    private static string? Via(JsonElement status) => status.GetProperty("links").EnumerateArray()
        .Where(link => link.GetProperty("rel").GetString() == "via").Select(link => link.GetProperty("href").GetString()).SingleOrDefault();

    private Task<Answer> PostAsync(string process, object request, string? cacheControl = null) =>
        qgis.SendAsync(HttpMethod.Post, $"processes/{process}/execution", Body(request), cacheControl is null ? [] : [("Cache-Control", cacheControl)]);

    /// <returns>The id of a job that has succeeded.</returns>
    private async Task<string> SubmitAsync(string process, object request)
    {
        var job = await qgis.SubmitAsync(process, request);
        (await qgis.EndOfAsync(job)).ShouldBe("successful");
        return job;
    }

    /// <summary>Whether a request was answered from the results of another job.</summary>
    private async Task<bool> DerivedAsync(string process, object request, string? cacheControl = "max-age=600")
    {
        var answer = (await PostAsync(process, request, cacheControl)).ShouldBe(200);
        return answer.Headers.GetValues("Link").Any(link => link.Contains("rel=\"via\"", StringComparison.Ordinal));
    }

    private async Task<Answer> ResultsAsync(string job) => (await qgis.GetAsync($"jobs/{job}/results/OUTPUT")).ShouldBe(200);
}
