using System.Text.Json.Nodes;

namespace GeoWps.Tests.Unit.Shell;

public sealed class SeedTests : IDisposable
{
    private const string Seed = "POST /cache/roads/seed";

    private readonly string _folder = Directory.CreateTempSubdirectory("geowps-shell-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Options_become_the_members_of_the_request_and_the_job_is_followed()
    {
        await using var api = await StartAsync();

        (await api.RunAsync("seed", "roads", "--set", "WebMercatorQuad", "--format", "mvt", "--zoom", "0-8", "--bbox", "5,-47.5,15,55", "--threads", "2", "--rate", "0.5")).ShouldBe(0);

        Body(api).ShouldBe("""{"operation":"seed","tileMatrixSet":["WebMercatorQuad"],"format":["mvt"],"minZoom":0,"maxZoom":8,"bbox":[5,-47.5,15,55],"threads":2,"rate":0.5}""");
        api.Out.ShouldBe("12 of 12 tiles\n");
    }

    [Fact]
    public async Task Files_are_sent_along_and_a_feature_as_a_collection()
    {
        await using var api = await StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "area.geojson"), """{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[]}}""");
        await File.WriteAllTextAsync(Path.Combine(_folder, "tiles"), "3/1/2\n3/1/3\n");

        (await api.RunAsync("seed", "roads", "--reseed", "--zoom", "7", "--polygon", Path.Combine(_folder, "area.geojson"))).ShouldBe(0);
        Body(api).ShouldBe("""{"operation":"reseed","minZoom":7,"maxZoom":7,"polygon":{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[]}}]}}""");

        (await api.RunAsync("truncate", "roads", "--tiles", Path.Combine(_folder, "tiles"))).ShouldBe(0);
        Body(api).ShouldBe("""{"operation":"truncate","tiles":"3/1/2\n3/1/3\n"}""");
    }

    [Fact]
    public async Task Detached_it_prints_the_job_and_does_not_wait()
    {
        await using var api = await StartAsync();

        (await api.RunAsync("seed", "roads", "--detach")).ShouldBe(0);

        api.Out.ShouldBe("j1\n");
        api.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("--zoom", "a")]
    [InlineData("--zoom", "1-2-3")]
    [InlineData("--bbox", "1,2,3")]
    [InlineData("--bbox", "1,2,3,x")]
    public async Task What_can_not_be_read_is_refused_before_anything_is_sent(string option, string value)
    {
        await using var api = await StartAsync();

        (await api.RunAsync("seed", "roads", option, value)).ShouldBe(2);

        api.Error.ShouldContain(option);
        api.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failed_seeding_is_told_with_its_reason()
    {
        await using var api = await StartAsync();
        api.On("GET /jobs/j1", """{"jobID":"j1","status":"failed","message":"5 of 12 tiles failed"}""");

        (await api.RunAsync("seed", "roads")).ShouldBe(1);

        api.Error.ShouldContain("5 of 12 tiles failed");
    }

    [Fact]
    public async Task What_tiles_take_is_a_table()
    {
        await using var api = await StartAsync();
        api.On("GET /cache/roads", """{"layer":"roads","tiles":1234,"bytes":5600,"tilesets":[{"layer":"roads","tileMatrixSet":"WebMercatorQuad","format":"mvt","tiles":1234,"bytes":5600}]}""");

        (await api.RunAsync("cache", "roads")).ShouldBe(0);

        api.Out.ShouldContain("roads  WebMercatorQuad  mvt     1,234  5.6 kB");
    }

    private static async Task<FakeApi> StartAsync() => (await FakeApi.StartAsync())
        .On(Seed, """{"jobID":"j1","status":"accepted"}""", 201)
        .On("GET /jobs/j1", """{"jobID":"j1","status":"successful","message":"12 of 12 tiles"}""");

    private static string Body(FakeApi api) => JsonNode.Parse(api.Requests.Last(request => request.What == Seed).Body)!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
