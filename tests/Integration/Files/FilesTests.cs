using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Layers;
using GeoWps.Tests.Unit.Storage;

namespace GeoWps.Tests.Integration.Files;

[Collection(LayersServerTests.Name)]
public sealed class FilesTests(LayersServer server)
{
    [QgisFact]
    public async Task A_file_is_stored_replaced_read_in_parts_and_removed()
    {
        var created = (await PutAsync("f1/江河/長江 🌊.txt", "0123456789")).ShouldBe(201);
        created.Header("Location").ShouldEndWith("/files/f1/%E6%B1%9F%E6%B2%B3/%E9%95%B7%E6%B1%9F%20%F0%9F%8C%8A.txt");
        var tag = created.Header("ETag");
        var path = "files/f1/江河/長江 🌊.txt";

        (await server.GetAsync(path)).ShouldBe(200).Text.ShouldBe("0123456789");
        (await server.GetAsync(path, ("Range", "bytes=2-4"))).ShouldBe(206).Text.ShouldBe("234");
        (await server.GetAsync(path, ("Range", "bytes=-3"), ("If-Range", tag))).ShouldBe(206).Text.ShouldBe("789");
        (await server.GetAsync(path, ("Range", "bytes=2-4"), ("If-Range", "\"other\""))).ShouldBe(200).Text.ShouldBe("0123456789");
        (await server.GetAsync(path, ("Range", "bytes=10-"))).ShouldBe(416);
        (await server.GetAsync(path, ("If-None-Match", tag))).ShouldBe(304);
        (await server.GetAsync(path, ("If-Match", "\"other\""))).ShouldBe(412);
        var head = (await server.SendAsync(HttpMethod.Head, path, null)).ShouldBe(200);
        head.Text.ShouldBe("");
        head.Header("X-Content-Type-Options").ShouldBe("nosniff");
        head.Header("Content-Security-Policy").ShouldContain("sandbox");

        (await PutAsync("f1/江河/長江 🌊.txt", "new", ("If-None-Match", "*"))).ShouldBe(412);
        (await PutAsync("f1/江河/長江 🌊.txt", "new", ("If-Match", "\"other\""))).ShouldBe(412);
        (await PutAsync("f1/江河/長江 🌊.txt", "new", ("If-Match", tag))).ShouldBe(200);
        (await server.GetAsync(path)).Text.ShouldBe("new");
        (await DeleteAsync("f1/江河/長江 🌊.txt", ("If-Match", tag))).ShouldBe(412);
        (await DeleteAsync("f1")).ShouldBe(409);
        (await DeleteAsync("f1?recursive=true")).ShouldBe(204);
        (await server.GetAsync(path)).ShouldBe(404);
    }

    [QgisFact]
    public async Task What_came_damaged_is_refused_by_every_header_that_says_so()
    {
        var (right, wrong) = (Convert.ToBase64String(SHA256.HashData("text"u8)), Convert.ToBase64String(SHA256.HashData("other"u8)));
        foreach (var (name, value) in new[] { ("Content-Digest", $"sha-256=:{wrong}:"), ("Repr-Digest", $"unknown=:AA==:, sha-256=:{wrong}:"), ("Digest", $"SHA-256={wrong}"), ("Content-MD5", Convert.ToBase64String(MD5.HashData("other"u8))) })
        {
            (await PutAsync("f2/a", "text", (name, value))).ShouldBe(400).Text.ShouldContain("than was sent");
        }

        (await PutAsync("f2/a", "text", ("Content-Digest", "sha-256=:nonsense:"))).ShouldBe(400);
        (await PutAsync("f2/a", "text", ("Content-Range", "bytes 0-3/10"))).ShouldBe(400);
        (await PutAsync("f2/a", "text", ("Content-Digest", $"sha-256=:{right}:"))).ShouldBe(201);
    }

