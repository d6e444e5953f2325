using System.Text.Json.Nodes;
using GeoWps.Adapters.Shell;

namespace GeoWps.Tests.Unit.Shell;

public sealed class ReadingTests
{
    [Fact]
    public async Task Processes_are_listed_over_all_pages_and_searched_by_words()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("GET /processes", $$"""{"processes":[{"id":"native:buffer","title":"Buffer","keywords":["grow"]},{"id":"echo","title":"Echo"}],"links":[{"rel":"next","href":"{{api.Address}}/processes?skip=2"}]}""")
            .On("GET /processes?skip=2", """{"processes":[{"id":"qgis:variablebuffer","title":"Variable"}],"links":[]}""");

        (await api.RunAsync("processes", "BUFFER")).ShouldBe(0);
        api.Out.ShouldBe("ID                   TITLE\nnative:buffer        Buffer\nqgis:variablebuffer  Variable\n");

        (await api.RunAsync("processes", "buffer", "grow", "--json")).ShouldBe(0);
        JsonNode.Parse(api.Out)!.AsArray().ShouldHaveSingleItem()!["id"]!.ToString().ShouldBe("native:buffer");

        (await api.RunAsync("processes", "--limit", "1")).ShouldBe(0);
        api.Out.ShouldBe("ID             TITLE\nnative:buffer  Buffer\n");
    }

    [Fact]
    public async Task A_description_is_a_table_of_inputs_and_one_of_outputs()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("GET /processes/native:buffer", """
            {"id":"native:buffer","title":"Buffer","description":"Grows.",
             "inputs":{"INPUT":{"title":"Input layer","schema":{"oneOf":[{"format":"geojson-feature-collection","type":"object"},{"type":"string","contentEncoding":"base64","contentMediaType":"application/geopackage+sqlite3"}]}},
                       "DISTANCE":{"title":"Distance","minOccurs":0,"schema":{"type":"number","minimum":0,"default":10}},
                       "STYLE":{"title":"Style","minOccurs":0,"schema":{"oneOf":[{"type":"integer","enum":[0,1],"default":1},{"type":"string","enum":["Round","Flat"]}]}},
                       "CAP":{"title":"Cap","minOccurs":0,"schema":{"oneOf":[{"type":"integer","enum":[0],"title":"Round"},{"type":"integer","enum":[1],"title":"Flat"},{"type":"string","enum":["Round","Flat"]}],"default":0}},
                       "MANY":{"title":"More","maxOccurs":"unbounded","schema":{"type":"integer"}}},
             "outputs":{"OUTPUT":{"title":"Buffered","schema":{"type":"string","contentMediaType":"application/flatgeobuf"}}}}
            """);

        (await api.RunAsync("describe", "native:buffer")).ShouldBe(0);

        api.Out.Split('\n').ShouldBe(
        [
            "native:buffer: Buffer",
            "Grows.",
            "",
            "INPUT     TITLE        TYPE              REQUIRED  DEFAULT  CHOICES",
            "INPUT     Input layer  geojson, gpkg     yes",
            "DISTANCE  Distance     number from 0     no        10",
            "STYLE     Style        integer or text   no        1        0 = Round, 1 = Flat",
            "CAP       Cap          integer or text   no        0        0 = Round, 1 = Flat",
            "MANY      More         integer, several  yes",
            "",
            "OUTPUT  TITLE     TYPE",
            "OUTPUT  Buffered  fgb",
            "",
        ], Case.Sensitive);
    }

    [Fact]
    public async Task Jobs_are_filtered_by_the_server()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("GET /jobs?limit=5&status=failed&processID=echo", """{"jobs":[{"jobID":"j1","processID":"echo","status":"failed","message":"no\u001b[31m","progress":40}]}""");

        (await api.RunAsync("jobs", "--status", "Failed", "--process", "echo", "--limit", "5")).ShouldBe(0);

        api.Out.ShouldContain("j1");
        api.Out.ShouldContain("40 %");
        api.Out.ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task A_job_shows_its_log_when_asked()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("GET /jobs/j1", """{"jobID":"j1","processID":"echo","status":"running","started":"2026-11-24T10:00:00Z"}""")
            .On("GET /jobs/j1/log", """{"entries":[{"time":"2026-11-24T10:00:01Z","level":"info","text":"halfway"}]}""");

        (await api.RunAsync("job", "j1", "--log")).ShouldBe(0);
        api.Out.ShouldContain("status    running");
        api.Out.ShouldContain("info    halfway");

        (await api.RunAsync("job", "j1", "--log", "--json")).ShouldBe(0);
        JsonNode.Parse(api.Out)!["log"]![0]!["text"]!.ToString().ShouldBe("halfway");
    }

    [Fact]
    public async Task What_the_server_refuses_goes_to_the_error_side_one_line_each()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("DELETE /jobs/j1", """{"title":"No such job","status":404,"detail":"There is no job j1."}""", 404)
            .On("GET /jobs?limit=20&status=lost", """{"title":"Invalid parameter","detail":"two","mistakes":[{"place":"status","message":"one of a, b"},{"place":"","message":"and so on"}]}""", 400);

        (await api.RunAsync("dismiss", "j1", "--json")).ShouldBe(1);
        (api.Out, api.Error).ShouldBe(("", "geowps: There is no job j1.\n"));

        (await api.RunAsync("jobs", "--status", "lost")).ShouldBe(1);
        api.Error.ShouldBe("geowps: status: one of a, b\ngeowps: and so on\n");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("describe")]
    [InlineData("jobs", "--limit", "many")]
    [InlineData("jobs", "--limit", "0")]
    public async Task What_is_spelt_wrongly_ends_with_2(params string[] args)
    {
        await using var api = await FakeApi.StartAsync();

        (await api.RunAsync(args)).ShouldBe(2);
        api.Out.ShouldBeEmpty();
        api.Error.ShouldNotBeEmpty();
        api.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_in_one_line()
    {
        using var error = new StringWriter();

        var code = await ShellModule.RunAsync(["jobs", "--server", "http://127.0.0.1:1"], new Terminal(TextWriter.Null, error, decorated: false), CancellationToken.None);

        code.ShouldBe(1);
        error.ToString().ShouldStartWith("geowps: no server answers at http://127.0.0.1:1/");
        error.ToString().Count(c => c == '\n').ShouldBe(1);
    }

    [Fact]
    public async Task The_token_is_sent()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("GET /jobs?limit=20", """{"jobs":[]}""");

        (await api.RunAsync("jobs", "--token", "t0ken")).ShouldBe(0);

        api.Requests.Single().Headers["Authorization"].ShouldBe("Bearer t0ken");
    }

    [Theory]
    [InlineData(true, "processes")]
    [InlineData(true, "run", "--help")]
    [InlineData(true, "--help")]
    [InlineData(false, "--urls", "http://127.0.0.1:9000")]
    [InlineData(false, "/Node:Role", "Worker")]
    [InlineData(false, "Node:Role=Worker")]
    [InlineData(false)]
    public void A_verb_is_told_from_a_setting(bool isVerb, params string[] args) => ShellModule.IsVerb(args).ShouldBe(isVerb);
}
