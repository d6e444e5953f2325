using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Jobs;

namespace GeoWps.Tests.Unit.Http;

/// <summary>Who asks, what that one may, and whose a job is: by right, and in each protocol's own words.</summary>
public sealed class CallerTests(HttpHost open, CallerTests.Closed closed) : IClassFixture<HttpHost>, IClassFixture<CallerTests.Closed>
{
    private const string Execute = """{"inputs":{"text":"hello"}}""";

    private const string WpsExecute =
        """<wps:Execute xmlns:wps="http://www.opengis.net/wps/2.0" xmlns:ows="http://www.opengis.net/ows/2.0" service="WPS" version="2.0.0" mode="sync" response="document"><ows:Identifier>say</ows:Identifier><wps:Input id="text"><wps:Data>hello</wps:Data></wps:Input><wps:Output id="text" transmission="value"/></wps:Execute>""";

    private const string WpsExecute1 =
        """<wps:Execute xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1" service="WPS" version="1.0.0"><ows:Identifier>say</ows:Identifier><wps:DataInputs><wps:Input><ows:Identifier>text</ows:Identifier><wps:Data><wps:LiteralData>hello</wps:LiteralData></wps:Data></wps:Input></wps:DataInputs></wps:Execute>""";

    private HttpHost _host = open;

