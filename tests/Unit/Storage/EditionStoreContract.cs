using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Storage;

/// <summary>What every <see cref="IEditionStore"/> does. An adapter derives from it and gives the two methods.</summary>
public abstract class EditionStoreContract : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private IEditionStore? _store;

    private IEditionStore Store => _store ??= Open();

    protected abstract IEditionStore Open();

    protected abstract void Close();

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_number_stays_with_its_content_over_restarts_and_grows_with_every_change_also_back()
    {
        (await Store.NewestAsync("wps", None)).ShouldBeNull();
        var first = await Store.TakeAsync("wps", "a", None);
        (await Store.TakeAsync("wps", "a", None)).ShouldBe(first);
        Close();
        _store = null;
        (await Store.TakeAsync("wps", "a", None)).ShouldBe(first);
        await Store.TakeAsync("wmts", "b", None);

        var second = await Store.TakeAsync("wps", "b", None);
        var back = await Store.TakeAsync("wps", "a", None);

        second.ShouldBeGreaterThan(first);
        back.ShouldBeGreaterThan(second);
        (await Store.NewestAsync("wps", None)).ShouldBe(new Edition("a", back));
        (await Store.NewestAsync("wmts", None))!.Content.ShouldBe("b");
        DateTimeOffset.FromUnixTimeMilliseconds(first).ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromHours(1), "it is a time");
    }

    [Fact]
    public async Task Of_many_who_take_the_same_content_all_get_one_number()
    {
        await Store.TakeAsync("wps", "a", None);

        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Store.TakeAsync("wps", "b", None))));

        taken.Distinct().Count().ShouldBe(1);
    }
}
