using System.Net;
using System.Text;
using GeoWps.Adapters.References;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.References;

public sealed class HttpReferenceFetcherTests
{
    private static readonly IPAddress _loopback = IPAddress.Loopback;

    private readonly MemoryStream _destination = new();

    [Fact]
    public async Task An_allowed_host_is_fetched_though_it_is_loopback()
    {
        await using var server = new ScriptedServer(_ => ScriptedServer.Ok("{\"a\":1}", "Content-Type: application/geo+json\r\n"));

        var fetched = await FetchAsync($"{server.Address}/data/my%20lines.geojson#layername=x", ["127.0.0.1"]);

        fetched.ShouldBe(new FetchOutcome.Fetched(7, "application/geo+json", "my_lines.geojson"));
        Encoding.UTF8.GetString(_destination.ToArray()).ShouldBe("{\"a\":1}");
        server.Requests.ShouldHaveSingleItem().ShouldStartWith("GET /data/my%20lines.geojson HTTP/1.1\r\n");
    }

    [Fact]
    public async Task What_is_opened_comes_as_it_is_read_with_what_the_server_says_of_it_and_without_what_was_meant_for_another_host()
    {
        await using var other = new ScriptedServer(_ => ScriptedServer.Ok("0123", "Content-Type: text/csv\r\nETag: \"e\"\r\nAccept-Ranges: bytes\r\n"));
        await using var server = new ScriptedServer(_ => $"HTTP/1.1 302 Found\r\nLocation: {other.Address}/moved\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var fetcher = Fetcher(["127.0.0.1"]);

        var opened = (await fetcher.OpenAsync(new FetchRequest($"{server.Address}/a.csv", [new("Authorization", "Bearer secret")], null), CancellationToken.None)).ShouldBeOfType<ReferenceOpening.Opened>();

        await using var content = opened.Content;
        (opened.ContentType, opened.Length, opened.ETag, opened.TakesRanges, opened.ContentRange, opened.FileName).ShouldBe(("text/csv", 4L, "\"e\"", true, null, "a.csv"));
        await content.CopyToAsync(_destination);
        Encoding.UTF8.GetString(_destination.ToArray()).ShouldBe("0123");
        server.Requests.Single().ShouldContain("Bearer secret");
        other.Requests.Single().ShouldNotContain("secret");
        (await fetcher.OpenAsync(new FetchRequest("http://10.0.0.7/"), CancellationToken.None)).ShouldBeOfType<ReferenceOpening.Refused>();
    }

    [Theory]
    [InlineData("404 Not Found", "", typeof(ReferenceOpening.Missing))]
    [InlineData("416 No", "Content-Range: bytes */7\r\n", typeof(ReferenceOpening.OutOfRange))]
    [InlineData("401 No", "", typeof(ReferenceOpening.Refused))]
    [InlineData("206 Part", "", typeof(ReferenceOpening.Refused))]
    [InlineData("206 Part", "Content-Range: bytes 0-0/7\r\n", typeof(ReferenceOpening.Opened))]
    [InlineData("200 OK", "Content-Encoding: gzip\r\n", typeof(ReferenceOpening.Refused))]
    public async Task What_can_not_be_opened_says_why(string status, string header, Type outcome)
    {
        await using var server = new ScriptedServer(_ => $"HTTP/1.1 {status}\r\n{header}Content-Length: 1\r\nConnection: close\r\n\r\nx");
        using var fetcher = Fetcher(["127.0.0.1"]);

        var opening = await fetcher.OpenAsync(new FetchRequest(server.Address), CancellationToken.None);

        opening.ShouldBeOfType(outcome);
        if (opening is ReferenceOpening.Opened opened)
        {
            opened.ContentRange.ShouldBe("bytes 0-0/7");
            await opened.Content.DisposeAsync();
        }
    }

    [Fact]
    public async Task Nothing_that_we_know_is_sent_along()
    {
        await using var server = new ScriptedServer(_ => ScriptedServer.Ok("x", "Set-Cookie: a=b\r\n"));
        using var activity = new System.Diagnostics.Activity("test").Start();
        using var fetcher = Fetcher(["127.0.0.1"]);

        await fetcher.FetchAsync(server.Address, _destination, 100, CancellationToken.None);
        await fetcher.FetchAsync(server.Address, _destination, 100, CancellationToken.None);

        server.Requests.Count.ShouldBe(2);
        server.Requests.ShouldAllBe(head => head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length == 3 && head.Contains("User-Agent: GeoWps"));
    }

    [Theory]
    [InlineData("file:///etc/passwd", "only http and https references are fetched")]
    [InlineData("ftp://example.org/x", "only http and https references are fetched")]
    [InlineData("gopher://example.org/x", "only http and https references are fetched")]
    [InlineData("/etc/passwd", "only http and https references are fetched")]
    [InlineData("data.geojson", "the reference is no absolute address")]
    [InlineData("", "the reference is no absolute address")]
    [InlineData("http://user:secret@example.org/", "a reference must not hold a user name or a password")]
    [InlineData("http://example.org:0/", "the reference names no host and port that can be reached")]
    [InlineData("http://localhost/", "localhost is unknown, or not at a public address")]
    [InlineData("http://127.0.0.1:8080/", "127.0.0.1 is unknown, or not at a public address")]
    [InlineData("http://2130706433/", "127.0.0.1 is unknown, or not at a public address")]
    [InlineData("http://0x7f.1/", "127.0.0.1 is unknown, or not at a public address")]
    [InlineData("http://0177.0.0.1/", "127.0.0.1 is unknown, or not at a public address")]
    [InlineData("http://[::1]/", "[::1] is unknown, or not at a public address")]
    [InlineData("http://[::ffff:10.0.0.1]/", "[::ffff:10.0.0.1] is unknown, or not at a public address")]
    [InlineData("http://169.254.169.254/latest/meta-data", "169.254.169.254 is unknown, or not at a public address")]
    public async Task What_is_wrong_by_its_form_is_refused_without_a_connection(string href, string message)
    {
        using var fetcher = Fetcher([]);

        fetcher.Refuse(href).ShouldBe(message);
        (await FetchAsync(href, [])).ShouldBe(new FetchOutcome.Refused(message));
    }

    [Fact]
    public void An_ordinary_address_is_not_refused_by_its_form()
    {
        using var fetcher = Fetcher([]);

        fetcher.Refuse("https://data.example.org/countries.gpkg#layername=a").ShouldBeNull();
    }

    [Fact]
    public async Task A_name_whose_addresses_are_private_is_not_connected_to()
    {
        await using var server = new ScriptedServer(_ => ScriptedServer.Ok("secret"));

        var outcome = await FetchAsync($"http://inside.example.org:{server.Port}/", [], (_, _) => Task.FromResult(new[] { IPAddress.Parse("10.1.2.3"), _loopback }));

        outcome.ShouldBe(new FetchOutcome.Refused("inside.example.org is unknown, or not at a public address"));
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_name_gets_the_same_answer_as_one_inside()
    {
        var outcome = await FetchAsync("http://nobody.example.org/", [], (_, _) => throw new System.Net.Sockets.SocketException(11001));

        outcome.ShouldBe(new FetchOutcome.Refused("nobody.example.org is unknown, or not at a public address"));
    }

    [Fact]
    public async Task The_addresses_that_were_judged_are_the_ones_connected_to()
    {
        await using var server = new ScriptedServer(_ => ScriptedServer.Ok("data"));
        var asked = 0;

        // An allowed name may be anywhere; it is looked up once for a connection, so a second answer has no say.
        var outcome = await FetchAsync($"http://inside.example.org:{server.Port}/", ["inside.example.org"], (_, _) => Task.FromResult(asked++ == 0 ? [_loopback] : new[] { IPAddress.Parse("10.9.9.9") }));

        outcome.ShouldBeOfType<FetchOutcome.Fetched>();
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task The_next_address_is_tried_when_one_does_not_answer()
    {
        await using var server = new ScriptedServer(_ => ScriptedServer.Ok("data"));

        // Nothing listens on IPv6's loopback at that port.
        var outcome = await FetchAsync($"http://two.example.org:{server.Port}/", ["two.example.org"], (_, _) => Task.FromResult(new[] { IPAddress.IPv6Loopback, _loopback }));

        outcome.ShouldBeOfType<FetchOutcome.Fetched>();
    }

    [Fact]
    public async Task A_redirect_to_loopback_is_refused()
    {
        await using var secret = new ScriptedServer(_ => ScriptedServer.Ok("secret"));
        await using var server = new ScriptedServer(_ => ScriptedServer.Redirect($"http://127.0.0.1:{secret.Port}/"));

        // Only this one port of the host is allowed.
        var outcome = await FetchAsync(server.Address, [$"127.0.0.1:{server.Port}"]);

        outcome.ShouldBe(new FetchOutcome.Refused("127.0.0.1 redirects to an address that references are not fetched from"));
        secret.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redirect_to_a_name_inside_is_refused()
    {
        await using var server = new ScriptedServer(_ => ScriptedServer.Redirect("http://inside.example.org/"));

        var outcome = await FetchAsync(server.Address, ["127.0.0.1"], (_, _) => Task.FromResult(new[] { _loopback }));

        outcome.ShouldBe(new FetchOutcome.Refused("127.0.0.1 is unknown, or not at a public address"));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.org/")]
    [InlineData("http://user:secret@example.org/")]
    public async Task A_redirect_to_a_forbidden_form_is_refused(string location)
    {
        await using var server = new ScriptedServer(_ => ScriptedServer.Redirect(location));

        (await FetchAsync(server.Address, ["127.0.0.1"])).ShouldBeOfType<FetchOutcome.Refused>();
    }

    [Fact]
    public async Task Five_redirects_are_followed_and_the_name_stays_the_first_ones()
    {
        await using var server = new ScriptedServer(path => path == "/5" ? ScriptedServer.Ok("there") : ScriptedServer.Redirect(Next(path)));

        (await FetchAsync($"{server.Address}/roads.gpkg", ["127.0.0.1"])).ShouldBe(new FetchOutcome.Fetched(5, null, "roads.gpkg"));

        static string Next(string path) => path == "/roads.gpkg" ? "/1" : $"/{int.Parse(path[1..]) + 1}";
    }

    [Fact]
    public async Task An_endless_redirect_ends()
    {
        await using var server = new ScriptedServer(_ => ScriptedServer.Redirect("/again"));

        (await FetchAsync(server.Address, ["127.0.0.1"])).ShouldBe(new FetchOutcome.Refused("127.0.0.1 redirects more than 5 times"));
        server.Requests.Count.ShouldBe(6);
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "HTTP 404 from 127.0.0.1")]
    [InlineData("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "HTTP 500 from 127.0.0.1")]
    [InlineData("HTTP/1.1 304 Not Modified\r\n\r\n", "HTTP 304 from 127.0.0.1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Encoding: gzip\r\n\r\n123456789", "127.0.0.1 sends a compressed answer")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", "127.0.0.1 sends more than the 100 bytes that are allowed")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nonly a part", "the connection to 127.0.0.1 broke")]
    [InlineData("what is this?\r\n\r\n", "no answer from 127.0.0.1")]
    public async Task What_is_no_content_is_refused_with_its_reason(string answer, string message)
    {
        await using var server = new ScriptedServer(_ => answer);

        (await FetchAsync(server.Address, ["127.0.0.1"])).ShouldBe(new FetchOutcome.Refused(message));
    }

    [Fact]
    public async Task What_is_as_the_caller_knows_it_is_told_so_and_else_comes_with_its_tag()
    {
        var answers = new Queue<string>(["HTTP/1.1 200 OK\r\nContent-Length: 1\r\nETag: \"a\"\r\n\r\n1", "HTTP/1.1 304 Not Modified\r\n\r\n"]);
        await using var server = new ScriptedServer(_ => answers.Dequeue());
        using var fetcher = Fetcher(["127.0.0.1"], null, null);

        var first = (await fetcher.FetchAsync(server.Address, _destination, 100, CancellationToken.None)).ShouldBeOfType<FetchOutcome.Fetched>();
        var second = await fetcher.FetchAsync(new FetchRequest(server.Address, [new("If-None-Match", first.ETag!)], null), _destination, 100, CancellationToken.None);

        first.ETag.ShouldBe("\"a\"");
        second.ShouldBe(new FetchOutcome.Refused("HTTP 304 from 127.0.0.1") { IsUnchanged = true });
    }

    [Fact]
    public async Task Content_of_unknown_length_ends_at_the_limit()
    {
        await using var server = new ScriptedServer(async (_, stream, cancellationToken) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellationToken);
            while (true)
            {
                await stream.WriteAsync(new byte[1000], cancellationToken);
            }
        });

        (await FetchAsync(server.Address, ["127.0.0.1"])).ShouldBe(new FetchOutcome.Refused("127.0.0.1 sends more than the 100 bytes that are allowed"));
        _destination.Length.ShouldBeLessThanOrEqualTo(100);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nslow")]
    public async Task A_slow_server_is_left_when_the_time_is_up(string beginning)
    {
        await using var server = new ScriptedServer(async (_, stream, cancellationToken) =>
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(beginning), cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        });

        (await FetchAsync(server.Address, ["127.0.0.1"], timeLimit: TimeSpan.FromMilliseconds(200))).ShouldBe(new FetchOutcome.Refused("127.0.0.1 did not deliver in time"));
    }

    [Fact]
    public async Task A_caller_who_leaves_is_no_refusal()
    {
        await using var server = new ScriptedServer((_, _, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken));
        using var fetcher = Fetcher(["127.0.0.1"]);
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Should.ThrowAsync<OperationCanceledException>(() => fetcher.FetchAsync(server.Address, _destination, 100, leaving.Token));
    }

    [Fact]
    public async Task A_full_disk_of_ours_is_not_the_sources_fault()
    {
        await using var server = new ScriptedServer(_ => ScriptedServer.Ok("data"));
        using var fetcher = Fetcher(["127.0.0.1"]);

        await Should.ThrowAsync<NotSupportedException>(() => fetcher.FetchAsync(server.Address, new MemoryStream([], writable: false), 100, CancellationToken.None));
    }

    [Theory]
    [InlineData("attachment; filename=\"../../etc/pass wd.csv\"", "pass_wd.csv")]
    [InlineData("attachment; filename*=UTF-8''stra%C3%9Fen.gpkg", "stra_en.gpkg")]
    [InlineData("attachment; filename=\"..\\\\.hidden\"", "hidden")]
    public async Task A_file_name_is_cleaned(string disposition, string name)
    {
        await using var server = new ScriptedServer(_ => ScriptedServer.Ok("x", $"Content-Disposition: {disposition}\r\n"));

        (await FetchAsync($"{server.Address}/x", ["127.0.0.1"])).ShouldBe(new FetchOutcome.Fetched(1, null, name));
    }

    private async Task<FetchOutcome> FetchAsync(
        string href, string[] allowed, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null, TimeSpan? timeLimit = null)
    {
        using var fetcher = Fetcher(allowed, resolve, timeLimit);
        return await fetcher.FetchAsync(href, _destination, maxBytes: 100, CancellationToken.None);
    }

    private static HttpReferenceFetcher Fetcher(
        string[] allowed, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null, TimeSpan? timeLimit = null) =>
        new(
            new AllowedHosts(allowed),
            timeLimit ?? TimeSpan.FromSeconds(30),
            resolve ?? ((_, _) => throw new InvalidOperationException("No name is looked up here.")),
            TimeProvider.System,
            NullLogger<HttpReferenceFetcher>.Instance);
}
