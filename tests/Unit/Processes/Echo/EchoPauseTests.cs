using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Processes.Echo;

public sealed class EchoPauseTests
{
    private readonly EchoBench _bench = new();

    [Fact]
    public async Task Without_a_pause_it_is_done_at_once()
    {
        var running = _bench.RunAsync("""{"inputs": {"literalInput": "a"}}""");

        (await running).ShouldBeOfType<RunOutcome.Succeeded>();
        _bench.Progress.ShouldBeEmpty();
        (await _bench.OutputsAsync("""{"inputs": {"literalInput": "a", "pause": 0}}""")).ShouldBe(["literalOutput \"a\""]);
    }

    [Fact]
    public async Task With_a_pause_it_waits_that_long_and_says_how_far_it_is()
    {
        var running = _bench.RunAsync("""{"inputs": {"literalInput": "a", "pause": 20}}""");
        for (var second = 0; second < 20; second++)
        {
            await _bench.Clock.WaitedForAsync();
            running.IsCompleted.ShouldBeFalse();
            _bench.Clock.Advance(TimeSpan.FromSeconds(1) + TimeSpan.FromTicks(1));
        }

        (await running).ShouldBeOfType<RunOutcome.Succeeded>().Outputs.ShouldHaveSingleItem();
        _bench.Progress.Count.ShouldBe(20);
        _bench.Progress.First().ShouldBe(0);
        _bench.Progress.Last().ShouldBe(95, 0.01);
        _bench.Progress.ShouldBeInOrder();
    }

    [Fact]
    public async Task A_dismissal_ends_the_pause_at_once()
    {
        using var dismissed = new CancellationTokenSource();
        var running = _bench.RunAsync("""{"inputs": {"literalInput": "a", "pause": 60}}""", cancellationToken: dismissed.Token);
        await _bench.Clock.WaitedForAsync();

        await dismissed.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task What_is_wrong_is_told_without_a_pause()
    {
        var mistakes = await _bench.MistakesAsync("""{"inputs": {"literalInput": {"href": "http://a/none"}, "pause": 60}}""");

        mistakes.ShouldBe(["literalInput: can not be fetched"]);
    }
}