    [QgisFact]
    public async Task Wrong_paths_are_refused_and_none_leads_out()
    {
        foreach (var path in new[] { "f3/a%00b", "f3/a%5Cb", "f3/%E2%80%AEgpj.exe", "f3/x%20", "f3//x", "f3/" + new string('n', 181) })
        {
            (await PutAsync(path, "x")).Status.ShouldBeOneOf([400, 404, 405], path);
        }

        (await PutAsync("f3/ok", "x")).ShouldBe(201);
        (await PutAsync("f3/ok/below", "x")).ShouldBe(409);
        (await PutAsync("f3", "x")).ShouldBe(409);
        (await server.GetAsync("files/f3?recursive=true")).Json.GetProperty("entries").GetArrayLength().ShouldBe(1);
    }

    [QgisFact]
    public async Task A_folder_is_listed_as_JSON_page_and_footprints()
    {
        foreach (var name in new[] { "c.txt", "a.txt", "b/d.txt" })
        {
            (await PutAsync($"f4/{name}", name)).ShouldBe(201);
        }

        var first = (await server.GetAsync("files/f4?limit=2&sort=-name")).ShouldBe(200).Json;
        Names(first).ShouldBe(["b", "c.txt"]);
        var next = first.GetProperty("links").EnumerateArray().Single(link => link.GetProperty("rel").GetString() == "next").GetProperty("href").GetString()!;
        Names((await server.GetAsync(new Uri(next).PathAndQuery[1..])).ShouldBe(200).Json).ShouldBe(["a.txt"]);
        (await server.GetAsync("files/f4?f=html")).ShouldBe(200).Text.ShouldContain("a.txt");
        (await server.GetAsync("files/f4?f=geojson&recursive=true")).ShouldBe(200).Json.GetProperty("features").GetArrayLength().ShouldBe(3);
        var (all, page) = (new List<string?>(), "files/f4?f=geojson&recursive=true&sort=-name&limit=1");
        for (var i = 0; i < 4 && page.Length > 0; i++)
        {
            var features = (await server.GetAsync(page)).ShouldBe(200).Json;
            all.AddRange(features.GetProperty("features").EnumerateArray().Select(file => file.GetProperty("id").GetString()));
            page = features.GetProperty("links").EnumerateArray().Where(link => link.GetProperty("rel").GetString() == "next").Select(link => new Uri(link.GetProperty("href").GetString()!).PathAndQuery[1..]).SingleOrDefault() ?? "";
        }

        (page, string.Join(' ', all)).ShouldBe(("", "f4/c.txt f4/b/d.txt f4/a.txt"));

        // Each form of a list leads to the others of the same list.
        var html = Regex.Match((await server.GetAsync("files/f4?recursive=true&sort=-name&f=html")).ShouldBe(200).Text, "href=\"[^\"]*/(files/f4[^\"]*f=json)\"").Groups[1].Value.Replace("&amp;", "&", StringComparison.Ordinal);
        var json = (await server.GetAsync(html)).ShouldBe(200).Json;
        Names(json).ShouldBe(["c.txt", "d.txt", "b", "a.txt"], ignoreOrder: true);
        (await server.GetAsync(new Uri(json.GetProperty("links").EnumerateArray().Single(link => link.GetProperty("rel").GetString() == "alternate").GetProperty("href").GetString()!).PathAndQuery[1..]))
            .ShouldBe(200).Text.ShouldContain("d.txt");
        foreach (var wrong in new[] { "sort=up", "limit=0", "after=nonsense", "recursive=2", "f=xml", "unknown=1" })
        {
            (await server.GetAsync($"files/f4?{wrong}")).ShouldBe(400);
        }
    }

