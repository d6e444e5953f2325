using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Layers;

/// <summary>Publishing over HTTP and the command line, by real QGIS.</summary>
[Collection(LayersServerTests.Name)]
public sealed class LayerTests(LayersServer server)
{
    private const string Points =
        """
        {"type": "FeatureCollection", "features": [
          {"type": "Feature", "properties": {"name": "a", "n": 1, "date": "2020-01-02"}, "geometry": {"type": "Point", "coordinates": [7, 51]}},
          {"type": "Feature", "properties": {"name": "b", "n": 2, "date": "2021-01-02"}, "geometry": {"type": "Point", "coordinates": [8, 52]}}]}
        """;

    private static readonly byte[] _points = System.Text.Encoding.UTF8.GetBytes(Points);

    [QgisFact]
    public async Task GeoJson_becomes_a_layer_that_is_replaced_changed_and_removed()
    {
        var added = (await server.SendDataAsync(HttpMethod.Post, "admin/layers?id=points&title=Some%20points&maxZoom=9", _points, "application/geo+json")).ShouldBe(201);
        added.Headers.Location!.AbsolutePath.ShouldBe("/admin/layers/points");
        var layer = added.Json;
        (layer.GetProperty("title").GetString(), layer.GetProperty("featureCount").GetInt64(), layer.GetProperty("geometryType").GetString()).ShouldBe(("Some points", 2, "Point"));
        layer.GetProperty("tiles").GetProperty("maxZoom").GetInt32().ShouldBe(9);
        layer.GetProperty("extent").EnumerateArray().Select(number => Math.Round(number.GetDouble(), 6)).ShouldBe([7, 51, 8, 52]);
        layer.GetProperty("links").EnumerateArray().Single(link => link.GetProperty("rel").GetString() == "collection").GetProperty("href").GetString().ShouldEndWith("/collections/points");
        var job = layer.GetProperty("job").GetString()!;
        (await server.GetAsync($"jobs/{job}")).ShouldBe(200).Json.GetProperty("processID").GetString().ShouldBe("geowps:publish");

        (await server.SendDataAsync(HttpMethod.Post, "admin/layers?id=points", _points, "application/geo+json")).ShouldBe(409);
        (await server.SendDataAsync(HttpMethod.Put, "admin/layers/points", await File.ReadAllBytesAsync(LayersServer.SampleOf("places.geojson")), "application/geo+json")).ShouldBe(200);
        layer = await server.LayerAsync("points");
        (layer.GetProperty("title").GetString(), layer.GetProperty("featureCount").GetInt64(), layer.GetProperty("revision").GetInt64()).ShouldBe(("Some points", 505, 2));

        var patched = (await server.AdministerAsync(HttpMethod.Patch, "admin/layers/points", new { attribution = "me", caching = new { maxAge = 5 } })).ShouldBe(200).Json;
        (patched.GetProperty("attribution").GetString(), patched.GetProperty("title").GetString()).ShouldBe(("me", "Some points"));
        (await server.AdministerAsync(HttpMethod.Patch, "admin/layers/points", new { tiles = new { attributes = new[] { "nothing" } } })).ShouldBe(400).Blamed.ShouldBe(["/tiles/attributes"]);
        (await server.AdministerAsync(HttpMethod.Put, "admin/layers/points", new { title = "Other" })).ShouldBe(200).Json.TryGetProperty("attribution", out _).ShouldBeFalse();

        (await server.AdministerAsync(HttpMethod.Delete, "admin/layers/points")).ShouldBe(204);
        (await server.AdministerAsync(HttpMethod.Delete, "admin/layers/points")).ShouldBe(404);
        (await server.AdministerAsync(HttpMethod.Get, "admin/layers/points")).ShouldBe(404);
    }

