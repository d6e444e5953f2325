using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Deployment;

/// <summary>The class "OGC Application Package" of OGC 20-044, and what is wrong with packages.</summary>
[Collection(AdminServerTests.Name)]
public sealed class PackageTests(AdminServer qgis)
{
    [QgisFact]
    [Trait("ATS", "/conf/ogcapppkg/deploy/body")]
    [Trait("ATS", "/conf/ogcapppkg/deploy/response")]
    [Trait("ATS", "/conf/ogcapppkg/deploy/response-success")]
    [Trait("ATS", "/conf/ogcapppkg/deploy/response-duplicate")]
    [Trait("ATS", "/conf/ogcapppkg/replace/body")]
    [Trait("ATS", "/conf/ogcapppkg/replace/response")]
    public async Task A_package_is_deployed_once_and_replaced()
    {
        var package = AdminServer.PackageOf(new { type = "script", value = AdminServer.ScriptText("packed", "n * 2") }, "script:packed");

        var deployed = (await qgis.DeployAsync(package, AdminServer.Package)).ShouldBe(201);
        deployed.Headers.Location.ShouldBe(new Uri(qgis.Server.Address, "processes/script:packed"));
        deployed.Json.GetProperty("id").GetString().ShouldBe("script:packed");
        deployed.Json.GetProperty("version").GetString().ShouldNotBeNullOrEmpty();

        var again = (await qgis.DeployAsync(package, AdminServer.Package)).ShouldBe(409);
        again.Json.GetProperty("type").GetString().ShouldBe("http://www.opengis.net/def/exceptions/ogcapi-processes-2/1.0/duplicated-process");
        again.Headers.Location.ShouldBe(deployed.Headers.Location);
        (await qgis.DeployAsync(AdminServer.ScriptText("packed", "n"), AdminServer.Script)).ShouldBe(409);

        var next = AdminServer.PackageOf(new { type = "script", value = AdminServer.ScriptText("packed", "n * 5") }, "script:packed");
        (await qgis.ReplaceAsync("script:packed", next, AdminServer.Package)).ShouldBe(204);
        (await qgis.NumberAsync("script:packed", 2)).ShouldBe(10);
        (await qgis.UndeployAsync("script:packed")).ShouldBe(204);
    }

    [QgisFact]
    public async Task The_package_comes_back_as_it_was_sent()
    {
        var package = AdminServer.PackageOf(new { type = "script", value = AdminServer.ScriptText("kept", "n") });
        var bare = AdminServer.ScriptText("kept", "n * 2");

        (await qgis.DeployAsync(package, AdminServer.Package)).ShouldBe(201);
        var first = (await qgis.AdministerAsync(HttpMethod.Get, "processes/script:kept/package")).ShouldBe(200);
        (first.Text, first.MediaType).ShouldBe((package, AdminServer.Package));

        (await qgis.ReplaceAsync("script:kept", bare, "application/x-python")).ShouldBe(204);
        var second = (await qgis.AdministerAsync(HttpMethod.Get, "processes/script:kept/package")).ShouldBe(200);
        (second.Text, second.MediaType).ShouldBe((bare, AdminServer.Script));

        (await qgis.UndeployAsync("script:kept")).ShouldBe(204);
        (await qgis.AdministerAsync(HttpMethod.Get, "processes/script:kept/package")).ShouldBe(404);
        Left().ShouldBeEmpty();
    }

    [QgisFact]
    public async Task A_unit_may_be_base64_or_elsewhere()
    {
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(AdminServer.ScriptText("encoded", "n * 2")));
        (await qgis.DeployAsync(AdminServer.PackageOf(new { type = "text/x-python", encoding = "base64", value = encoded }), AdminServer.Package)).ShouldBe(201);
        (await qgis.NumberAsync("script:encoded", 2)).ShouldBe(4);

        var address = qgis.Files.Put("elsewhere.py", Encoding.UTF8.GetBytes(AdminServer.ScriptText("elsewhere", "n * 3")));
        (await qgis.DeployAsync(AdminServer.PackageOf(new { href = address }), AdminServer.Package)).ShouldBe(201);
        (await qgis.NumberAsync("script:elsewhere", 2)).ShouldBe(6);