    [QgisFact]
    public async Task Files_and_folders_move_and_are_copied()
    {
        (await PutAsync("f5/a/x", "x")).ShouldBe(201);
        (await PutAsync("f5/y", "y")).ShouldBe(201);

        (await PostAsync("f5/a?moveTo=f5/b")).ShouldBe(201);
        (await PostAsync("f5/y?moveTo=f5/b/x")).ShouldBe(409);
        (await PostAsync("f5/y?moveTo=/files/f5/b/x&overwrite=true")).ShouldBe(200);
        (await PostAsync("f5/b?copyTo=f5/c/")).ShouldBe(201).Json.GetProperty("path").GetString().ShouldBe("f5/c/b");
        (await PostAsync("f5/b?moveTo=f5/b/z")).ShouldBe(409);
        (await PostAsync("f5/none?moveTo=f5/z")).ShouldBe(404);
        (await PostAsync("f5/b")).ShouldBe(400);

        (await server.GetAsync("files/f5/b/x")).Text.ShouldBe("y");
        (await server.GetAsync("files/f5/c/b/x")).Text.ShouldBe("y");
    }

    [QgisFact]
    public async Task GeoPackage_shapefile_and_GeoTIFF_tell_what_they_hold_are_inputs_and_layers()
    {
        using var shapes = Shapefile();
        await PutFileAsync("f6/world.gpkg", LayersServer.SampleOf("world.gpkg"));
        await PutFileAsync("f6/dem.tif", LayersServer.SampleOf("jacksboro_dem.tif"));
        foreach (var part in Directory.GetFiles(shapes.Root))
        {
            await PutFileAsync("f6/" + Path.GetFileName(part), part);
        }

        var package = await ContentsAsync("f6/world.gpkg");
        package.GetProperty("format").GetString().ShouldBe("GPKG");
        package.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("name").GetString()).ShouldContain("countries");
        foreach (var name in new[] { "f6/places.shp", "f6/places.zip" })
        {
            var layer = (await ContentsAsync(name)).GetProperty("layers").EnumerateArray().ShouldHaveSingleItem();
            (layer.GetProperty("geometryType").GetString(), layer.GetProperty("crs").GetString()).ShouldBe(("Point", "EPSG:4326"));
            layer.GetProperty("featureCount").GetInt32().ShouldBe(2);

            var buffered = await server.ExecuteAsync("native:centroids", new { inputs = new { INPUT = new { href = $"/files/{name}" } } });
            buffered.ShouldBe(200).Json.GetProperty("features").GetArrayLength().ShouldBe(2);
        }

        var raster = (await ContentsAsync("f6/dem.tif")).GetProperty("raster");
        (raster.GetProperty("width").GetInt32(), raster.GetProperty("bands").GetArrayLength()).ShouldBe((403, 1));
        var statistics = await server.ExecuteAsync("native:rasterlayerstatistics", new { inputs = new { INPUT = new { href = new Uri(server.Server.Address, "files/f6/dem.tif").ToString() } }, response = "document" });
        statistics.ShouldBe(200).Json.GetProperty("MAX").GetDouble().ShouldBe(1076);
        (await server.GetAsync("files/f6?f=geojson")).Json.GetProperty("features").EnumerateArray().Single(file => file.GetProperty("id").GetString() == "f6/dem.tif").GetProperty("geometry").GetProperty("type").GetString().ShouldBe("Polygon");

