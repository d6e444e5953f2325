using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Deployment;

/// <summary>OGC 20-044 with real QGIS. The trait <c>ats</c> names the abstract tests of its annex A.</summary>
[Collection(AdminServerTests.Name)]
public sealed class DeploymentTests(AdminServer qgis)
{
    [QgisFact]
    [Trait("ATS", "/conf/deploy-replace-undeploy/deploy/post-op")]
    [Trait("ATS", "/conf/deploy-replace-undeploy/deploy/content-type")]
    [Trait("ATS", "/conf/deploy-replace-undeploy/replace/put-op")]
    [Trait("ATS", "/conf/deploy-replace-undeploy/replace/content-type")]
    [Trait("ATS", "/conf/deploy-replace-undeploy/undeploy/delete-op")]
    [Trait("ATS", "/conf/deploy-replace-undeploy/undeploy/response")]
    public async Task A_model_is_deployed_described_run_replaced_and_undeployed()
    {
        var deployed = (await qgis.DeployAsync(ModelText("native:buffer", 1), AdminServer.Model)).ShouldBe(201);
        deployed.Headers.Location.ShouldBe(new Uri(qgis.Server.Address, "processes/model:tested"));
        deployed.Json.GetProperty("id").GetString().ShouldBe("model:tested");
        deployed.Json.GetProperty("mutable").GetBoolean().ShouldBeTrue();

        // At once, and everywhere.
        var listed = (await qgis.GetAsync("processes")).Json.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("id").GetString());
        listed.ShouldContain("model:tested");
        (await qgis.GetAsync("processes/model:tested")).ShouldBe(200).Json.GetProperty("inputs").TryGetProperty("layer", out _).ShouldBeTrue();
        (await WidthAsync()).ShouldBe(2, tolerance: 0.1);

        (await qgis.ReplaceAsync("model:tested", ModelText("native:buffer", 3), AdminServer.Model)).ShouldBe(204).Body.ShouldBeEmpty();
        (await WidthAsync()).ShouldBe(6, tolerance: 0.1);