    [QgisFact]
    public async Task A_file_of_the_operators_a_file_of_several_tables_and_a_table_of_text_become_layers()
    {
        var file = Path.Combine(server.Folder, "world.gpkg");
        File.Copy(LayersServer.SampleOf("world.gpkg"), file);

        (await server.AdministerAsync(HttpMethod.Post, "admin/layers", new { source = new { file, table = "rivers" } })).ShouldBe(201).Json.GetProperty("id").GetString().ShouldBe("rivers");
        (await server.AdministerAsync(HttpMethod.Post, "admin/layers", new { source = new { file = Path.Combine(server.Folder, "..", "x") } })).ShouldBe(400).Blamed.ShouldBe(["/source"]);
        (await server.AdministerAsync(HttpMethod.Post, "admin/layers", new { source = new { file, table = "none" } })).ShouldBe(400).Blamed.ShouldBe(["/source"]);

        using var form = new MultipartFormDataContent
        {
            { new StringContent("""{"title": "From a table"}""", System.Text.Encoding.UTF8, "application/json"), "layer" },
            { new ByteArrayContent("WKT,name\n\"POINT (1 2)\",a\n"u8.ToArray()), "data", "table.csv" },
        };
        var table = (await server.SendAsync(HttpMethod.Post, "admin/layers", form, ("Authorization", $"Bearer {LayersServer.Token}"))).ShouldBe(201).Json;
        (table.GetProperty("id").GetString(), table.GetProperty("featureCount").GetInt64()).ShouldBe(("from-a-table", 1));
    }

    [QgisFact]
    public async Task A_result_is_published_with_its_job_and_linked_and_bounded()
    {
        var request = new { inputs = new { INPUT = JsonElement.Parse(_points), DISTANCE = 1 }, outputs = new { OUTPUT = new { publish = new { id = "around", title = "Around" } } }, response = "document" };
        var answer = (await server.ExecuteAsync("native:buffer", request)).ShouldBe(200);

        var output = answer.Json.GetProperty("OUTPUT");
        output.GetProperty("value").GetProperty("features").GetArrayLength().ShouldBe(2);
        output.GetProperty("links")[0].GetProperty("href").GetString().ShouldEndWith("/collections/around");
        answer.Headers.GetValues("Link").ShouldContain(link => link.Contains("/collections/around>; rel=\"collection\"", StringComparison.Ordinal));
        var layer = await server.LayerAsync("around");
        (layer.GetProperty("title").GetString(), layer.GetProperty("geometryType").GetString()).ShouldBe(("Around", "Polygon"));
        layer.GetProperty("expires").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddDays(6));
        var job = layer.GetProperty("job").GetString()!;
        (await server.GetAsync($"jobs/{job}")).ShouldBe(200).Json.GetProperty("links").EnumerateArray().Count(link => link.GetProperty("rel").GetString() == "collection").ShouldBe(1);

        (await server.ExecuteAsync("native:buffer", request)).ShouldBe(400).Blamed.ShouldBe(["outputs.OUTPUT.publish/id"]);
        (await server.ValidateAsync("native:buffer", new { inputs = new { INPUT = JsonElement.Parse(_points) }, outputs = new { OUTPUT = new { publish = new { tiles = new { minZoom = "x" } } } } }))
            .ShouldBe(400).Blamed.ShouldBe(["outputs.OUTPUT.publish/tiles/minZoom"]);