        foreach (var (id, file) in new[] { ("f6-places", "places.shp"), ("f6-dem", "dem.tif") })
        {
            var form = new { id, source = new { href = $"/files/f6/{file}" } };
            (await server.AdministerAsync(HttpMethod.Post, "admin/layers", form, ("Prefer", "wait=60"))).Status.ShouldBeOneOf(200, 201);
            (await server.LayerAsync(id)).GetProperty("id").GetString().ShouldBe(id);
            (await server.AdministerAsync(HttpMethod.Delete, $"admin/layers/{id}")).ShouldBe(204);
        }
    }

    [QgisFact]
    public async Task A_zip_of_a_shapefile_is_found_where_it_is_soon_after_it_came()
    {
        using var shapes = Shapefile();
        await PutFileAsync("zipped/archive.zip", shapes["places.zip"]);

        // Nobody has asked what it holds.
        JsonElement found = default;
        await QgisServer.Until(
            async () => (found = (await server.GetAsync("search?q=archive.zip&bbox=10.4,50.4,10.6,50.6")).ShouldBe(200).Json).GetProperty("numberMatched").GetInt32() > 0,
            "the zip is found by where its data are");

        var properties = found.GetProperty("features").EnumerateArray().ShouldHaveSingleItem().GetProperty("properties");
        properties.GetProperty("keywords").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe("places");
    }

    [QgisFact]
    public async Task A_request_that_names_a_file_that_is_not_there_is_refused_before_it_runs() =>
        (await server.ExecuteAsync("native:centroids", new { inputs = new { INPUT = new { href = "/files/f7/none.gpkg" } } })).ShouldBe(400).Text.ShouldContain("there is no file f7/none.gpkg");

    [QgisFact]
    public async Task A_download_that_was_broken_off_is_resumed_by_curl_and_by_the_shell()
    {
        using var folder = new TemporaryFolder();
        var content = RandomNumberGenerator.GetBytes(3_000_000);
        await File.WriteAllBytesAsync(folder["sent"], content);
        await PutFileAsync("f8/large", folder["sent"]);
        var address = new Uri(server.Server.Address, "files/f8/large").ToString();

        await File.WriteAllBytesAsync(folder["curled"], content[..1_000_000]);
        (await RunAsync("curl", "-sf", "-C", "-", "-o", folder["curled"], address)).ShouldBe(0);
        (await File.ReadAllBytesAsync(folder["curled"])).ShouldBe(content);

        await File.WriteAllBytesAsync(folder["fetched.part"], content[..2_000_000]);
        await File.WriteAllTextAsync(folder["fetched.part-etag"], (await server.SendAsync(HttpMethod.Head, "files/f8/large", null)).Header("ETag"));
        var (code, output, error) = await server.ShellAsync("files", "get", "f8/large", folder["fetched"], "--json");
        code.ShouldBe(0, error);
        JsonElement.Parse(output).GetProperty("resumedAt").GetInt64().ShouldBe(2_000_000);
        (await File.ReadAllBytesAsync(folder["fetched"])).ShouldBe(content);
    }

    [QgisFact]
    public async Task The_shell_stores_lists_moves_and_removes()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["data.csv"], "a,b\n1,2\n");

        (await server.ShellAsync("files", "put", folder["data.csv"], "f9/")).Code.ShouldBe(0);
        (await server.ShellAsync("files", "mv", "f9/data.csv", "f9/moved.csv")).Code.ShouldBe(0);
        var (_, listed, _) = await server.ShellAsync("files", "ls", "f9", "--json");
        JsonElement.Parse(listed).EnumerateArray().ShouldHaveSingleItem().GetProperty("path").GetString().ShouldBe("f9/moved.csv");
        (await server.ShellAsync("files", "info", "f9/moved.csv")).Out.ShouldContain("CSV");
        (await server.ShellAsync("files", "rm", "f9")).Code.ShouldBe(1);
        (await server.ShellAsync("files", "rm", "-r", "f9")).Code.ShouldBe(0);
    }

    [QgisFact]
    public async Task A_jobs_result_becomes_a_file_that_outlives_the_job()
    {
        var points = string.Join(',', Enumerable.Range(0, 3000).Select(i => $$$"""{"type": "Feature", "properties": {"name": "a"}, "geometry": {"type": "Point", "coordinates": [{{{i % 180}}}, 50]}}"""));
        var job = await server.SubmitAsync("native:centroids", new { inputs = new { INPUT = JsonElement.Parse($$$"""{"type": "FeatureCollection", "features": [{{{points}}}]}""") } });
        (await server.EndOfAsync(job)).ShouldBe("successful");
        var result = (await server.GetAsync($"jobs/{job}/results/OUTPUT")).ShouldBe(200).Text;

        (await PostAsync($"f10/kept/?copyFrom=/jobs/{job}/results/OUTPUT")).ShouldBe(201).Json.GetProperty("type").GetString().ShouldBe("application/geo+json");
        (await server.ShellAsync("files", "save", $"{job}:OUTPUT", "f10/named.geojson")).Code.ShouldBe(0);
        (await server.ShellAsync("files", "save", $"{job}:OUTPUT", "f10/named.geojson")).Error.ShouldContain("overwrite");
        (await server.ShellAsync("files", "save", job, "f10/x")).Error.ShouldContain("JOB:OUTPUT");
        (await PostAsync($"f10/x?copyFrom=/jobs/{job}/results/NONE")).ShouldBe(404);
        (await PostAsync($"f10/x?copyFrom=/jobs/{job[..^1]}{(job[^1] == '0' ? '1' : '0')}/results/OUTPUT")).ShouldBe(404);
        (await PostAsync("f10/x?copyFrom=/files/f10/named.geojson")).ShouldBe(400);
        (await server.SendAsync(HttpMethod.Delete, $"jobs/{job}", null)).ShouldBe(200);

        var files = (await server.GetAsync("files/f10?recursive=true")).Json.GetProperty("entries").EnumerateArray().Where(entry => entry.GetProperty("kind").GetString() == "file").ToList();
        files.Count.ShouldBe(2);
        foreach (var file in files)
        {
            (await server.GetAsync("files/" + file.GetProperty("path").GetString())).ShouldBe(200).Text.ShouldBe(result);
        }
    }

    private static IEnumerable<string?> Names(JsonElement listing) => listing.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("name").GetString());

    private Task<Answer> PutAsync(string path, string text, params (string Name, string Value)[] headers) => PutAsync(path, Encoding.UTF8.GetBytes(text), headers);

    private async Task PutFileAsync(string path, string file) => (await PutAsync(path, await File.ReadAllBytesAsync(file))).Status.ShouldBeOneOf(200, 201);

    private Task<Answer> PutAsync(string path, byte[] bytes, params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(bytes);
        foreach (var (name, value) in headers.Where(header => header.Name.StartsWith("Content-", StringComparison.Ordinal)))
        {
            content.Headers.TryAddWithoutValidation(name, value);
        }

        return server.SendAsync(HttpMethod.Put, "files/" + path, content, [.. headers.Where(header => !header.Name.StartsWith("Content-", StringComparison.Ordinal))]);
    }

    private Task<Answer> PostAsync(string path) => server.SendAsync(HttpMethod.Post, "files/" + path, null);

    private Task<Answer> DeleteAsync(string path, params (string Name, string Value)[] headers) => server.SendAsync(HttpMethod.Delete, "files/" + path, null, headers);

    private async Task<JsonElement> ContentsAsync(string path) => (await server.GetAsync($"files/{path}?f=info")).ShouldBe(200).Json.GetProperty("contents");

    /// <summary>Two points: the parts of a shapefile, and a zip of them.</summary>
    private static TemporaryFolder Shapefile()
    {
        var folder = new TemporaryFolder();
        File.WriteAllText(folder["places.geojson"], """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"a"},"geometry":{"type":"Point","coordinates":[10,50]}},{"type":"Feature","properties":{"name":"b"},"geometry":{"type":"Point","coordinates":[11,51]}}]}""");
        RunAsync("ogr2ogr", "-f", "ESRI Shapefile", folder["places.shp"], folder["places.geojson"]).GetAwaiter().GetResult().ShouldBe(0);
        File.Delete(folder["places.geojson"]);
        using var zip = ZipFile.Open(folder["places.zip"], ZipArchiveMode.Create);
        foreach (var part in Directory.GetFiles(folder.Root, "places.*").Where(part => !part.EndsWith(".zip", StringComparison.Ordinal)))
        {
            zip.CreateEntryFromFile(part, Path.GetFileName(part));
        }

        return folder;
    }

    private static async Task<int> RunAsync(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words))!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
