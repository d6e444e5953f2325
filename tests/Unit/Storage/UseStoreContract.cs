using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Storage;

/// <summary>What every <see cref="IUseStore"/> does. An adapter derives from it and gives the two methods.</summary>
public abstract class UseStoreContract : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private IUseStore? _store;

    private IUseStore Store => _store ??= Open();

    protected abstract IUseStore Open();

    protected abstract void Close();

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_is_added_sums_up_over_restarts_and_is_told_by_what_is_asked()
    {
        await Store.AddAsync([Of("2026-01", "files:a", "ann", 1), Of("2026-01", "files:b", "ann", 2), Of("2026-02", "files:a", "anonymous", 4)], None);
        await Store.AddAsync([], None);
        Close();
        _store = null;
        await Store.AddAsync([Of("2026-01", "files:a", "ann", 8), Of("2026-03", "", "bob", 16)], None);

        (await AskAsync(null, null, UseParts.Month | UseParts.Record | UseParts.Caller)).ShouldBe(
            [Of("2026-01", "files:a", "ann", 9), Of("2026-01", "files:b", "ann", 2), Of("2026-02", "files:a", "anonymous", 4), Of("2026-03", "", "bob", 16)]);
        (await AskAsync(null, null, UseParts.Month)).ShouldBe([Of("2026-01", "", "", 11), Of("2026-02", "", "", 4), Of("2026-03", "", "", 16)]);
        (await AskAsync("2026-02", null, UseParts.Record)).ShouldBe([Of("", "", "", 16), Of("", "files:a", "", 4)]);
        (await AskAsync("2026-01", "2026-02", UseParts.Caller)).ShouldBe([Of("", "", "ann", 11), Of("", "", "anonymous", 4)]);
        (await AskAsync("2027-01", null, UseParts.None)).ShouldBeEmpty();
        (await AskAsync(null, null, UseParts.None)).ShouldBe([Of("", "", "", 31)]);
        (await Store.ReadAsync(new UseQuery(null, null, UseParts.Month, 1, 1), None)).ShouldBe([Of("2026-02", "", "", 4)]);
    }

    [Fact]
    public async Task Several_who_add_at_once_lose_nothing()
    {
        _ = Store;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 5; i++)
            {
                // Each in its own order.
                var uses = Enumerable.Range(0, 20).Select(number => Of("2026-01", $"files:{(number * 7 + writer) % 20}", "ann", 1));
                await Store.AddAsync([.. uses], None);
            }
        })));

        var all = await AskAsync(null, null, UseParts.Record);
        all.Count.ShouldBe(20);
        all.ShouldAllBe(use => use.Figures == new UseFigures(40, 0, 80, 1_200));
    }

    private Task<IReadOnlyList<RecordUse>> AskAsync(string? from, string? to, UseParts by) => Store.ReadAsync(new UseQuery(from, to, by, 0, 100), None);

    // Each figure is another multiple, so that none is taken for another.
    private static RecordUse Of(string month, string record, string caller, long number) => new(month, record, caller, new UseFigures(number, 0, number * 2, number * 30));
}
