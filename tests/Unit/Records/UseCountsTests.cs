using GeoWps.Application.Ports;
using GeoWps.Application.Records.Use;
using GeoWps.Application.Security;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Records;

public sealed class UseCountsTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Caller Ann = new("ann", Rights.None);
    private static readonly Caller Nobody = new(null, Rights.None);

    private readonly MemoryUse _store = new();

    [Fact]
    public async Task What_is_counted_is_stored_once_with_month_and_name()
    {
        using var counts = New();
        counts.Opened("files:a", Ann);
        counts.Opened("files:a", Ann);
        counts.Downloaded("files:a", Nobody);
        counts.Searched(["files:a", "files:b"], Caller.Administrator);

        await counts.StoreAsync(None);
        await counts.StoreAsync(None);

        var month = UseCounts.MonthOf(DateTimeOffset.UtcNow);
        _store.Added.OrderBy(use => (use.Caller, use.Record)).Select(use => (use.Record, use.Caller, use.Figures)).ShouldBe(
        [
            ("", "administrator", new UseFigures(0, 0, 1, 0)), ("files:a", "administrator", new UseFigures(0, 0, 0, 1)), ("files:b", "administrator", new UseFigures(0, 0, 0, 1)),
            ("files:a", "ann", new UseFigures(2, 0, 0, 0)), ("files:a", "anonymous", new UseFigures(0, 1, 0, 0)),
        ]);
        _store.Added.ShouldAllBe(use => use.Month == month);
    }

    [Fact]
    public async Task What_can_not_be_stored_stays_counted_and_the_stop_stores_it()
    {
        using var counts = New();
        await counts.StartAsync(None);
        counts.Opened("files:a", Ann);
        _store.Fails = true;
        await Should.ThrowAsync<IOException>(() => counts.StoreAsync(None));
        counts.Opened("files:a", Ann);
        _store.Fails = false;

        await counts.StopAsync(None);

        _store.Added.ShouldHaveSingleItem().Figures.ShouldBe(new UseFigures(2, 0, 0, 0));
    }

    [Fact]
    public async Task Many_who_count_at_once_while_it_is_stored_lose_nothing_and_records_beyond_the_room_are_counted_together()
    {
        using var counts = New();
        var counting = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                counts.Opened("files:a", Ann);
            }
        })).ToArray();
        while (!Task.WhenAll(counting).IsCompleted)
        {
            await counts.StoreAsync(None);
        }

        await Task.WhenAll(counting);
        await counts.StoreAsync(None);
        _store.Added.Sum(use => use.Figures.Opened).ShouldBe(20_000);

        counts.Searched(Enumerable.Range(0, 100_010).Select(number => $"x:{number}"), Ann);
        await counts.StoreAsync(None);
        _store.Added.Single(use => use.Record == UseCounts.Others).Figures.Shown.ShouldBe(11);
    }

    private UseCounts New() => new(_store, TimeProvider.System, NullLogger<UseCounts>.Instance);
}
