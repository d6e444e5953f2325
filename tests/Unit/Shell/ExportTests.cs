using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Tests.Unit.Shell;

public sealed class ExportTests : IDisposable
{
    private const string Export = "POST /processes/geowps:export/execution";

    private readonly string _folder = Directory.CreateTempSubdirectory("geowps-shell-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_job_is_followed_and_its_file_is_saved()
    {
        await using var api = await StartAsync();
        var file = Path.Combine(_folder, "new", "roads.PMTiles");

        (await api.RunAsync("layers", "export", "roads", file, "--zoom", "0-8", "--bbox", "5,-47.5,15,55", "--format", "mvt")).ShouldBe(0);

        Inputs(api).ShouldBe("""{"layer":"roads","archive":"pmtiles","format":"mvt","minZoom":0,"maxZoom":8,"bbox":{"bbox":[5,-47.5,15,55]}}""");
        (await File.ReadAllTextAsync(file)).ShouldBe("tiles");
        api.Out.ShouldBe($"{file} (5 bytes)\n");
        Directory.GetFiles(Path.GetDirectoryName(file)!).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_download_that_breaks_leaves_what_was_there()
    {
        await using var api = await StartAsync();
        api.On("GET /jobs/j1/results/archive", async context =>
        {
            context.Response.ContentLength = 10;
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        var file = Path.Combine(_folder, "a.mbtiles");
        await File.WriteAllTextAsync(file, "old");

        (await api.RunAsync("layers", "export", "roads", file)).ShouldNotBe(0);

        (await File.ReadAllTextAsync(file)).ShouldBe("old");
        Directory.GetFiles(_folder).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_failed_export_is_told_with_its_reason()
    {
        await using var api = await StartAsync();
        api.On("GET /jobs/j1", """{"jobID":"j1","status":"failed","message":"the tiles at 3/4/2 failed"}""");

        (await api.RunAsync("layers", "export", "roads", Path.Combine(_folder, "a.mbtiles"))).ShouldBe(1);

        api.Error.ShouldContain("3/4/2 failed");
        Directory.GetFiles(_folder).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a.zip", "--zoom", "1", ".mbtiles or .pmtiles")]
    [InlineData("a.mbtiles", "--zoom", "x", "--zoom")]
    [InlineData("a.mbtiles", "--bbox", "1,2", "--bbox")]
    public async Task What_can_not_be_read_is_refused_before_anything_is_sent(string file, string option, string value, string told)
    {
        await using var api = await StartAsync();

        (await api.RunAsync("layers", "export", "roads", Path.Combine(_folder, file), option, value)).ShouldBe(2);

        api.Error.ShouldContain(told);
        api.Requests.ShouldBeEmpty();
    }

    private static async Task<FakeApi> StartAsync() => (await FakeApi.StartAsync())
        .On(Export, """{"jobID":"j1","status":"accepted"}""", 201)
        .On("GET /jobs/j1", """{"jobID":"j1","status":"successful"}""")
        .On("GET /jobs/j1/results/archive", context => context.Response.WriteAsync("tiles"));

    private static string Inputs(FakeApi api) =>
        JsonNode.Parse(api.Requests.Last(request => request.What == Export).Body)!["inputs"]!.ToJsonString();
}
