using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Tests.Unit.Shell;

public sealed class RunTests : IDisposable
{
    private const string Execution = "POST /processes/native:thing/execution";

    private const string Description = """
        {"id":"native:thing","inputs":{
          "LAYER":{"schema":{"oneOf":[{"type":"object","format":"geojson-feature-collection"},{"type":"string","contentEncoding":"base64","contentMediaType":"image/tiff; application=geotiff"},
                                      {"type":"string","contentEncoding":"base64","contentMediaType":"application/zip"}]}},
          "LAYERS":{"maxOccurs":"unbounded","schema":{"type":"object","format":"geojson-feature-collection"}},
          "NUMBER":{"schema":{"type":"number"}},"WHOLE":{"schema":{"type":"integer"}},"YES":{"schema":{"type":"boolean"}},"TEXT":{"schema":{"type":"string"}},
          "CHOICE":{"schema":{"oneOf":[{"type":"integer","enum":[0,1]},{"type":"string","enum":["Round","Flat"]}]}},
          "LIST":{"schema":{"type":"array","items":{"type":"integer"}}},
          "BOX":{"schema":{"allOf":[{"format":"ogc-bbox"},{"type":"object"}]}}},
         "outputs":{"OUTPUT":{"schema":{"oneOf":[{"type":"object","format":"geojson-feature-collection"},{"type":"string","contentMediaType":"application/geopackage+sqlite3"}]}},
                    "COUNT":{"schema":{"type":"integer"}}}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("geowps-shell-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Values_get_the_kinds_that_the_description_asks_for()
    {
        await using var api = await StartAsync();

        (await api.RunAsync("run", "native:thing", "--input", "NUMBER=3.50", "-i", "WHOLE=-7", "YES=true", "TEXT=5", "CHOICE=1", "LIST=[1, 2]", "BOX=1,2,3,4.5")).ShouldBe(0);

        Inputs(api).ShouldBe("""{"NUMBER":3.50,"WHOLE":-7,"YES":true,"TEXT":"5","CHOICE":1,"LIST":[1,2],"BOX":{"bbox":[1,2,3,4.5]}}""");
    }

    [Fact]
    public async Task A_choice_by_its_text_and_what_fits_nothing_stay_texts()
    {
        await using var api = await StartAsync();

        (await api.RunAsync("run", "native:thing", "CHOICE=Flat", "NUMBER=abc", "TEXT=http://example.org/", "WHOLE=a=b")).ShouldBe(0);

        Inputs(api).ShouldBe("""{"CHOICE":"Flat","NUMBER":"abc","TEXT":"http://example.org/","WHOLE":"a=b"}""");
    }

    [Fact]
    public async Task GeoJson_files_go_in_as_they_are_without_their_mark()
    {
        await using var api = await StartAsync();
        var first = Write("a.geojson", [0xEF, 0xBB, 0xBF, .. """{"type":"FeatureCollection","features":[]}"""u8]);
        var second = Write("b.json", [.. """{"type":"Point","coordinates":[1,2]}"""u8]);

        (await api.RunAsync("run", "native:thing", "--input", $"LAYERS={first}", "--input", $"LAYERS=@{second}")).ShouldBe(0);

        Inputs(api).ShouldBe("""{"LAYERS":[{"mediaType":"application/geo+json","value":{"type":"FeatureCollection","features":[]}},{"mediaType":"application/geo+json","value":{"type":"Point","coordinates":[1,2]}}]}""");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(48 * 1024)]
    [InlineData(3_000_001)]
    public async Task Other_files_go_in_as_base64(int length)
    {
        await using var api = await StartAsync();
        var content = new byte[length];
        new Random(1).NextBytes(content);

        (await api.RunAsync("run", "native:thing", "--input", $"LAYER={Write("dem.tif", content)}")).ShouldBe(0);

        var sent = JsonNode.Parse(Inputs(api))!["LAYER"]!;
        sent["mediaType"]!.ToString().ShouldBe("image/tiff; application=geotiff");
        sent["encoding"]!.ToString().ShouldBe("base64");
        Convert.FromBase64String(sent["value"]!.ToString()).ShouldBe(content);
        api.Requests.Single(request => request.What == Execution).Headers.ContainsKey("Expect").ShouldBe(length > 1 << 20);
    }

    [Fact]
    public async Task A_shapefile_goes_in_as_a_zip_with_its_parts_and_the_main_file_first()
    {
        await using var api = await StartAsync();
        foreach (var name in new[] { "roads.dbf", "roads.prj", "roads.shx", "roads2.dbf", "rivers.shp" })
        {
            Write(name, [1]);
        }

        (await api.RunAsync("run", "native:thing", "--input", $"LAYER={Write("roads.shp", [2])}")).ShouldBe(0);

        var sent = JsonNode.Parse(Inputs(api))!["LAYER"]!;
        sent["mediaType"]!.ToString().ShouldBe("application/zip");
        using var zip = new ZipArchive(new MemoryStream(Convert.FromBase64String(sent["value"]!.ToString())));
        zip.Entries.Select(entry => entry.FullName).ShouldBe(["roads.shp", "roads.dbf", "roads.prj", "roads.shx"]);
    }

    [Fact]
    public async Task An_address_is_a_reference()
    {
        await using var api = await StartAsync();

        (await api.RunAsync("run", "native:thing", "--input", "LAYER=http://data.example.org/x/dem.tif#a=b", "--input", "TEXT=@https://data.example.org/t")).ShouldBe(0);

        Inputs(api).ShouldBe("""{"LAYER":{"href":"http://data.example.org/x/dem.tif#a=b","type":"image/tiff; application=geotiff"},"TEXT":{"href":"https://data.example.org/t"}}""");
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_not_sent_as_if_its_name_were_the_data()
    {
        await using var api = await StartAsync();

        (await api.RunAsync("run", "native:thing", "--input", "LAYER=nowhere.tif")).ShouldBe(2);

        api.Error.ShouldBe("geowps: LAYER: there is no file nowhere.tif\n");
        api.Requests.ShouldNotContain(request => request.What == Execution);
    }

    [Fact]
    public async Task All_mistakes_are_said_at_once_before_anything_is_sent()
    {
        await using var api = await StartAsync();

        (await api.RunAsync("run", "native:thing", "--input", "LAYER=@nowhere.tif", "--input", "NOTHING=1")).ShouldBe(2);

        api.Error.ShouldContain("geowps: LAYER: there is no file nowhere.tif\n");
        api.Error.ShouldContain("geowps: NOTHING: native:thing has no such input (it has LAYER, ");
        api.Requests.ShouldNotContain(request => request.What == Execution);
    }

    [Fact]
    public async Task The_extension_of_the_file_chooses_the_format_and_the_file_appears_whole()
    {
        await using var api = await StartAsync();
        var file = Path.Combine(_folder, "new", "out.gpkg");

        (await api.RunAsync("run", "native:thing", "--out", file)).ShouldBe(0);

        Text(Body(api)["outputs"]!).ShouldBe("""{"OUTPUT":{"format":{"mediaType":"application/geopackage+sqlite3"}}}""");
        File.ReadAllText(file).ShouldBe("content");
        Directory.GetFiles(Path.GetDirectoryName(file)!).ShouldHaveSingleItem();
        api.Out.ShouldBe($"OUTPUT: {file} (7 bytes)\n");
    }

    [Fact]
    public async Task A_download_that_breaks_leaves_no_file()
    {
        await using var api = await StartAsync();
        var file = Path.Combine(_folder, "out.gpkg");
        api.On("GET /jobs/j1/results/OUTPUT", async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("part");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });

        (await api.RunAsync("run", "native:thing", "--out", $"OUTPUT={file}")).ShouldBe(1);

        Directory.GetFiles(_folder).ShouldBeEmpty();
        api.Error.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("--out", "OUTPUT=x.kml", "OUTPUT can't be had as kml, only as geojson, gpkg")]
    [InlineData("--out", "OUTPUT=x.shp", "OUTPUT: a Shapefile is several files: save it as x.zip")]
    [InlineData("--output", "NOTHING", "NOTHING: native:thing has no such output (it has OUTPUT, COUNT)")]
    [InlineData("--format", "OUTPUT=paper", "OUTPUT: paper is no format known here: write its media type")]
    public async Task An_output_that_can_not_be_had_is_refused_before_anything_is_sent(string option, string value, string message)
    {
        await using var api = await StartAsync();

        (await api.RunAsync("run", "native:thing", option, value)).ShouldBe(2);

        api.Error.ShouldBe($"geowps: {message}\n");
        api.Requests.ShouldNotContain(request => request.What == Execution);
    }

    [Fact]
    public async Task Without_a_place_for_them_contents_are_named_by_address_and_values_are_shown()
    {
        await using var api = await StartAsync();

        (await api.RunAsync("run", "native:thing")).ShouldBe(0);
        api.Out.ShouldBe($"OUTPUT: {api.Address}/jobs/j1/results/OUTPUT (7 bytes)\nCOUNT: 3\n");

        (await api.RunAsync("run", "native:thing", "--json")).ShouldBe(0);
        var json = JsonNode.Parse(api.Out)!;
        json["jobID"]!.ToString().ShouldBe("j1");
        json["outputs"]!["COUNT"]!.GetValue<int>().ShouldBe(3);
        json["outputs"]!["OUTPUT"]!["href"]!.ToString().ShouldBe($"{api.Address}/jobs/j1/results/OUTPUT");
    }

    [Fact]
    public async Task A_folder_takes_all_contents_under_their_own_names()
    {
        await using var api = await StartAsync();

        (await api.RunAsync("run", "native:thing", "--out", _folder + "/")).ShouldBe(0);

        Directory.GetFiles(_folder).ShouldBe([Path.Combine(_folder, "OUTPUT.gpkg")]);
        api.Out.ShouldContain("COUNT: 3\n");
    }

    [Fact]
    public async Task A_job_is_followed_by_its_events_and_without_them_by_asking()
    {
        await using var api = await StartAsync();
        var asked = 0;
        api.On("GET /jobs/j1", context => context.Response.WriteAsync($$"""{"jobID":"j1","status":"{{(asked++ < 2 ? "running" : "successful")}}"}"""));

        (await api.RunAsync("run", "native:thing")).ShouldBe(0);

        asked.ShouldBe(3);
        api.Requests.Count(request => request.What == "GET /jobs/j1/events").ShouldBe(1);
    }

    [Fact]
    public async Task A_failed_job_says_why_and_ends_with_1()
    {
        await using var api = await StartAsync();
        api.On("GET /jobs/j1", """{"jobID":"j1","status":"failed","message":"Feature 3 has invalid geometry."}""")
            .On("GET /jobs/j1/results", """{"title":"Job failed","detail":"INPUT: it is empty"}""", 500);

        (await api.RunAsync("run", "native:thing")).ShouldBe(1);

        (api.Out, api.Error).ShouldBe(("", "geowps: job j1 failed: Feature 3 has invalid geometry.\ngeowps: INPUT: it is empty\n"));
    }

    [Fact]
    public async Task Without_waiting_only_the_id_is_printed()
    {
        await using var api = await StartAsync();

        (await api.RunAsync("run", "native:thing", "--no-wait")).ShouldBe(0);

        api.Out.ShouldBe("j1\n");
        api.Requests.ShouldNotContain(request => request.What.StartsWith("GET /jobs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_again_under_the_same_key()
    {
        await using var api = await StartAsync();
        var asked = 0;
        api.On(Execution, context =>
        {
            if (asked++ == 0)
            {
                context.Abort();
                return Task.CompletedTask;
            }

            return context.Response.WriteAsync("""{"jobID":"j1","status":"accepted"}""");
        });

        (await api.RunAsync("run", "native:thing", "--no-wait")).ShouldBe(0);

        var keys = api.Requests.Where(request => request.What == Execution).Select(request => request.Headers["Idempotency-Key"]).ToArray();
        keys.Length.ShouldBe(2);
        keys.Distinct().ShouldHaveSingleItem();
        api.Requests.Last().Headers["Prefer"].ShouldBe("respond-async");
    }

    [Fact]
    public async Task Ctrl_C_dismisses_the_job()
    {
        await using var api = await StartAsync();
        using var interrupted = new CancellationTokenSource();
        api.On("GET /jobs/j1/events", async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("event: progress\ndata: {\"progress\":10}\n\n");
            await context.Response.Body.FlushAsync();
            await interrupted.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }).On("DELETE /jobs/j1", """{"jobID":"j1","status":"dismissed"}""");

        (await api.RunAsync(interrupted.Token, "run", "native:thing")).ShouldBe(130);

        api.Requests.ShouldContain(request => request.What == "DELETE /jobs/j1");
        api.Error.ShouldBe("geowps: job j1 dismissed\n");
    }

    private static async Task<FakeApi> StartAsync()
    {
        var api = await FakeApi.StartAsync();
        return api
            .On("GET /processes/native:thing", Description)
            .On(Execution, """{"jobID":"j1","status":"accepted"}""", 201)
            .On("GET /jobs/j1", """{"jobID":"j1","status":"successful"}""")
            .On("GET /jobs/j1/results/COUNT", "3")
            .On("GET /jobs/j1/results/OUTPUT", context =>
            {
                context.Response.ContentType = "application/geopackage+sqlite3";
                context.Response.ContentLength = 7;
                return context.Response.WriteAsync("content");
            });
    }

    private static JsonNode Body(FakeApi api) => JsonNode.Parse(api.Requests.Last(request => request.What == Execution).Body)!;

    private static string Inputs(FakeApi api)
    {
        Body(api)["response"]!.ToString().ShouldBe("document");
        return Text(Body(api)["inputs"]!);
    }

    private static string Text(JsonNode json) => json.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
