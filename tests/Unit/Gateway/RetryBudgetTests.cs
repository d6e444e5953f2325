using GeoWps.Adapters.Gateway.Forwarding;

namespace GeoWps.Tests.Unit.Gateway;

public sealed class RetryBudgetTests
{
    private readonly RetryBudget _budget = new(20, 3, TimeProvider.System);

    [Theory]
    [InlineData(0, 3)]
    [InlineData(10, 3)]
    [InlineData(20, 4)]
    [InlineData(100, 20)]
    public async Task A_fifth_of_the_requests_in_flight_and_at_least_three_may_go_again(int inFlight, int allowed)
    {
        for (var i = 0; i < inFlight; i++)
        {
            _budget.Begin();
        }

        var taken = 0;
        while (await _budget.TakeAsync(TimeSpan.Zero, CancellationToken.None))
        {
            taken++;
        }

        taken.ShouldBe(allowed);
    }

    [Fact]
    public async Task Whoever_comes_later_waits_for_a_turn_in_order()
    {
        await TakeAllAsync();
        var first = _budget.TakeAsync(TimeSpan.FromMinutes(1), CancellationToken.None).AsTask();
        var second = _budget.TakeAsync(TimeSpan.FromMinutes(1), CancellationToken.None).AsTask();
        first.IsCompleted.ShouldBeFalse();

        _budget.Release();
        (await first).ShouldBeTrue();
        second.IsCompleted.ShouldBeFalse();
        _budget.Release();
        (await second).ShouldBeTrue();
        _budget.Taken.ShouldBe(3);
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_takes_nothing()
    {
        await TakeAllAsync();
        using var gone = new CancellationTokenSource();
        var waiting = _budget.TakeAsync(TimeSpan.FromMinutes(1), gone.Token).AsTask();
        await gone.CancelAsync();

        (await waiting).ShouldBeFalse();
        (await _budget.TakeAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None)).ShouldBeFalse();
        _budget.Release();
        _budget.Taken.ShouldBe(2);
    }

    private async Task TakeAllAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            (await _budget.TakeAsync(TimeSpan.Zero, CancellationToken.None)).ShouldBeTrue();
        }
    }
}
