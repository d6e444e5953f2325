using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GeoWps.Tests.Unit.Http;

/// <summary>A host for each test: some of them fill or stop it.</summary>
public sealed class ExecuteEndpointTests : IAsyncLifetime
{
    private const string Path = "processes/say/execution";
    private const string Hello = """{"inputs": {"text": "hello"}, "response": "document"}""";
    private const string Forever = """{"inputs": {"text": "wait"}}""";

    private readonly HttpHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/vnd.example+json")]
    [InlineData(null)]
    public async Task A_request_is_answered_with_its_results_and_names_its_job(string? contentType)
    {
        var response = await _host.PostAsync(Path, Hello, contentType);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await HttpHost.ReadAsync(response)).GetProperty("text").GetString().ShouldBe("hello");
        var link = response.Headers.GetValues("Link").Single();
        link.ShouldEndWith("; rel=\"monitor\"; type=\"application/json\"");
        (await _host.GetJsonAsync(link[1..link.IndexOf('>', StringComparison.Ordinal)])).GetProperty("status").GetString().ShouldBe("successful");
    }

    [Fact]
    public async Task A_job_asked_for_is_given_at_once()
    {
        var response = await _host.PostAsync(Path, Forever, headers: [("Prefer", "respond-async, wait=0")]);
        var info = await HttpHost.ReadAsync(response);

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        response.Headers.Location!.ToString().ShouldBe($"{_host.Address}jobs/{info.GetProperty("jobID").GetString()}");
        response.Headers.GetValues("Preference-Applied").ShouldBe(["respond-async, wait=0"]);
        info.GetProperty("status").GetString().ShouldBe("running");
        (await _host.SendAsync(HttpMethod.Delete, response.Headers.Location.ToString())).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_job_that_ends_at_once_is_seen_ended()
    {
        var response = await _host.PostAsync(Path, Hello, headers: [("Prefer", "respond-async")]);

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await HttpHost.ReadAsync(response)).GetProperty("status").GetString().ShouldBe("successful");
    }

    [Theory]
    [InlineData("""{"inputs": {}}""", "text")]
    [InlineData("""{"inputs": {"text": 1}}""", "text")]
    [InlineData("""{"inputs": {"text": "a"}, "outputs": {"nothing": {}}}""", "nothing")]
    [InlineData("{ no json", "JSON")]
    [InlineData("", "JSON")]
    [InlineData("[]", "")]
    public async Task What_is_wrong_with_a_request_is_said(string json, string named)
    {
        foreach (var path in new[] { Path, "processes/say/validation" })
        {
            var response = await _host.PostAsync(path, json);
            var problem = await HttpHost.ReadAsync(response);

            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            problem.GetProperty("title").GetString().ShouldBe("Invalid input");
            problem.GetProperty("detail").GetString()!.ShouldContain(named);
            problem.GetProperty("mistakes").GetArrayLength().ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_valid_request_is_called_so_and_leaves_nothing()
    {
        var response = await _host.PostAsync("processes/say/validation", Hello);

        (await HttpHost.ReadAsync(response)).GetProperty("valid").GetBoolean().ShouldBeTrue();
        (await _host.GetJsonAsync("jobs")).GetProperty("jobs").GetArrayLength().ShouldBe(0);
        _host.Blobs.Deleted.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_can_be_refused_early_is()
    {
        var large = $$$"""{"inputs": {"text": "{{{new string('x', 3000)}}}"}}""";

        (await _host.PostAsync("processes/no-such/execution", Hello)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _host.PostAsync(Path, "<Execute/>", "text/xml")).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await _host.PostAsync(Path, large)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await _host.PostAsync(Path, large, headers: [("Transfer-Encoding", "chunked")])).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await _host.PostAsync(Path, Hello, headers: [("Idempotency-Key", "with space")])).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await _host.PostAsync(Path, Hello, headers: [("Idempotency-Key", new string('k', 129))])).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_repeated_key_gives_the_same_job_and_no_other()
    {
        var first = await _host.PostAsync(Path, Hello, headers: [("Idempotency-Key", "k")]);
        var again = await _host.PostAsync(Path, Hello, headers: [("Idempotency-Key", "k")]);
        var other = await _host.PostAsync(Path, Forever, headers: [("Idempotency-Key", "k")]);

        again.Headers.GetValues("Link").ShouldBe(first.Headers.GetValues("Link"));
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_full_queue_and_a_stopping_node_say_when_to_come_back()
    {
        _host.Jobs.MaxQueued = 0;
        var full = await _host.PostAsync(Path, Hello);
        _host.Readiness.Drain();
        var stopping = await _host.PostAsync(Path, Hello);

        (full.StatusCode, stopping.StatusCode).ShouldBe((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable));
        full.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        stopping.Headers.RetryAfter.ShouldNotBeNull();
        (await _host.SendAsync(HttpMethod.Get, "health/ready")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await _host.SendAsync(HttpMethod.Get, "health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_hangs_up_while_waiting_dismisses_the_job()
    {
        var uri = new Uri(_host.Address);
        using (var client = new TcpClient(uri.Host, uri.Port))
        {
            var request = $"POST /{Path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {Forever.Length}\r\n\r\n{Forever}";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
            await UntilAsync("running");
        }

        await UntilAsync("dismissed");
    }

    [Fact]
    public async Task A_new_catalogue_is_seen_by_the_next_request()
    {
        var before = await _host.SendAsync(HttpMethod.Get, "processes/say");
        _host.Processes.Replace("2", "say", "shout");

        (await _host.GetJsonAsync("processes")).GetProperty("processes").GetArrayLength().ShouldBe(2);
        (await _host.SendAsync(HttpMethod.Get, "processes/native:buffer")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _host.SendAsync(HttpMethod.Get, "processes/say", null, ("If-None-Match", before.Headers.ETag!.ToString()))).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    private async Task UntilAsync(string status)
    {
        for (var i = 0; i < 600; i++)
        {
            var jobs = (await _host.GetJsonAsync("jobs")).GetProperty("jobs");
            if (jobs.GetArrayLength() == 1 && jobs[0].GetProperty("status").GetString() == status)
            {
                return;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"No job became {status}.");
    }
}
