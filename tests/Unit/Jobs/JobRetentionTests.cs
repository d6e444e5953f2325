using GeoWps.Application.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Jobs;

public sealed class JobRetentionTests : IDisposable
{
    private readonly JobBench _bench = new();
    private readonly JobRetention _retention;

    public JobRetentionTests()
    {
        _bench.Settings.Value.RetentionHours = 10;
        _retention = new JobRetention(_bench.Jobs, _bench.Blobs, _bench.Settings, _bench.Clock, NullLogger<JobRetention>.Instance);
    }

    public void Dispose()
    {
        _retention.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task Ended_jobs_are_kept_for_their_time_and_then_removed_with_their_content()
    {
        var (ended, hold) = await _bench.RunningAsync();
        await _bench.Jobs.SucceedAsync(hold, [], JobBench.None);
        var waiting = await _bench.AddAsync();

        _bench.Clock.Advance(TimeSpan.FromHours(10) - TimeSpan.FromSeconds(1));
        (await _retention.RemoveExpiredAsync(JobBench.None)).ShouldBe(0);
        (await _bench.KeysAsync(ended.Id)).Length.ShouldBe(2);

        _bench.Clock.Advance(TimeSpan.FromSeconds(2));
        (await _retention.RemoveExpiredAsync(JobBench.None)).ShouldBe(1);
        (await _bench.Jobs.FindAsync(ended.Id, JobBench.None)).ShouldBeNull();
        (await _bench.KeysAsync(ended.Id)).ShouldBeEmpty();
        (await _bench.FindAsync(waiting.Id)).State.Status.ShouldBe(JobStatus.Accepted);
    }

    [Fact]
    public async Task All_that_are_over_are_removed_in_one_go()
    {
        for (var i = 0; i < 230; i++)
        {
            await _bench.Jobs.DismissAsync((await _bench.AddAsync()).Id, JobBench.None);
        }

        _bench.Clock.Advance(TimeSpan.FromHours(11));

        (await _retention.RemoveExpiredAsync(JobBench.None)).ShouldBe(230);
        (await _bench.Jobs.ListAsync(new JobFilter { Limit = 10 }, JobBench.None)).Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Content_that_no_job_knows_is_removed_after_a_day()
    {
        var job = await _bench.AddAsync();
        await _bench.PutAsync(JobKeys.Attachment(job.Id, 0));
        var orphan = JobId.New(_bench.Clock.GetUtcNow());
        await _bench.PutAsync(JobKeys.Attachment(orphan, 0));
        await _bench.PutAsync(JobKeys.Output(orphan, 1, "a.txt"));
        await _bench.PutAsync("jobs/other/a");
        await _bench.PutAsync("uploads/a");

        _bench.Clock.Advance(TimeSpan.FromHours(23));
        (await _retention.RemoveOrphansAsync(JobBench.None)).ShouldBe(0);
        var young = JobId.New(_bench.Clock.GetUtcNow());
        await _bench.PutAsync(JobKeys.Attachment(young, 0));
        _bench.Clock.Advance(TimeSpan.FromHours(2));

        (await _retention.RemoveOrphansAsync(JobBench.None)).ShouldBe(1);
        (await _bench.KeysAsync()).ShouldBe([JobKeys.Attachment(job.Id, 0), JobKeys.Attachment(young, 0), "jobs/other/a", "uploads/a"], ignoreOrder: true);
    }

    [Fact]
    public async Task It_goes_on_every_ten_minutes_also_when_the_store_was_away()
    {
        var (ended, hold) = await _bench.RunningAsync();
        await _bench.Jobs.SucceedAsync(hold, [], JobBench.None);
        _bench.Clock.Advance(TimeSpan.FromHours(11));
        _bench.Jobs.Fail(nameof(IJobStore.ListEndedBeforeAsync));

        await _retention.StartAsync(JobBench.None);
        await _bench.Clock.WaitedForAsync(TimeSpan.FromMinutes(10));
        (await _bench.FindAsync(ended.Id)).State.Status.ShouldBe(JobStatus.Successful);
        _bench.Jobs.Fail();
        _bench.Clock.Advance(TimeSpan.FromMinutes(10));
        await _bench.Clock.WaitedForAsync(TimeSpan.FromMinutes(10));

        (await _bench.Jobs.FindAsync(ended.Id, JobBench.None)).ShouldBeNull();
        await _retention.StopAsync(JobBench.None);
    }
}
