using GeoWps.Application.Jobs;
using GeoWps.Domain.Jobs;
using GeoWps.Tests.Unit.Http;

namespace GeoWps.Tests.Unit.Jobs;

public sealed class JobStateTests
{
    private static readonly DateTimeOffset Start = Some.Time;
    private static readonly DateTimeOffset End = Some.Time.AddSeconds(5);

    public static TheoryData<JobState, JobStatus, bool, bool> States => new()
    {
        { new JobState.Accepted(null), JobStatus.Accepted, false, false },
        { new JobState.Running(Start, "w", End), JobStatus.Running, true, false },
        { new JobState.Successful(Start, End), JobStatus.Successful, true, true },
        { new JobState.Failed(Start, End, new JobFailure(FailureKind.Time, "a")), JobStatus.Failed, true, true },
        { new JobState.Failed(null, End, new JobFailure(FailureKind.Lost, "a")), JobStatus.Failed, false, true },
        { new JobState.Dismissed(Start, End), JobStatus.Dismissed, true, true },
        { new JobState.Dismissed(null, End), JobStatus.Dismissed, false, true },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void A_state_tells_what_is_known_in_it(JobState state, JobStatus status, bool started, bool ended)
    {
        var job = Some.Job(state);

        state.Status.ShouldBe(status);
        state.HasEnded.ShouldBe(ended);
        job.Started.ShouldBe(started ? Start : null);
        job.Finished.ShouldBe(ended ? End : null);
    }

    [Fact]
    public void What_belongs_to_a_job_lies_under_its_key()
    {
        var all = JobKeys.All(Some.Id);

        all.ShouldEndWith("/");
        JobKeys.Attachment(Some.Id, 3).ShouldStartWith(all);
        JobKeys.Output(Some.Id, 2, "a.txt").ShouldStartWith(all);
        JobKeys.Output(Some.Id, 2, "a.txt").ShouldNotBe(JobKeys.Output(Some.Id, 3, "a.txt"));
    }

    [Fact]
    public void The_first_reason_to_stop_counts_and_a_late_one_does_no_harm()
    {
        var held = new Held();
        held.Reason.ShouldBe(StopReason.None);

        held.Cancel(StopReason.Dismissed);
        held.Cancel(StopReason.Draining);

        held.Stop.IsCancellationRequested.ShouldBeTrue();
        held.Reason.ShouldBe(StopReason.Dismissed);
        var ended = new Held();
        ended.Dispose();
        Should.NotThrow(() => ended.Cancel(StopReason.Draining));
    }
}
