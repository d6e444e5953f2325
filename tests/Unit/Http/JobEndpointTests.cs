using System.Net;
using System.Net.Http.Headers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Http;

public sealed class JobEndpointTests(HttpHost host) : IClassFixture<HttpHost>
{
    [Theory]
    [InlineData(2, true, 3, "Waits at place 3 of the queue.")]
    [InlineData(QueuePlace.Counted, true, 1001, "Waits at place 1001 of the queue.")]
    [InlineData(QueuePlace.Counted + 1, true, null, "Waits in the queue behind more than 1000 others.")]
    [InlineData(0, false, 1, "Waits for a node that runs echo; there is none now.")]
    public async Task A_job_that_waits_tells_its_place_as_a_document_a_page_and_an_event(int before, bool claimable, int? position, string message)
    {
        var job = Some.Job(new JobState.Accepted(null), JobId.New(Some.Time));
        host.Jobs.Put(job);
        host.Jobs.Place = new QueuePlace(before, claimable);

        var status = await host.GetJsonAsync($"jobs/{job.Id}");
        (status.TryGetProperty("position", out var told) ? told.GetInt32() : (int?)null).ShouldBe(position);
        status.GetProperty("message").GetString().ShouldBe(message);
        (await host.Client.GetStringAsync($"jobs/{job.Id}?f=html")).ShouldContain(message);
        using var events = await host.Client.GetAsync($"jobs/{job.Id}/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
        var lines = new[] { await reader.ReadLineAsync(), await reader.ReadLineAsync(), await reader.ReadLineAsync() };
        lines[2].ShouldNotBeNull().ShouldContain(message);
    }

    [Fact]
    public async Task Results_are_not_ready_gone_or_there()
    {
        var waiting = Put(Some.Job(new JobState.Accepted(null), JobId.New(Some.Time)));
        var dismissed = Put(Some.Job(new JobState.Dismissed(null, Some.Time), JobId.New(Some.Time)));
        var failed = Put(Some.Job(new JobState.Failed(null, Some.Time, new JobFailure(FailureKind.Input, "bad", [new Mistake("INPUT", "line")])), JobId.New(Some.Time)));
        var done = Put(Some.Done("""{"response": "document"}""", Some.Literal("a", "1")));

        var notReady = await host.SendAsync(HttpMethod.Get, $"jobs/{waiting}/results");
        notReady.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await HttpHost.ReadAsync(notReady)).GetProperty("type").GetString().ShouldBe("http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/result-not-ready");
        (await host.SendAsync(HttpMethod.Get, $"jobs/{dismissed}/results")).StatusCode.ShouldBe(HttpStatusCode.Gone);
        var refused = await host.SendAsync(HttpMethod.Get, $"jobs/{failed}/results/a");
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await HttpHost.ReadAsync(refused)).GetProperty("mistakes")[0].GetProperty("place").GetString().ShouldBe("INPUT");
        (await host.GetJsonAsync($"jobs/{done}/results")).GetProperty("a").GetInt32().ShouldBe(1);
        (await host.SendAsync(HttpMethod.Get, $"jobs/{done}/results/b")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await (await host.SendAsync(HttpMethod.Get, $"jobs/{done}/results/a")).Content.ReadAsStringAsync()).ShouldBe("1");
    }

    [Fact]
    public async Task Content_is_sent_whole_in_ranges_or_not_again()
    {
        host.Blobs.With("k", "0123456789").With("s", "<xsd/>");
        var job = Put(Some.Done("{}", new OutputValue.Content("G", "k", "application/gml+xml", "G.gml", 10, [new Sidecar("G.xsd", "s", "application/xml", 6)])));
        var address = $"jobs/{job}/results/G";

        var whole = await host.SendAsync(HttpMethod.Get, address);
        var part = await host.SendAsync(HttpMethod.Get, address + ".gml", null, ("Range", "bytes=2-4"));
        var beyond = await host.SendAsync(HttpMethod.Get, address, null, ("Range", "bytes=10-"));
        var again = await host.SendAsync(HttpMethod.Get, address, null, ("If-None-Match", whole.Headers.ETag!.ToString()));
        var stale = await host.SendAsync(HttpMethod.Get, address, null, ("Range", "bytes=2-4"), ("If-Range", "\"other\""));
        var head = await host.SendAsync(HttpMethod.Head, address);

        (await whole.Content.ReadAsStringAsync()).ShouldBe("0123456789");
        whole.Content.Headers.ContentType!.MediaType.ShouldBe("application/gml+xml");
        whole.Content.Headers.ContentDisposition!.FileName.ShouldBe("G.gml");
        whole.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        part.Content.Headers.ContentRange.ShouldBe(new ContentRangeHeaderValue(2, 4, 10));
        (await part.Content.ReadAsStringAsync()).ShouldBe("234");
        beyond.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await stale.Content.ReadAsStringAsync()).ShouldBe("0123456789");
        head.Content.Headers.ContentLength.ShouldBe(10);
        (await (await host.SendAsync(HttpMethod.Get, $"jobs/{job}/results/G.xsd")).Content.ReadAsStringAsync()).ShouldBe("<xsd/>");
    }

    [Fact]
    public async Task A_waiting_job_is_dismissed_an_ended_one_removed()
    {
        var waiting = Put(Some.Job(new JobState.Accepted(null), JobId.New(Some.Time)));
        var done = Put(Some.Done("{}"));

        foreach (var (id, after) in new[] { (waiting, HttpStatusCode.OK), (done, HttpStatusCode.NotFound) })
        {
            var response = await host.SendAsync(HttpMethod.Delete, $"jobs/{id}");
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await HttpHost.ReadAsync(response)).GetProperty("status").GetString().ShouldBe("dismissed");
            (await host.SendAsync(HttpMethod.Get, $"jobs/{id}")).StatusCode.ShouldBe(after);
        }

        (await host.SendAsync(HttpMethod.Delete, "jobs/no-such")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_the_administrator_started_is_seen_by_all_and_dismissed_with_the_token()
    {
        var job = Put(Some.Job(new JobState.Accepted(null), JobId.New(Some.Time)) with { IsAdministered = true });

        var without = await host.SendAsync(HttpMethod.Delete, $"jobs/{job}");
        var wrong = await host.SendAsync(HttpMethod.Delete, $"jobs/{job}", null, ("Authorization", "Bearer not-the-token-of-these"));
        var wps = await host.SendAsync(HttpMethod.Get, $"wps?service=WPS&version=2.0.0&request=Dismiss&jobId={job}");

        without.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        without.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        (await HttpHost.ReadAsync(without)).GetProperty("detail").GetString()!.ShouldContain(job);
        wrong.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        wps.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await wps.Content.ReadAsStringAsync()).ShouldContain("NoApplicableCode");
        (await host.GetJsonAsync($"jobs/{job}")).GetProperty("status").GetString().ShouldBe("accepted");

        (await host.SendAsync(HttpMethod.Delete, $"jobs/{job}", null, ("Authorization", $"Bearer {HttpHost.Token}"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.GetJsonAsync($"jobs/{job}")).GetProperty("status").GetString().ShouldBe("dismissed");
    }

    [Fact]
    public async Task What_the_administrator_started_is_dismissed_by_wps_with_the_token()
    {
        var job = Put(Some.Job(new JobState.Accepted(null), JobId.New(Some.Time)) with { IsAdministered = true });

        var answer = await host.SendAsync(
            HttpMethod.Get, $"wps?service=WPS&version=2.0.0&request=Dismiss&jobId={job}", null, ("Authorization", $"Bearer {HttpHost.Token}"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Dismissed");
    }

    [Fact]
    public async Task Events_tell_the_present_and_end_with_the_job()
    {
        var job = Some.Job(new JobState.Running(Some.Time, "w", Some.Time), JobId.New(Some.Time));
        Put(job);
        using var response = await host.Client.GetAsync($"jobs/{job.Id}/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        (await EventAsync(reader)).ShouldStartWith("id: 1|event: status|data: {\"jobID\"");
        host.Events.Publish(new JobEvent.Progressed(job.Id, 12.34));
        (await EventAsync(reader)).ShouldBe("id: 2|event: progress|data: {\"progress\":12.3}");
        host.Events.Publish(new JobEvent.Logged(job.Id, new LogEntry(Some.Time, 1, "info", "a\nb")));
        (await EventAsync(reader)).ShouldEndWith("\"text\":\"a\\nb\"}");
        host.Events.Publish(new JobEvent.Changed(Some.Job(new JobState.Successful(Some.Time, Some.Time), job.Id)));
        (await EventAsync(reader)).ShouldContain($"event: results|data: {{\"href\":\"{host.Address}jobs/{job.Id}/results\"}}");
        (await EventAsync(reader)).ShouldStartWith("id: end|event: status");
        (await reader.ReadToEndAsync()).ShouldBeEmpty();
        (await host.SendAsync(HttpMethod.Get, $"jobs/{job.Id}/events", null, ("Last-Event-ID", "end"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    private static async Task<string> EventAsync(StreamReader reader)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { Length: > 0 } line)
        {
            lines.Add(line);
        }

        return string.Join('|', lines);
    }

    private string Put(Job job)
    {
        host.Jobs.Put(job);
        return job.Id.Value;
    }
}