    /// <summary>Every way to run something: method, path, body, media type, and the mark of the protocol's own form.</summary>
    public static TheoryData<string, string, string?, string, string> Ways => new()
    {
        { "POST", "processes/say/execution", Execute, "application/json", "problem+json" },
        { "POST", "jobs", """{"process":"say","inputs":{"text":"hello"}}""", "application/json", "problem+json" },
        { "POST", "processes/say/validation", Execute, "application/json", "problem+json" },
        { "GET", "processes/say/execution?text=hello", null, "", "problem+json" },
        { "POST", "wps", WpsExecute, "text/xml", "http://www.opengis.net/ows/2.0" },
        { "POST", "wps", WpsExecute1, "text/xml", "http://www.opengis.net/ows/1.1" },
        { "GET", "wps?service=WPS&version=1.0.0&request=Execute&identifier=say&DataInputs=text=hello", null, "", "http://www.opengis.net/ows/1.1" },
        { "GET", "wps?service=WPS&version=2.0.0&request=Execute&identifier=say&DataInputs=text=hello", null, "", "http://www.opengis.net/ows/2.0" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Running_needs_the_right_on_every_face(string method, string path, string? body, string type, string form)
    {
        _host = closed.Host;
        var (run, files) = (await TokenAsync("anna", Rights.Run), await TokenAsync("fred", Rights.Files | Rights.Publish));

        var nobody = await SendAsync(method, path, null, body, type);
        nobody.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        nobody.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        await ShouldBeInAsync(nobody, form);

        var other = await SendAsync(method, path, files, body, type);
        other.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        other.Headers.WwwAuthenticate.ToString().ShouldBe("""Bearer error="insufficient_scope", scope="run" """.Trim());
        await ShouldBeInAsync(other, form);

        (await SendAsync(method, path, run, body, type)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(method, path, HttpHost.Token, body, type)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _host.Jobs.ListAsync(new JobFilter { Limit = 9 }, CancellationToken.None)).Jobs.Select(job => job.Owner).ShouldBeSubsetOf(["anna", null]);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task By_default_everybody_may_run(string method, string path, string? body, string type, string form)
    {
        (await SendAsync(method, path, null, body, type)).StatusCode.ShouldBe(HttpStatusCode.OK, form);
    }

    [Theory]
    [InlineData("processes", "problem+json")]
    [InlineData("who", "problem+json")]
    [InlineData("no/such/path", "problem+json")]
    [InlineData("health/live", "problem+json")]
    [InlineData("collections", "problem+json")]
    [InlineData("admin/tokens", "problem+json")]
    [InlineData("wps?service=WPS&request=GetCapabilities", "http://www.opengis.net/ows/2.0")]
    [InlineData("wps?service=WPS&request=GetCapabilities&version=1.0.0", "http://www.opengis.net/ows/1.1")]
    [InlineData("wps/status/x", "http://www.opengis.net/ows/1.1")]
    [InlineData("wmts?service=WMTS&request=GetCapabilities", "http://www.opengis.net/ows/1.1")]
    public async Task A_token_that_does_not_count_is_told_so_whatever_is_asked_for(string path, string form)
    {
        var revoked = await TokenAsync("anna", Rights.All);
        (await SendAsync("DELETE", "admin/tokens/anna", HttpHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var expired = await TokenAsync("bob", Rights.All, DateTimeOffset.UtcNow.AddSeconds(-1));

        foreach (var token in new[] { revoked, expired, TokenText.Make() })
        {
            var answer = await SendAsync("GET", path, token);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Bearer error=\"invalid_token\"");
            await ShouldBeInAsync(answer, form);
        }
    }

    [Fact]
    public async Task A_bearer_that_is_none_of_ours_is_somebody_elses_affair_until_a_right_is_needed()
    {
        (await SendAsync("GET", "processes", "eyJ.of.a.proxy")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync("GET", "admin/tokens", "eyJ.of.a.proxy")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await TextAsync("who", ("Authorization", "Basic YTpi"))).ShouldBe("run,files");
    }

    [Fact]
    public async Task Jobs_are_their_callers_and_for_others_they_are_not_there()
    {
        var (anna, bob, ops) = (await TokenAsync("anna", Rights.Run), await TokenAsync("bob", Rights.Run), await TokenAsync("ops", Rights.Admin));
        var created = await SendAsync("POST", "processes/say/execution", anna, Execute, "application/json", ("Prefer", "respond-async"));
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        var id = (await HttpHost.ReadAsync(created)).GetProperty("jobID").GetString()!;
        _host.Jobs.Put((await _host.Jobs.FindAsync(JobId.TryParse(id, out var known) ? known : null!, CancellationToken.None))! with
        {
            State = new JobState.Successful(Some.Time, Some.Time),
            Outputs = [Some.Literal("text", "\"hello\"")],
        });
        string[] views =
        [
            $"jobs/{id}", $"jobs/{id}?f=html", $"jobs/{id}/results", $"jobs/{id}/results/text", $"jobs/{id}/log", $"jobs/{id}/events", $"wps/status/{id}",
            $"wps?service=WPS&version=2.0.0&request=GetStatus&jobId={id}", $"wps?service=WPS&version=2.0.0&request=GetResult&jobId={id}",
        ];

        foreach (var view in views)
        {
            foreach (var other in new[] { null, bob })
            {
                (await SendAsync("GET", view, other)).StatusCode.ShouldBe(HttpStatusCode.NotFound, view);
            }

            foreach (var token in new[] { anna, ops, HttpHost.Token })
            {
                (await SendAsync("GET", view, token)).StatusCode.ShouldBe(HttpStatusCode.OK, view);
            }
        }

        (await SendAsync("GET", $"wps?service=WPS&version=2.0.0&request=Dismiss&jobId={id}", bob)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync("DELETE", $"jobs/{id}", bob)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync("DELETE", $"jobs/{id}", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync("DELETE", $"jobs/{id}", anna)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync("GET", $"jobs/{id}", anna)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_list_shows_ones_own_jobs_and_nobodys_and_an_administrator_all()
    {
        var (anna, bob) = (await TokenAsync("anna", Rights.Run), await TokenAsync("bob", Rights.Run));
        foreach (var owner in new[] { "anna", "bob", null })
        {
            _host.Jobs.Put(Some.Job(new JobState.Accepted(null), JobId.New(Some.Time)) with { Owner = owner, ProcessId = $"of-{owner ?? "nobody"}" });
        }

        (await ListAsync(anna)).ShouldBe(["of-anna", "of-nobody"]);
        (await ListAsync(bob)).ShouldBe(["of-bob", "of-nobody"]);
        (await ListAsync(null)).ShouldBe(["of-nobody"]);
        (await ListAsync(HttpHost.Token)).ShouldBe(["of-anna", "of-bob", "of-nobody"]);
    }

    [Fact]
    public async Task The_same_idempotency_key_of_two_callers_makes_two_jobs()
    {
        var (anna, bob) = (await TokenAsync("anna", Rights.Run), await TokenAsync("bob", Rights.Run));
        var ids = new List<string>();
        foreach (var token in new[] { anna, bob, null, anna })
        {
            var created = await SendAsync("POST", "processes/say/execution", token, Execute, "application/json", ("Prefer", "respond-async"), ("Idempotency-Key", "k"));
            ids.Add((await HttpHost.ReadAsync(created)).GetProperty("jobID").GetString()!);
        }

        ids.Take(3).Distinct().Count().ShouldBe(3);
        ids[3].ShouldBe(ids[0]);
    }

    [Fact]
    public async Task A_token_is_made_shown_once_listed_and_revoked()
    {
        var made = await SendAsync("POST", "admin/tokens", HttpHost.Token, """{"name":"carol","may":["run","publish"],"expires":"90d"}""", "application/json");
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        made.Headers.CacheControl!.NoStore.ShouldBeTrue();
        made.Headers.Location!.ToString().ShouldBe(_host.Address + "admin/tokens/carol");
        var text = (await HttpHost.ReadAsync(made)).GetProperty("token").GetString()!;

        (await TextAsync("who", ("Authorization", $"Bearer {text}"))).ShouldBe("carol run,publish");
        var list = await (await SendAsync("GET", "admin/tokens", HttpHost.Token)).Content.ReadAsStringAsync();
        list.ShouldNotContain(text[4..]);
        list.ShouldNotContain(TokenText.DigestOf(text));
        list.ShouldContain("\"name\":\"carol\",\"may\":[\"run\",\"publish\"]");

        (await SendAsync("POST", "admin/tokens", HttpHost.Token, """{"name":"carol","may":["run"]}""", "application/json")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var wrong = await SendAsync("POST", "admin/tokens", HttpHost.Token, """{"name":"An na","may":["fly"]}""", "application/json");
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await HttpHost.ReadAsync(wrong)).GetProperty("mistakes").EnumerateArray().Select(mistake => mistake.GetProperty("place").GetString()).ShouldBe(["name", "may"]);

        (await SendAsync("DELETE", "admin/tokens/carol", HttpHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync("DELETE", "admin/tokens/carol", HttpHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync("GET", "who", text)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("GET", "admin/tokens", Rights.Admin)]
    [InlineData("POST", "admin/tokens", Rights.Admin)]
    [InlineData("DELETE", "admin/tokens/x", Rights.Admin)]
    [InlineData("GET", "admin/schedules", Rights.Admin)]
    [InlineData("GET", "cache", Rights.Admin)]
    [InlineData("POST", "processes", Rights.Admin)]
    [InlineData("GET", "admin/layers", Rights.Publish)]
    [InlineData("POST", "admin/layers", Rights.Publish)]
    [InlineData("DELETE", "admin/layers/x", Rights.Publish)]
    [InlineData("POST", "admin/layers/x/pin", Rights.Publish)]
    public async Task What_administers_and_what_publishes_needs_its_right(string method, string path, Rights needed)
    {
        foreach (var right in new[] { Rights.Run, Rights.Files, Rights.Publish, Rights.Admin })
        {
            var answer = await SendAsync(method, path, await TokenAsync($"t{(int)right}", right), "{}", "application/json");
            (answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized).ShouldBe(right != needed && right != Rights.Admin, $"{right}: {answer.StatusCode}");
        }

        (await SendAsync(method, path, null, "{}", "application/json")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("""{"source":{"file":"/etc/passwd"}}""")]
    [InlineData("""{"source":{"postgis":{"connection":"c","query":"SELECT 1"}}}""")]
    public async Task Who_may_publish_may_not_publish_what_the_server_reaches(string form)
    {
        var answer = await SendAsync("POST", "admin/layers", await TokenAsync("anna", Rights.Publish), form, "application/json");
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-Proto", "http")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Origin", "https://evil.example.org")]
    [InlineData("Host", "evil.example.org")]
    [InlineData(CallerSeal.Header, "1;0;127.0.0.1;local;AAAA")]
    public async Task Who_asks_here_may_more_and_nothing_that_came_by_others_hands_does(string header, string value)
    {
        (await TextAsync("who")).ShouldBe("run,files");
        (await TextAsync("who", (header, value))).ShouldBe("run");
    }

    [Fact]
    public async Task A_gateways_word_is_believed_when_it_is_sealed_for_this_request()
    {
        var seal = new CallerSeal(new AdminToken(HttpHost.Token), TimeProvider.System);
        (string, string)[] Passed(bool isLocal, string method = "GET", string target = "/who", CallerSeal? by = null) =>
            [("X-Forwarded-For", "127.0.0.1"), (CallerSeal.Header, (by ?? seal).Write(new PassedCaller(IPAddress.Loopback, isLocal), method, target))];

        (await TextAsync("who", Passed(isLocal: true))).ShouldBe("run,files");
        (await TextAsync("who?a=%20b", Passed(isLocal: true, target: "/who?a=%20b"))).ShouldBe("run,files");
        (await TextAsync("who", Passed(isLocal: false))).ShouldBe("run");
        (await TextAsync("who", Passed(isLocal: true, target: "/processes"))).ShouldBe("run");
        (await TextAsync("who?a", Passed(isLocal: true))).ShouldBe("run");
        (await TextAsync("who", Passed(isLocal: true, method: "POST"))).ShouldBe("run");
        (await TextAsync("who", Passed(isLocal: true, by: new CallerSeal(new AdminToken("the-token-of-another-cluster"), TimeProvider.System)))).ShouldBe("run");
    }

    private async Task<string> TokenAsync(string name, Rights rights, DateTimeOffset? expires = null)
    {
        var text = TokenText.Make();
        await _host.Tokens.RemoveAsync(name, CancellationToken.None);
        (await _host.Tokens.TryAddAsync(new StoredToken(name, TokenText.DigestOf(text), rights, DateTimeOffset.UtcNow, expires, null), CancellationToken.None)).ShouldBeTrue();

        // As after the time that another node takes to see it.
        _host.Callers.Forget();
        return text;
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? token, string? body = null, string type = "", params (string Name, string Value)[] headers)
    {
        (string, string)[] all = token is null ? headers : [("Authorization", $"Bearer {token}"), .. headers];
        return method == "POST" && body is not null ? await _host.PostAsync(path, body, type, all) : await _host.SendAsync(new HttpMethod(method), path, null, all);
    }

    private async Task<string> TextAsync(string path, params (string Name, string Value)[] headers) =>
        await (await _host.SendAsync(HttpMethod.Get, path, null, headers)).Content.ReadAsStringAsync();

    private async Task<string[]> ListAsync(string? token)
    {
        var answer = await HttpHost.ReadAsync(await SendAsync("GET", "jobs", token));
        return [.. answer.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("processID").GetString()!).Where(id => id.StartsWith("of-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    private static async Task ShouldBeInAsync(HttpResponseMessage answer, string form)
    {
        if (form == "problem+json")
        {
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()).GetProperty("status").GetInt32().ShouldBe((int)answer.StatusCode);
        }
        else
        {
            var report = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!;
            report.Name.ShouldBe(XName.Get("ExceptionReport", form));
        }
    }

    /// <summary>Where nobody may anything without a token.</summary>
    public sealed class Closed : IAsyncLifetime
    {
        internal HttpHost Host { get; } = new() { Anonymous = ["none"] };

        public Task InitializeAsync() => Host.InitializeAsync();

        public Task DisposeAsync() => Host.DisposeAsync();
    }
}
