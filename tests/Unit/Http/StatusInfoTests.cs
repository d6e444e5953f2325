using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Jobs;
using GeoWps.Domain.Jobs;

namespace GeoWps.Tests.Unit.Http;

public sealed class StatusInfoTests
{
    [Fact]
    public void A_waiting_job_is_watched_at_its_own_address()
    {
        var info = Write(Some.Job(new JobState.Accepted(null)));

        info.GetProperty("status").GetString().ShouldBe("accepted");
        info.GetProperty("type").GetString().ShouldBe("process");
        info.GetProperty("created").GetString().ShouldBe("2026-01-02T03:04:05.678Z");
        info.TryGetProperty("started", out _).ShouldBeFalse();
        Href(info, "monitor").ShouldBe($"http://example.org/jobs/{Some.Id}");
        Href(info, Links.Results).ShouldBeNull();
    }

    [Fact]
    public void A_job_has_its_name_of_version_2_beside_that_of_version_1()
    {
        var info = Write(Some.Job(new JobState.Accepted(null)));

        info.GetProperty("id").GetString().ShouldBe(info.GetProperty("jobID").GetString());
    }

    [Fact]
    public void Progress_is_a_whole_number_and_complete_at_the_end()
    {
        Write(Some.Job(new JobState.Running(Some.Time, "w", Some.Time)) with { Progress = 41.9 }).GetProperty("progress").GetInt32().ShouldBe(41);
        Write(Some.Job(new JobState.Successful(Some.Time, Some.Time)) with { Progress = 41.9 }).GetProperty("progress").GetInt32().ShouldBe(100);
    }

    [Fact]
    public void A_successful_job_leads_to_its_results()
    {
        var info = Write(Some.Job(new JobState.Successful(Some.Time, Some.Time)));

        Href(info, Links.Results).ShouldBe($"http://example.org/jobs/{Some.Id}/results");
        Href(info, "monitor").ShouldBeNull();
    }

    [Fact]
    public void A_failed_job_says_why()
    {
        var info = Write(Some.Job(new JobState.Failed(Some.Time, Some.Time, new JobFailure(FailureKind.Time, "It ran for an hour"))));

        info.GetProperty("message").GetString().ShouldBe("It ran for an hour");
        info.GetProperty("exception").GetProperty("title").GetString().ShouldBe("Time limit exceeded");
        Href(info, Links.Exceptions).ShouldNotBeNull();
    }

    [Fact]
    public void Every_state_has_a_name_that_reads_back()
    {
        foreach (var status in Enum.GetValues<JobStatus>())
        {
            StatusNames.TryRead(StatusNames.Of(status), out var again).ShouldBeTrue();
            again.ShouldBe(status);
        }
    }

    private static JsonElement Write(Job job) => JsonElement.Parse(JsonAnswer.Bytes(json => StatusInfo.Write(json, job, "http://example.org/")));

    private static string? Href(JsonElement info, string rel) => info.GetProperty("links").EnumerateArray()
        .Where(link => link.GetProperty("rel").GetString() == rel)
        .Select(link => link.GetProperty("href").GetString())
        .SingleOrDefault();
}