        (await qgis.UndeployAsync("model:tested")).ShouldBe(204).Body.ShouldBeEmpty();
        (await qgis.GetAsync("processes/model:tested")).ShouldBe(404).Exception.ShouldBe("no-such-process");
        (await qgis.ExecuteAsync("model:tested", new { inputs = new { layer = Sample.First(Sample.Places, 1) } })).ShouldBe(404);
        (await qgis.UndeployAsync("model:tested")).ShouldBe(404).Exception.ShouldBe("no-such-process");
        (await qgis.ReplaceAsync("model:tested", ModelText("native:buffer", 3), AdminServer.Model)).ShouldBe(404);
    }

    [QgisFact]
    public async Task A_script_is_deployed_run_replaced_and_undeployed()
    {
        (await qgis.DeployAsync(AdminServer.ScriptText("changing", "n * 2"), AdminServer.Script)).ShouldBe(201).Json.GetProperty("id").GetString().ShouldBe("script:changing");
        (await qgis.NumberAsync("script:changing", 21)).ShouldBe(42);
        var before = (await qgis.GetAsync("processes/script:changing")).Json.GetProperty("version").GetString();

        (await qgis.ReplaceAsync("script:changing", AdminServer.ScriptText("changing", "n * 3"), AdminServer.Script)).ShouldBe(204);
        (await qgis.NumberAsync("script:changing", 21)).ShouldBe(63);
        (await qgis.NumberAsync("script:changing", 21)).ShouldBe(63, "each worker has it");
        (await qgis.GetAsync("processes/script:changing")).Json.GetProperty("version").GetString().ShouldNotBe(before);

        (await qgis.UndeployAsync("script:changing")).ShouldBe(204);
        (await qgis.GetAsync("processes/script:changing")).ShouldBe(404);
    }

    [QgisFact]
    [Trait("ATS", "/conf/deploy-replace-undeploy/static-indicator")]
    public async Task The_list_says_which_processes_can_be_changed()
    {
        (await qgis.DeployAsync(AdminServer.ScriptText("listed", "n"), AdminServer.Script)).ShouldBe(201);

        var mutable = (await qgis.GetAsync("processes")).ShouldBe(200).Json.GetProperty("processes").EnumerateArray()
            .ToDictionary(process => process.GetProperty("id").GetString()!, process => process.GetProperty("mutable").GetBoolean());

        mutable["script:listed"].ShouldBeTrue();
        mutable["echo"].ShouldBeFalse();
        mutable["native:buffer"].ShouldBeFalse();
        (await qgis.UndeployAsync("script:listed")).ShouldBe(204);
    }

    [QgisFact]
    public async Task The_server_declares_what_it_does()
    {
        var classes = (await qgis.GetAsync("conformance")).Json.GetProperty("conformsTo").EnumerateArray().Select(one => one.GetString());
        classes.ShouldContain("http://www.opengis.net/spec/ogcapi-processes-2/1.0/conf/deploy-replace-undeploy");
        classes.ShouldContain("http://www.opengis.net/spec/ogcapi-processes-2/1.0/conf/ogcapppkg");

        (await qgis.SendAsync(HttpMethod.Options, "processes", null)).ShouldBe(204);
        (await AllowOf("processes")).ShouldBe(["GET", "HEAD", "OPTIONS", "POST"]);
        (await AllowOf("processes/echo")).ShouldBe(["DELETE", "GET", "HEAD", "OPTIONS", "PUT"]);
    }

    [QgisFact]
    [Trait("ATS", "/conf/deploy-replace-undeploy/undeploy/response-immutable")]
    public async Task What_was_not_deployed_can_not_be_changed()
    {
        var dropped = Path.Combine(qgis.Server.Directory, "scripts", "dropped.py");
        await File.WriteAllTextAsync(dropped, AdminServer.ScriptText("dropped", "n"));
        await QgisServer.Until(async () => (await qgis.GetAsync("processes/script:dropped")).Status == 200, "the script is a process");

        foreach (var id in new[] { "echo", "native:buffer", "script:dropped" })
        {
            (await qgis.UndeployAsync(id)).ShouldBe(403).Exception.ShouldBe("immutable-process");
            (await qgis.ReplaceAsync(id, AdminServer.ScriptText("dropped", "n"), AdminServer.Script)).ShouldBe(403).Exception.ShouldBe("immutable-process");
            (await qgis.AdministerAsync(HttpMethod.Get, $"processes/{id}/package")).ShouldBe(404);
            (await qgis.GetAsync($"processes/{id}")).ShouldBe(200);
        }

        (await qgis.DeployAsync(AdminServer.ScriptText("dropped", "n * 2"), AdminServer.Script)).ShouldBe(403).Exception.ShouldBe("immutable-process");
        (await qgis.DeployAsync(AdminServer.PackageOf(new { type = "script", value = "x = 1" }, "native:buffer"), AdminServer.Package))
            .ShouldBe(403).Exception.ShouldBe("immutable-process");
        (await qgis.NumberAsync("script:dropped", 5)).ShouldBe(5);
        File.Delete(dropped);
        await QgisServer.Until(async () => (await qgis.GetAsync("processes/script:dropped")).Status == 404, "the script is gone");
    }

    [QgisFact]
    public async Task Without_the_token_nothing_is_changed_or_shown()
    {
        (await qgis.DeployAsync(AdminServer.ScriptText("guarded", "n"), AdminServer.Script)).ShouldBe(201);
        (HttpMethod Method, string Path)[] operations =
        [
            (HttpMethod.Post, "processes"), (HttpMethod.Put, "processes/script:guarded"), (HttpMethod.Delete, "processes/script:guarded"), (HttpMethod.Get, "processes/script:guarded/package"),
        ];
        foreach (var (method, path) in operations)
        {
            HttpContent? Body() => method == HttpMethod.Get ? null : AdminServer.Content(AdminServer.ScriptText("guarded", "n * 2"), AdminServer.Script);
            var none = (await qgis.SendAsync(method, path, Body())).ShouldBe(401);
            none.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
            none.MediaType.ShouldBe("application/problem+json");
            (await qgis.SendAsync(method, path, Body(), ("Authorization", "Bearer of-somebody-else-entirely"))).ShouldBe(403).MediaType.ShouldBe("application/problem+json");
            (await qgis.SendAsync(method, path, Body(), ("Authorization", "Basic " + AdminServer.Token))).ShouldBe(401);
        }

        (await qgis.NumberAsync("script:guarded", 7)).ShouldBe(7);
        (await qgis.UndeployAsync("script:guarded")).ShouldBe(204);
        qgis.Server.Log.ShouldNotContain(line => line.Contains(AdminServer.Token, StringComparison.Ordinal));
    }

    [QgisFact]
    public async Task A_running_job_goes_on_with_what_it_began_with()
    {
        (await qgis.DeployAsync(AdminServer.ScriptText("slow", "time.sleep(1.5) or n"), AdminServer.Script)).ShouldBe(201);
        var job = await qgis.SubmitAsync("script:slow", new { inputs = new { n = 1 }, response = "document" });
        await QgisServer.Until(async () => await qgis.StatusOfAsync(job) == "running", "the job runs");

        (await qgis.ReplaceAsync("script:slow", AdminServer.ScriptText("slow", "n + 100"), AdminServer.Script)).ShouldBe(204);
        (await qgis.NumberAsync("script:slow", 1)).ShouldBe(101);
        (await qgis.UndeployAsync("script:slow")).ShouldBe(204);

        (await qgis.EndOfAsync(job)).ShouldBe("successful");
        (await qgis.GetAsync($"jobs/{job}/results")).ShouldBe(200).Json.GetProperty("RESULT").GetDouble().ShouldBe(1);
    }

    [QgisFact]
    public async Task Callers_meet_the_old_one_or_the_new_one_and_never_none()
    {
        (await qgis.DeployAsync(AdminServer.ScriptText("swapped", "n * 2"), AdminServer.Script)).ShouldBe(201);
        using var stop = new CancellationTokenSource();
        var seen = new HashSet<double>();
        var calls = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                seen.Add(await qgis.NumberAsync("script:swapped", 1));
            }
        });

        foreach (var factor in Enumerable.Range(3, 6))
        {
            (await qgis.ReplaceAsync("script:swapped", AdminServer.ScriptText("swapped", $"n * {factor}"), AdminServer.Script)).ShouldBe(204);
            (await qgis.NumberAsync("script:swapped", 1)).ShouldBe(factor);
        }

        await stop.CancelAsync();
        await calls;
        seen.ShouldBeSubsetOf([2, 3, 4, 5, 6, 7, 8]);
        (await qgis.UndeployAsync("script:swapped")).ShouldBe(204);
    }

    private async Task<string[]> AllowOf(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        using var response = await qgis.Server.Client.SendAsync(request);
        return [.. response.Content.Headers.Allow.Order(StringComparer.Ordinal)];
    }

    private string ModelText(string second, double distance)
    {
        var file = Path.Combine(qgis.Gdal.Folder, "deployed.model3");
        Models.Write(qgis.Gdal.Folder, file, second, distance);
        return File.ReadAllText(file, Encoding.UTF8);
    }

    /// <summary>Of the ring around one point.</summary>
    private async Task<double> WidthAsync()
    {
        var answer = (await qgis.ExecuteAsync("model:tested", new { inputs = new { layer = Sample.First(Sample.Places, 1) } })).ShouldBe(200);
        var east = Numbers(answer.Json.GetProperty("features")[0].GetProperty("geometry").GetProperty("coordinates")).ToArray();
        return east.Max() - east.Min();
    }

    private static IEnumerable<double> Numbers(JsonElement coordinates) =>
        coordinates[0].ValueKind == JsonValueKind.Number ? [coordinates[0].GetDouble()] : coordinates.EnumerateArray().SelectMany(Numbers);
}