        var nameless = new { inputs = new { INPUT = JsonElement.Parse(_points), DISTANCE = 1 }, outputs = new { OUTPUT = new { publish = true } } };
        (await server.ExecuteAsync("native:buffer", nameless)).ShouldBe(200);
        (await server.ExecuteAsync("native:buffer", nameless)).ShouldBe(200);
        (await server.ExecuteAsync("native:buffer", nameless)).ShouldBe(400).Detail.ShouldContain("keeps 3 published results");
        (await server.AdministerAsync(HttpMethod.Post, "admin/layers/around/pin")).ShouldBe(200).Json.TryGetProperty("expires", out _).ShouldBeFalse();
        (await server.ExecuteAsync("native:buffer", nameless)).ShouldBe(200);
    }

    [QgisFact]
    public async Task A_result_that_has_been_there_for_a_while_is_published_by_its_job()
    {
        var job = await server.SubmitAsync("native:buffer", new { inputs = new { INPUT = JsonElement.Parse(_points), DISTANCE = 1 } });

        var layer = (await server.AdministerAsync(HttpMethod.Post, "admin/layers", new { id = "result", source = new { job, output = "OUTPUT" } })).ShouldBe(201).Json;

        layer.GetProperty("featureCount").GetInt64().ShouldBe(2);
        (await server.AdministerAsync(HttpMethod.Post, "admin/layers", new { source = new { job, output = "NONE" } })).ShouldBe(400).Blamed.ShouldBe(["/source"]);
    }

    [QgisFact]
    public async Task Nothing_is_administered_without_the_token()
    {
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, "admin/layers"), (HttpMethod.Post, "admin/layers"), (HttpMethod.Get, "admin/layers/a"), (HttpMethod.Put, "admin/layers/a"),
            (HttpMethod.Patch, "admin/layers/a"), (HttpMethod.Delete, "admin/layers/a"), (HttpMethod.Post, "admin/layers/a/pin"),
        })
        {
            (await server.SendAsync(method, path, null)).ShouldBe(401);
            (await server.SendAsync(method, path, null, ("Authorization", "Bearer wrong"))).ShouldBe(403);
        }

        var publish = new { inputs = new { data = JsonElement.Parse(_points) } };
        (await server.ExecuteAsync("geowps:publish", publish)).ShouldBe(401);
        (await server.ValidateAsync("geowps:publish", publish)).ShouldBe(401);
        var hidden = new { inputs = new { complexInput = new { process = "geowps:publish", publish.inputs }, literalInput = "x" } };
        (await server.ExecuteAsync("echo", hidden)).ShouldBe(401);
    }

    [QgisFact]
    public async Task Who_may_publish_does_so_in_jobs_of_its_own_from_what_it_may_see()
    {
        var (anna, bob) = (await TokenAsync("anna", "publish"), await TokenAsync("bob", "run"));
        var added = (await SendAsync(HttpMethod.Post, "admin/layers?id=annas", anna, new ByteArrayContent(_points) { Headers = { ContentType = new("application/geo+json") } })).ShouldBe(201);
        var job = added.Json.GetProperty("job").GetString()!;
        (await server.GetAsync("collections/annas")).ShouldBe(200);
        (await server.GetAsync($"jobs/{job}")).ShouldBe(404);
        (await SendAsync(HttpMethod.Get, $"jobs/{job}", bob)).ShouldBe(404);
        (await SendAsync(HttpMethod.Get, $"jobs/{job}", anna)).ShouldBe(200);

        var bobs = (await SendAsync(HttpMethod.Post, "processes/native:buffer/execution", bob, Json(new { inputs = new { INPUT = JsonElement.Parse(_points), DISTANCE = 1 } }))).ShouldBe(200);
        var source = bobs.Headers.GetValues("Link").Single(link => link.Contains("rel=\"monitor\"", StringComparison.Ordinal)).Split('>')[0].Split('/')[^1];
        object result = new { id = "bobs", source = new { job = source, output = "OUTPUT" } };
        (await SendAsync(HttpMethod.Post, "admin/layers", anna, Json(result))).ShouldBe(400).MessageFor("/source").ShouldContain($"there is no job {source}");
        (await SendAsync(HttpMethod.Post, "admin/layers", bob, Json(result))).ShouldBe(403);
        (await server.AdministerAsync(HttpMethod.Post, "admin/layers", result)).ShouldBe(201);

        (await SendAsync(HttpMethod.Post, "admin/layers", anna, Json(new { source = new { file = Path.Combine(server.Folder, "world.gpkg") } }))).ShouldBe(403);
        (await SendAsync(HttpMethod.Post, "processes/geowps:publish/execution", anna, Json(new { inputs = new { } }))).ShouldBe(403);
        (await SendAsync(HttpMethod.Delete, $"jobs/{job}", anna)).ShouldBe(200);
        (await SendAsync(HttpMethod.Delete, "admin/layers/annas", anna)).ShouldBe(204);
        (await SendAsync(HttpMethod.Delete, "admin/layers/bobs", anna)).ShouldBe(204);

        async Task<string> TokenAsync(string name, string may) =>
            (await server.AdministerAsync(HttpMethod.Post, "admin/tokens", new { name, may })).ShouldBe(201).Json.GetProperty("token").GetString()!;

        Task<Answer> SendAsync(HttpMethod method, string path, string token, HttpContent? content = null) =>
            server.SendAsync(method, path, content, ("Authorization", $"Bearer {token}"), ("Prefer", "wait=60"));

        static StringContent Json(object body) => new(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");
    }

    [QgisFact]
    public async Task Mistakes_are_told_at_once_and_what_is_too_large_or_nothing_is_refused()
    {
        (await server.AdministerAsync(HttpMethod.Post, "admin/layers", new { id = "?", tiles = new { minZoom = -1 }, more = 1 })).ShouldBe(400).Blamed.ShouldBe(["/id", "/tiles/minZoom", "/more"], ignoreOrder: true);
        (await server.AdministerAsync(HttpMethod.Post, "admin/layers", new { title = "x" })).ShouldBe(400).Blamed.ShouldBe(["/source"]);
        (await server.AdministerAsync(HttpMethod.Post, "admin/layers", "{")).ShouldBe(400);
        (await server.SendDataAsync(HttpMethod.Post, "admin/layers", new byte[20_000_001], "application/octet-stream")).ShouldBe(413);
        (await server.SendDataAsync(HttpMethod.Post, "admin/layers", "no data"u8.ToArray(), "application/octet-stream")).ShouldBe(400).Blamed.ShouldBe(["/source"]);
        (await server.AdministerAsync(HttpMethod.Post, "admin/layers", new { source = new { postgis = new { connection = "c", table = "t" } } })).ShouldBe(400).Blamed.ShouldBe(["/source/postgis/connection"]);
        (await server.AdministerAsync(HttpMethod.Post, "admin/layers", new { source = new { href = "http://10.0.0.1/x" } })).ShouldBe(400).Blamed.ShouldBe(["/source"]);
        Directory.EnumerateFileSystemEntries(Path.Combine(server.Server.Directory, "layers", ".aside")).ShouldBeEmpty();
    }

    [QgisFact]
    public async Task The_command_line_publishes_lists_shows_and_removes()
    {
        var added = await server.ShellAsync("layers", "add", LayersServer.SampleOf("places.geojson"), "--id", "shell", "--title", "By hand", "--attributes", "nameascii", "--max-zoom", "6");
        (added.Code, added.Error).ShouldBe((0, ""));
        added.Out.ShouldStartWith("shell: By hand");

        (await server.ShellAsync("layers")).Out.ShouldContain("By hand");
        JsonElement.Parse((await server.ShellAsync("layers", "show", "shell")).Out).GetProperty("tiles").GetProperty("attributes")[0].GetString().ShouldBe("nameascii");
        (await server.ShellAsync("layers", "add", LayersServer.SampleOf("world.gpkg"), "--id", "shell", "--table", "places", "--replace")).Code.ShouldBe(1, "it has no such field");
        (await server.ShellAsync("layers", "rm", "shell")).Code.ShouldBe(0);
        (await server.ShellAsync("layers", "rm", "shell")).ShouldBe((1, "", "geowps: There is no layer shell.\n"));
        (await server.ShellAsync("layers", "add", "/no/such/file")).Code.ShouldBe(2);
    }
}
