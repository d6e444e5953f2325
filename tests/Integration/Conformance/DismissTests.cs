using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Conformance;

/// <summary>Class "Dismiss".</summary>
[Collection(ConformanceServerTests.Name)]
public sealed class DismissTests(ConformanceServer server)
{
    [Fact]
    [Trait("ATS", "/conf/dismiss/job-dismiss-op")]
    public async Task A_running_job_is_called_off()
    {
        var job = await server.SubmitAsync("echo", """{"inputs": {"literalInput": "a", "pause": 60}}""");

        (await server.SendAsync(HttpMethod.Delete, job)).ShouldBe(200).Json.GetProperty("status").GetString().ShouldBe("dismissed");
        (await server.JsonAsync(job)).GetProperty("status").GetString().ShouldBe("dismissed");
    }

    [Theory]
    [InlineData("""{"inputs": {"literalInput": "a", "pause": 60}}""")]
    [InlineData("""{"inputs": {"literalInput": "a"}}""")]
    [Trait("ATS", "/conf/dismiss/job-dismiss-success")]
    public async Task A_job_that_was_called_off_says_so_and_goes_with_the_second_call(string request)
    {
        var job = await server.SubmitAsync("echo", request);
        var hasEnded = !request.Contains("pause", StringComparison.Ordinal);

        var first = (await server.SendAsync(HttpMethod.Delete, job)).ShouldBe(200);
        await OgcJsonSchema.ShouldFitAsync(first.Json, "statusInfo");
        first.Json.GetProperty("status").GetString().ShouldBe("dismissed");
        if (!hasEnded)
        {
            (await server.SendAsync(HttpMethod.Delete, job)).ShouldBe(200);
        }

        await ConformanceServer.ShouldBeExceptionAsync(await server.GetAsync(job), 404, "no-such-job");
        await ConformanceServer.ShouldBeExceptionAsync(await server.SendAsync(HttpMethod.Delete, job), 404, "no-such-job");
    }
}
