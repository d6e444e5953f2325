using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Tests.Unit.Storage;

public abstract partial class JobStoreContract
{
    [Fact]
    public async Task A_step_knows_its_chain_and_the_chain_its_steps()
    {
        var (chain, hold) = await RunningAsync();
        var first = await StepAsync(hold);
        var second = await StepAsync(hold);
        await AddAsync();
        Restart();

        (await FindAsync(first.Id)).Parent.ShouldBe(chain.Id);
        (await FindAsync(chain.Id)).Parent.ShouldBeNull();
        (await Store.ListStepsAsync(chain.Id, None)).ShouldBe([first.Id, second.Id]);
        (await Store.ListAsync(new JobFilter { Parent = chain.Id, Limit = 10 }, None)).Jobs.Select(job => job.Id).ShouldBe([second.Id, first.Id]);
    }

    [Fact]
    public async Task Only_who_holds_a_chain_gives_it_steps()
    {
        var (chain, hold) = await RunningAsync();
        foreach (var other in new[] { hold with { Attempt = 2 }, hold with { Worker = "worker-2" }, hold with { Id = JobId.New(Clock.GetUtcNow()) } })
        {
            (await Store.AddAsync(Step(other), None)).ShouldBeOfType<AddOutcome.Orphaned>();
        }

        await Store.DismissAsync(chain.Id, None);
        var late = Step(hold);
        (await Store.AddAsync(late, None)).ShouldBeOfType<AddOutcome.Orphaned>();
        (await Store.FindAsync(late.Id, None)).ShouldBeNull();
    }

    [Fact]
    public async Task With_a_chain_its_steps_are_dismissed_and_nobody_elses()
    {
        var (chain, hold) = await RunningAsync();
        var (_, otherHold) = await RunningAsync();
        var ended = await StepAsync(hold);
        await Store.SucceedAsync(Hold(await ClaimAsync()), [], None);
        var running = await StepAsync(hold);
        await ClaimAsync();
        var waiting = await StepAsync(hold);
        var others = await StepAsync(otherHold);

        var outcome = (await Store.DismissAsync(chain.Id, None)).ShouldNotBeNull();

        outcome.Steps.Select(step => (step.Id, step.State.Status, step.Started is null)).ShouldBe(
            [(running.Id, JobStatus.Dismissed, false), (waiting.Id, JobStatus.Dismissed, true)], ignoreOrder: true);
        (await FindAsync(ended.Id)).State.Status.ShouldBe(JobStatus.Successful);
        (await FindAsync(others.Id)).State.Status.ShouldBe(JobStatus.Accepted);
    }

    [Fact]
    public async Task The_steps_of_a_lost_attempt_are_dismissed_when_it_is_found_out()
    {
        var (chain, hold) = await RunningAsync();
        var running = await StepAsync(hold);
        await ClaimAsync();
        var waiting = await StepAsync(hold);

        var changed = await Store.RecoverAsync(3, "another", None);

        changed.Select(job => (job.Id, job.State.Status)).ShouldBe(
            [(chain.Id, JobStatus.Accepted), (running.Id, JobStatus.Dismissed), (waiting.Id, JobStatus.Dismissed)], ignoreOrder: true);
        (await FindAsync(running.Id)).State.Status.ShouldBe(JobStatus.Dismissed);
    }

    [Fact]
    public async Task Steps_of_a_chain_that_was_put_back_are_found_too()
    {
        var (_, hold) = await RunningAsync();
        var step = await StepAsync(hold);
        await Store.PutBackAsync(hold, "stopped", TimeSpan.Zero, forgetAttempt: true, None);

        (await Store.RecoverAsync(3, null, None)).ShouldHaveSingleItem().Id.ShouldBe(step.Id);
        (await Store.RecoverAsync(3, null, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Steps_are_kept_as_long_as_their_chain()
    {
        var (chain, hold) = await RunningAsync();
        var step = await StepAsync(hold);
        await Store.SucceedAsync(Hold(await ClaimAsync()), [], None);
        Clock.Advance(TimeSpan.FromHours(1));
        (await Store.ListEndedBeforeAsync(Now, 10, None)).ShouldBeEmpty();

        await Store.SucceedAsync(hold, [], None);
        Clock.Advance(TimeSpan.FromHours(1));
        (await Store.ListEndedBeforeAsync(Now, 10, None)).ShouldBe([chain.Id]);

        await Store.RemoveAsync(chain.Id, None);
        (await Store.ListEndedBeforeAsync(Now, 10, None)).ShouldBe([step.Id], "a removal that was interrupted goes on");
    }

    private NewJob Step(JobHold chain)
    {
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        return NewJob() with { Parent = chain };
    }

    private async Task<Job> StepAsync(JobHold chain) => await AddAsync(Step(chain));
}