        (await qgis.UndeployAsync("script:encoded")).ShouldBe(204);
        (await qgis.UndeployAsync("script:elsewhere")).ShouldBe(204);
    }

    [QgisFact]
    public async Task Of_several_units_the_first_is_taken_or_the_one_that_is_asked_for()
    {
        var package = AdminServer.PackageOf(new[]
        {
            new { type = "script", value = AdminServer.ScriptText("one", "1") },
            new { type = "script", value = AdminServer.ScriptText("two", "2") },
        });

        (await qgis.DeployAsync(package, AdminServer.Package)).ShouldBe(201).Json.GetProperty("id").GetString().ShouldBe("script:one");
        (await qgis.DeployAsync(package, AdminServer.Package, "?w=two")).ShouldBe(201).Json.GetProperty("id").GetString().ShouldBe("script:two");
        (await qgis.DeployAsync(package, AdminServer.Package, "?w=three")).ShouldBe(400).Blamed.ShouldBe(["w"]);

        (await qgis.UndeployAsync("script:one")).ShouldBe(204);
        (await qgis.UndeployAsync("script:two")).ShouldBe(204);
    }

    [QgisFact]
    public async Task A_file_without_a_telling_type_is_known_by_its_name()
    {
        var script = AdminServer.ScriptText("named", "n");
        (await qgis.AdministerAsync(HttpMethod.Post, "processes", script, "application/octet-stream")).ShouldBe(415);
        (await qgis.AdministerAsync(HttpMethod.Post, "processes", script, "application/octet-stream", ("Slug", "named.py"))).ShouldBe(201);
        (await qgis.UndeployAsync("script:named")).ShouldBe(204);
    }

    [QgisFact]
    [Trait("ATS", "/conf/deploy-replace-undeploy/deploy/unsupported-content-type")]
    public async Task Other_kinds_of_packages_are_refused_by_their_type()
    {
        var refused = (await qgis.DeployAsync("cwlVersion: v1.0", "application/cwl+yaml")).ShouldBe(415);

        refused.Json.GetProperty("type").GetString().ShouldBe("http://www.opengis.net/def/exceptions/ogcapi-processes-2/1.0/unsupported-media-type");
        (await qgis.DeployAsync(AdminServer.PackageOf(new { type = "docker", image = "a/b" }), AdminServer.Package)).ShouldBe(400).Blamed.ShouldContain("executionUnit.type");
    }

    [QgisFact]
    public async Task What_can_not_be_loaded_is_refused_with_the_reason_and_leaves_nothing()
    {
        var before = (await qgis.GetAsync("processes")).Text;
        foreach (var (script, reason) in new[]
        {
            ("def broken(:\n", "SyntaxError"), ("import nonsense_of_ours\n", "nonsense_of_ours"), ("x = 1\n", "no algorithm"), (AdminServer.ScriptText("", "n"), "no name"),
            ("import os\nos._exit(3)\n", "ends QGIS"),
        })
        {
            (await qgis.DeployAsync(script, AdminServer.Script)).ShouldBe(400).Detail.ShouldContain(reason);
        }

        (await qgis.DeployAsync(ModelText("native:buffer").Replace("native:buffer", "native:nonsense", StringComparison.Ordinal), AdminServer.Model))
            .ShouldBe(400).Detail.ShouldContain("native:nonsense");
        (await qgis.DeployAsync(ModelText("native:splitvectorlayer"), AdminServer.Model)).ShouldBe(400).Detail.ShouldContain("native:splitvectorlayer");
        (await qgis.DeployAsync(ModelText("native:buffer").Replace("\"tested\"", "\"\"", StringComparison.Ordinal), AdminServer.Model)).ShouldBe(400).Detail.ShouldContain("no name");
        (await qgis.DeployAsync("<x/>", AdminServer.Model)).ShouldBe(400).Detail.ShouldContain("not a readable model");
        (await qgis.DeployAsync("{", AdminServer.Package)).ShouldBe(400).Detail.ShouldContain("no JSON");
        (await qgis.DeployAsync("{}", AdminServer.Package)).ShouldBe(400).Blamed.ShouldBe(["executionUnit"]);
        (await qgis.DeployAsync(AdminServer.PackageOf(new { href = qgis.Files.AddressOf("nothing.py") }), AdminServer.Package)).ShouldBe(400).Blamed.ShouldBe(["executionUnit.href"]);
        (await qgis.DeployAsync(AdminServer.PackageOf(new { type = "script", value = AdminServer.ScriptText("own", "n") }, "script:another"), AdminServer.Package))
            .ShouldBe(400).Blamed.ShouldBe(["processDescription.id"]);

        (await qgis.GetAsync("processes")).Text.ShouldBe(before);
        Left().ShouldBeEmpty();
    }

    [QgisFact]
    public async Task A_replacement_that_can_not_be_loaded_leaves_the_old_one()
    {
        (await qgis.DeployAsync(AdminServer.ScriptText("lasting", "n * 2"), AdminServer.Script)).ShouldBe(201);

        (await qgis.ReplaceAsync("script:lasting", "def broken(:\n", AdminServer.Script)).ShouldBe(400);
        (await qgis.ReplaceAsync("script:lasting", AdminServer.ScriptText("another", "n"), AdminServer.Script)).ShouldBe(400).Detail.ShouldContain("script:another");

        (await qgis.NumberAsync("script:lasting", 2)).ShouldBe(4);
        (await qgis.GetAsync("processes/script:another")).ShouldBe(404);
        (await qgis.UndeployAsync("script:lasting")).ShouldBe(204);
    }

    [QgisFact]
    public async Task What_is_too_large_is_refused_whatever_its_head_says()
    {
        var large = AdminServer.ScriptText("large", "n") + "\n" + new string('#', 100_000);
        (await qgis.DeployAsync(large, AdminServer.Script)).ShouldBe(413);
        (await qgis.DeployAsync(AdminServer.PackageOf(new { href = qgis.Files.Put("large.py", Encoding.UTF8.GetBytes(large)) }), AdminServer.Package))
            .ShouldBe(400).Blamed.ShouldBe(["executionUnit.href"]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "processes") { Content = AdminServer.Content(large, AdminServer.Script) };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + AdminServer.Token);
        using var response = await qgis.Server.Client.SendAsync(request);
        ((int)response.StatusCode).ShouldBe(413);
        Left().ShouldBeEmpty();
    }

    // Where a database has what is deployed, a file says that these are copies.
    private string[] Left() =>
        [.. Directory.EnumerateFiles(Path.Combine(qgis.Server.Directory, "deployed"), "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "copies"), .. Directory.EnumerateDirectories(Path.Combine(qgis.Server.Directory, "work"), "try-*")];

    private string ModelText(string second)
    {
        var file = Path.Combine(qgis.Gdal.Folder, "packed.model3");
        Models.Write(qgis.Gdal.Folder, file, second);
        return File.ReadAllText(file);
    }
}
