using System.Text.Json;

namespace GeoWps.Tests.Integration.Conformance;

/// <summary>Class "Core": jobs, from their acceptance to their results or the reason why there are none.</summary>
[Collection(ConformanceServerTests.Name)]
public sealed class CoreJobTests(ConformanceServer server)
{
    private const string Hello = """{"inputs": {"literalInput": "hello"}, "response": "document"}""";
    private const string Long = """{"inputs": {"literalInput": "hello", "pause": 60}, "response": "document"}""";

    [Fact]
    [Trait("ATS", "/conf/core/process-execute-success-async")]
    public async Task A_job_is_answered_with_its_address_and_its_state()
    {
        var answer = (await server.ExecuteAsync("echo", Hello, ("Prefer", "respond-async"))).ShouldBe(201);

        await OgcJsonSchema.ShouldFitAsync(answer.Json, "statusInfo");
        answer.Headers.Location!.ToString().ShouldEndWith("/jobs/" + answer.Json.GetProperty("jobID").GetString());
        answer.Json.GetProperty("processID").GetString().ShouldBe("echo");
    }

    [Fact]
    [Trait("ATS", "/conf/core/job-op")]
    public async Task A_job_has_an_address() => (await server.GetAsync(await server.SubmitAsync("echo", Hello))).ShouldBe(200).MediaType.ShouldBe("application/json");

    [Fact]
    [Trait("ATS", "/conf/core/job-success")]
    public async Task A_job_is_seen_running_and_ended_and_leads_on()
    {
        var job = await server.SubmitAsync("echo", """{"inputs": {"literalInput": "hello", "pause": 1}}""");
        var running = await server.JsonAsync(job);
        var ended = await server.EndOfAsync(job);

        await OgcJsonSchema.ShouldFitAsync(running, "statusInfo");
        await OgcJsonSchema.ShouldFitAsync(ended, "statusInfo");
        running.GetProperty("status").GetString().ShouldBeOneOf("accepted", "running");
        ConformanceServer.Href(running, "monitor").ShouldNotBeNull();
        ended.GetProperty("status").GetString().ShouldBe("successful");
        ended.GetProperty("progress").GetInt32().ShouldBe(100);
        ConformanceServer.Href(ended, ConformanceServer.Ogc + "results").ShouldNotBeNull().ShouldEndWith($"{job}/results");
        DateTimeOffset[] times = [.. new[] { "created", "started", "finished" }.Select(name => ended.GetProperty(name).GetDateTimeOffset())];
        times.ShouldBe(times.Order());
    }

    [Fact]
    [Trait("ATS", "/conf/core/job-exception-no-such-job")]
    public async Task An_unknown_job_is_called_so()
    {
        foreach (var id in new[] { "no-such", new string('0', 32) })
        {
            await ConformanceServer.ShouldBeExceptionAsync(await server.GetAsync($"jobs/{id}"), 404, "no-such-job");
        }
    }

    [Fact]
    [Trait("ATS", "/conf/core/job-results")]
    public async Task Results_can_be_fetched_again_and_again()
    {
        var job = await server.SubmitAsync("echo", Hello);
        await server.EndOfAsync(job);

        var first = (await server.GetAsync(job + "/results")).ShouldBe(200).Text;
        (await server.GetAsync(job + "/results")).ShouldBe(200).Text.ShouldBe(first);
    }

    [Fact]
    [Trait("ATS", "/conf/core/job-results-sync")]
    public async Task Results_that_were_waited_for_name_their_job()
    {
        var answer = (await server.ExecuteAsync("echo", Hello)).ShouldBe(200);
        var link = answer.Headers.GetValues("Link").Single(value => value.Contains("rel=\"monitor\"", StringComparison.Ordinal));
        var job = link[1..link.IndexOf('>', StringComparison.Ordinal)];

        (await server.JsonAsync(job)).GetProperty("status").GetString().ShouldBe("successful");
        (await server.GetAsync(job + "/results")).ShouldBe(200).Text.ShouldBe(answer.Text);
    }

    [Fact]
    [Trait("ATS", "/conf/core/job-results-no-such-job")]
    public async Task Results_of_an_unknown_job_are_those_of_no_job() =>
        await ConformanceServer.ShouldBeExceptionAsync(await server.GetAsync($"jobs/{new string('0', 32)}/results"), 404, "no-such-job");

    [Fact]
    [Trait("ATS", "/conf/core/job-results-exception-results-not-ready")]
    public async Task Results_of_a_running_job_are_not_ready()
    {
        var job = await server.SubmitAsync("echo", Long);

        await ConformanceServer.ShouldBeExceptionAsync(await server.GetAsync(job + "/results"), 404, "result-not-ready");
        (await server.SendAsync(HttpMethod.Delete, job)).ShouldBe(200);
    }

    [Fact]
    [Trait("ATS", "/conf/core/job-results-failed")]
    public async Task Results_of_a_failed_job_say_why_there_are_none()
    {
        // What lies there is no number; that is found only when it is fetched.
        var address = server.Files.Put("no-number.txt", "far"u8.ToArray());
        var job = await server.SubmitAsync("echo", $$$"""{"inputs": {"literalInput": "hello", "numberInput": {"href": "{{{address}}}"} } }""");
        var ended = await server.EndOfAsync(job);

        ended.GetProperty("status").GetString().ShouldBe("failed");
        await OgcJsonSchema.ShouldFitAsync(ended, "statusInfo");
        var answer = await server.GetAsync(job + "/results");
        await ConformanceServer.ShouldBeExceptionAsync(answer, 400);
        answer.Detail.ShouldContain("numberInput");
    }
}
