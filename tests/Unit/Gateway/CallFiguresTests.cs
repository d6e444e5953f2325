using GeoWps.Adapters.Gateway;
using GeoWps.Adapters.Gateway.Calls;
using GeoWps.Adapters.Storage.Files;
using GeoWps.Domain.Nodes;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Gateway;

public sealed class CallFiguresTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("geowps-unit-").FullName;
    private readonly TestClock _clock = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Percentiles_are_right_within_a_step()
    {
        var durations = new DurationHistogram();
        for (var ms = 1; ms <= 1000; ms++)
        {
            durations.Add(TimeSpan.FromMilliseconds(ms));
        }

        durations.QuantileMs(0.5).ShouldBeInRange(500, 550);
        durations.QuantileMs(0.95).ShouldBeInRange(950, 1045);
        durations.QuantileMs(0.99).ShouldBeInRange(990, 1090);
        new DurationHistogram().QuantileMs(0.5).ShouldBe(0);
    }

    [Fact]
    public async Task Hours_hold_what_was_called_since_the_last_time_and_outlive_a_restart()
    {
        var book = new CallBook();
        using (var file = new CallStatisticsFile(() => _folder))
        {
            var hours = Hours(book, file);
            Call(book, 3, failed: 1);
            await hours.TellAsync(CancellationToken.None);
            await hours.TellAsync(CancellationToken.None);
            Call(book, 2, failed: 0);
            await hours.TellAsync(CancellationToken.None);
            _clock.Advance(TimeSpan.FromHours(1));
            Call(book, 4, failed: 0);
            await hours.TellAsync(CancellationToken.None);
        }

        using var again = new CallStatisticsFile(() => _folder);
        var kept = await again.ReadAsync(_clock.GetUtcNow() - TimeSpan.FromDays(1), _clock.GetUtcNow(), CancellationToken.None);

        kept.Select(hour => (hour.Operation, hour.Calls, hour.Failures, hour.Bytes)).ShouldBe([("GET /a", 5, 1, 50), ("GET /a", 4, 0, 40)]);
        kept[0].Durations.Values.Sum().ShouldBe(5);
    }

    [Fact]
    public async Task After_thirty_days_figures_are_forgotten()
    {
        using var file = new CallStatisticsFile(() => _folder);
        var book = new CallBook();
        Call(book, 1, failed: 0);
        var hours = Hours(book, file);
        await hours.TellAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromDays(30));
        await hours.TellAsync(CancellationToken.None);
        Directory.EnumerateFiles(_folder, "*.json", SearchOption.AllDirectories).ShouldHaveSingleItem();

        _clock.Advance(TimeSpan.FromDays(1));
        await hours.TellAsync(CancellationToken.None);
        Directory.EnumerateFiles(_folder, "*.json", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    private CallHours Hours(CallBook book, CallStatisticsFile file) => new(book, file, Options.Create(new GatewayOptions()), _clock, NullLogger<CallHours>.Instance);

    private static void Call(CallBook book, int times, int failed)
    {
        for (var i = 0; i < times; i++)
        {
            var figures = book.Of(new CallKey("tiles", "GET", "/a", "n"));
            figures.Begin();
            figures.End(i < failed, isRetry: false, bytes: 10, TimeSpan.FromMilliseconds(5));
        }
    }
}
