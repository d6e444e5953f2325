using GeoWps.Application.Ports;
using GeoWps.Domain.Nodes;

namespace GeoWps.Tests.Unit.Storage;

/// <summary>What every <see cref="ICallStatistics"/> does. An adapter derives from it and says how a gateway's is opened.</summary>
public abstract class CallStatisticsContract
{
    private static readonly CancellationToken _none = CancellationToken.None;
    private static readonly DateTimeOffset _hour = new(2026, 11, 28, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_is_told_of_the_same_is_added_up_also_over_a_restart()
    {
        var statistics = Open();
        await statistics.AddAsync([Calls(_hour, "GET /a", 3), Calls(_hour, "GET /b", 1)], _none);
        await statistics.AddAsync([Calls(_hour, "GET /a", 2)], _none);
        Close(statistics);

        var again = Open();
        await again.AddAsync([Calls(_hour, "GET /a", 4)], _none);
        var read = await again.ReadAsync(_hour, _hour.AddHours(1), _none);

        read.Select(one => (one.Operation, one.Calls, one.Failures, one.Retries, one.Bytes)).ShouldBe([("GET /a", 9, 9, 9, 90), ("GET /b", 1, 1, 1, 10)]);
        read[0].Durations.ShouldBe(new Dictionary<int, long> { [7] = 9 });
        Close(again);
    }

    [Fact]
    public async Task Hours_are_read_in_order_from_the_first_on_and_without_the_last()
    {
        var statistics = Open();
        await statistics.AddAsync([Calls(_hour.AddHours(1), "GET /a", 2), Calls(_hour, "GET /a", 1), Calls(_hour.AddHours(2), "GET /a", 3)], _none);
        await statistics.AddAsync([Calls(_hour, "GET /a", 10)], _none);

        (await statistics.ReadAsync(_hour, _hour.AddHours(2), _none)).Select(one => (one.Hour, one.Calls)).ShouldBe([(_hour, 11), (_hour.AddHours(1), 2)]);
        (await statistics.ReadAsync(_hour.AddMinutes(1).ToOffset(TimeSpan.FromHours(5)), _hour.AddHours(2), _none)).ShouldHaveSingleItem().Calls.ShouldBe(2);
        Close(statistics);
    }

    [Fact]
    public async Task What_is_old_is_forgotten()
    {
        var statistics = Open();
        await statistics.AddAsync([Calls(_hour.AddDays(-3), "GET /a", 2), Calls(_hour, "GET /a", 1)], _none);

        await statistics.ForgetAsync(_hour, _none);

        (await statistics.ReadAsync(_hour.AddDays(-30), _hour.AddDays(1), _none)).ShouldHaveSingleItem().Calls.ShouldBe(1);
        Close(statistics);
    }

    protected static CallHour Calls(DateTimeOffset hour, string operation, long calls) =>
        new(hour, "tiles", operation, "worker1", calls, calls, calls, calls * 10, new Dictionary<int, long> { [7] = calls });

    /// <summary>The same figures each time.</summary>
    protected abstract ICallStatistics Open();

    protected abstract void Close(ICallStatistics statistics);
}
