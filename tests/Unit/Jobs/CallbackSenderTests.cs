using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Jobs.Callbacks;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Jobs;

public sealed class CallbackSenderTests : IAsyncLifetime
{
    private const string Request =
        """
        {"inputs": {"A": "a"}, "subscriber": {"successUri": "http://far.example.org/good", "failedUri": "http://far.example.org/bad",
         "inProgressUri": "http://far.example.org/progress"}}
        """;

    private static readonly JobFailure Failure = new(FailureKind.Algorithm, "It went wrong.");

    private readonly JobBench _bench = new();
    private readonly FakeCallbacks _far = new();
    private CallbackSender _sender = null!;

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        await _sender.StopAsync(JobBench.None);
        _bench.Dispose();
    }

    [Fact]
    public async Task The_results_of_a_job_that_succeeds_are_delivered_once()
    {
        var hold = await AddAsync();
        await ToldAsync("/progress");
        await SucceedAsync(hold);

        await ToldAsync("/good");
        await NothingOwedAsync();
        _far.Posted.ShouldContain(("/good", "results"));
        _far.Posted.ShouldContain(("/progress", "Running"));
        _far.Posted.Count(post => post.Address == "/good").ShouldBe(1);
        _far.Posted.ShouldNotContain(post => post.Address == "/bad");
    }

    [Fact]
    public async Task Who_asked_to_be_told_of_a_failure_or_a_dismissal_is_told()
    {
        var failed = await AddAsync();
        await _bench.Jobs.FailAsync(failed, Failure, JobBench.None);
        await PublishAsync(failed.Id);
        var dismissed = await AddAsync();
        await _bench.Dismiss.ExecuteAsync(dismissed.Id, JobBench.Nobody, JobBench.None);

        await UntilAsync(() => _far.Posted.Count(post => post.Address == "/bad") == 2);
        _far.Posted.Where(post => post.Address == "/bad").Select(post => post.Body).ShouldBe(["Failed", "Dismissed"], ignoreOrder: true);
        _far.Posted.ShouldNotContain(post => post.Address == "/good");
        await NothingOwedAsync();
    }

    [Fact]
    public async Task A_delivery_that_fails_is_tried_again_after_a_growing_pause()
    {
        _far.Answers.Enqueue(new CallbackOutcome.Delivered());
        _far.Answers.Enqueue(new CallbackOutcome.Failed("HTTP 503", IsFinal: false));
        _far.Answers.Enqueue(new CallbackOutcome.Failed("no connection", IsFinal: false));
        var hold = await AddAsync();
        await ToldAsync("/progress");
        await SucceedAsync(hold);
        await UntilAsync(() => Tries == 1);
        await UntilAsync(async () => (await _bench.Outbox.ListAsync(JobBench.None)) is [{ Attempts: 1 }]);
        Tries.ShouldBe(1, "not before its time");
        await StepAsync(TimeSpan.FromSeconds(3), () => Tries == 2);
        await StepAsync(TimeSpan.FromSeconds(6), () => Tries == 3);
        await NothingOwedAsync();
    }

    [Fact]
    public async Task What_the_other_side_does_not_want_is_not_sent_again()
    {
        _far.Answers.Enqueue(new CallbackOutcome.Delivered());
        _far.Answers.Enqueue(new CallbackOutcome.Failed("HTTP 404", IsFinal: true));
        var hold = await AddAsync();
        await ToldAsync("/progress");
        await SucceedAsync(hold);
        await NothingOwedAsync();
        Tries.ShouldBe(1);
    }

    [Fact]
    public async Task After_enough_attempts_it_is_given_up()
    {
        await _sender.StopAsync(JobBench.None);
        await StartAsync(maxAttempts: 2);
        _far.Answers.Enqueue(new CallbackOutcome.Delivered());
        _far.Answers.Enqueue(new CallbackOutcome.Failed("no connection", IsFinal: false));
        _far.Answers.Enqueue(new CallbackOutcome.Failed("no connection", IsFinal: false));
        var hold = await AddAsync();
        await ToldAsync("/progress");
        await SucceedAsync(hold);
        await UntilAsync(async () => (await _bench.Outbox.ListAsync(JobBench.None)) is [{ Attempts: 1 }]);
        await StepAsync(TimeSpan.FromSeconds(3), () => Tries == 2);
        await NothingOwedAsync();
    }

    [Fact]
    public async Task What_a_stopped_server_owed_is_delivered_by_the_next()
    {
        var hold = await AddAsync();
        await ToldAsync("/progress");
        await _sender.StopAsync(JobBench.None);
        await SucceedAsync(hold);
        Tries.ShouldBe(0);

        await StartAsync();
        await ToldAsync("/good");
        await NothingOwedAsync();
    }

    [Fact]
    public async Task Nobody_is_told_of_a_job_that_has_no_subscriber_or_was_removed()
    {
        var hold = await AddAsync();
        await _sender.StopAsync(JobBench.None);
        await SucceedAsync(hold);
        await _bench.Jobs.RemoveAsync(hold.Id, JobBench.None);
        await StartAsync();
        await NothingOwedAsync();
        Tries.ShouldBe(0);
    }

    private int Tries => _far.Posted.Count(post => post.Address == "/good");

    private async Task StartAsync(int maxAttempts = 10)
    {
        _sender = new CallbackSender(
            _bench.Outbox, _far, _far, _bench.Jobs, _bench.Events, new Processes.FakeWeb(), Options.Create(new CallbackOptions { MaxAttempts = maxAttempts }), _bench.Clock, NullLogger<CallbackSender>.Instance);
        await _sender.StartAsync(JobBench.None);
    }

    private async Task<JobHold> AddAsync()
    {
        var job = await _bench.AddAsync(Request, startAs: "w", owesCallback: true);
        _sender.Follow(job.Id);
        return new JobHold(job.Id, 1, "w");
    }

    private async Task SucceedAsync(JobHold hold)
    {
        (await _bench.Jobs.SucceedAsync(hold, [], JobBench.None)).ShouldBeTrue();
        await PublishAsync(hold.Id);
    }

    private async Task PublishAsync(JobId id) => _bench.Events.Publish(new JobEvent.Changed(await _bench.FindAsync(id)));

    private Task ToldAsync(string address) => UntilAsync(() => _far.Posted.Any(post => post.Address == address));

    private Task NothingOwedAsync() => UntilAsync(async () => (await _bench.Outbox.ListAsync(JobBench.None)).Count == 0);

    /// <summary>The sender may not have begun to wait yet when the clock is moved first.</summary>
    private Task StepAsync(TimeSpan step, Func<bool> condition) => UntilAsync(() =>
    {
        if (!condition())
        {
            _bench.Clock.Advance(step);
        }

        return condition();
    });

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 1000; i++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(10);
        }

        (await condition()).ShouldBeTrue("in vain");
    }
}
