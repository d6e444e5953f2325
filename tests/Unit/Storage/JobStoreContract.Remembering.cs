using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Storage;

public abstract partial class JobStoreContract
{
    [Fact]
    public async Task The_last_success_of_a_digest_is_remembered()
    {
        var first = await SucceededAsync("digest");
        Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await SucceededAsync("digest");
        await SucceededAsync("another");
        Restart();

        (await RememberedAsync("digest")).ShouldBe(second);
        (await Store.RemoveAsync(second, None)).ShouldBeTrue();
        (await RememberedAsync("digest")).ShouldBe(first);
        (await Store.RemoveAsync(first, None)).ShouldBeTrue();
        (await RememberedAsync("digest")).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_older_than_asked_for_is_not_remembered()
    {
        var job = await SucceededAsync("digest");
        var ended = Now;

        (await RememberedAsync("digest", notBefore: ended)).ShouldBe(job);
        (await RememberedAsync("digest", notBefore: ended.AddMilliseconds(1))).ShouldBeNull();
    }

    [Fact]
    public async Task What_has_not_succeeded_is_not_remembered()
    {
        await BeginAsync("waiting", startAs: null);
        await BeginAsync("running");
        await Store.FailAsync(await BeginAsync("failed"), new JobFailure(FailureKind.Algorithm, "no"), None);
        await Store.DismissAsync((await BeginAsync("dismissed")).Id, None);
        await SucceededAsync(null);

        foreach (var digest in new[] { "waiting", "running", "failed", "dismissed", "" })
        {
            (await RememberedAsync(digest)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Results_of_others_are_not_found()
    {
        var ours = await SucceededAsync("digest", owner: "us");

        (await RememberedAsync("digest", "us")).ShouldBe(ours);
        (await RememberedAsync("digest", "them")).ShouldBeNull();
        (await RememberedAsync("digest")).ShouldBeNull();
        var nobodys = await SucceededAsync("digest");
        (await RememberedAsync("digest", "them")).ShouldBe(nobodys);
    }

    [Fact]
    public async Task A_job_succeeds_with_the_results_of_another_and_says_so()
    {
        var source = await SucceededAsync("digest");
        var hold = await BeginAsync(null);

        (await Store.SucceedFromAsync(hold, source, [new OutputValue.Literal("a", Json("1"))], None)).ShouldBeTrue();
        Restart();

        var job = await FindAsync(hold.Id);
        job.State.Status.ShouldBe(JobStatus.Successful);
        job.DerivedFrom.ShouldBe(source);
        job.Message.ShouldBe($"Answered from the results of job {source}");
        job.Outputs.ShouldHaveSingleItem().Id.ShouldBe("a");
        (await FindAsync(source)).DerivedFrom.ShouldBeNull();
        (await RememberedAsync("digest")).ShouldBe(source, "a copy is not a source");
    }

    [Fact]
    public async Task A_job_does_not_succeed_with_the_results_of_one_that_is_gone_or_by_a_worker_that_does_not_hold_it()
    {
        var source = await SucceededAsync("digest");
        var hold = await BeginAsync(null);

        (await Store.SucceedFromAsync(hold with { Attempt = 2 }, source, [], None)).ShouldBeFalse();
        (await Store.SucceedFromAsync(hold, hold.Id, [], None)).ShouldBeFalse();
        await Store.RemoveAsync(source, None);
        (await Store.SucceedFromAsync(hold, source, [], None)).ShouldBeFalse();

        (await FindAsync(hold.Id)).State.Status.ShouldBe(JobStatus.Running);
    }

    private async Task<JobId?> RememberedAsync(string digest, string? owner = null, DateTimeOffset notBefore = default) =>
        (await Store.FindRememberedAsync(digest, owner, notBefore, None))?.Id;

    private async Task<JobId> SucceededAsync(string? digest, string? owner = null)
    {
        var hold = await BeginAsync(digest, owner: owner);
        (await Store.SucceedAsync(hold, [], None)).ShouldBeTrue();
        return hold.Id;
    }

    private async Task<JobHold> BeginAsync(string? digest, string? startAs = Worker, string? owner = null)
    {
        var job = NewJob(owner: owner) with { StartAs = startAs is null ? null : (startAs, Lease), RequestDigest = digest };
        (await Store.AddAsync(job, None)).ShouldBeOfType<AddOutcome.Added>();
        return new JobHold(job.Id, 1, Worker);
    }
}
