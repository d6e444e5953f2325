using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Storage;

/// <summary>What every <see cref="IHarvestStore"/> does. An adapter derives from it and gives the two methods.</summary>
public abstract class HarvestStoreContract : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Time = new(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    private static readonly HarvestState State = new(Time, "job", "it broke", 1, 2, 3, 4, "\"mark\"", "form") { Succeeded = Time };

    private IHarvestStore? _store;

    private IHarvestStore Store => _store ??= Open();

    protected abstract IHarvestStore Open();

    protected abstract void Close();

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Sources_are_added_once_replaced_listed_by_id_and_removed()
    {
        (await Store.TryAddAsync(Of("b"), None)).ShouldBeTrue();
        (await Store.TryAddAsync(Of("b") with { Kind = "ogc" }, None)).ShouldBeFalse();
        (await Store.PutAsync(Of("a"), None)).ShouldBeTrue();
        (await Store.PutAsync(Of("b") with { When = null, Settings = """{"ü":1}""" }, None)).ShouldBeFalse();

        Close();
        _store = null;

        (await Store.ListAsync(None)).ShouldBe([Of("a"), Of("b") with { When = null, Settings = """{"ü":1}""" }]);
        (await Store.FindAsync("a", None)).ShouldBe(Of("a"));
        (await Store.FindAsync("c", None)).ShouldBeNull();
        (await Store.RemoveAsync("a", None)).ShouldBeTrue();
        (await Store.RemoveAsync("a", None)).ShouldBeFalse();
        (await Store.ListAsync(None)).Select(each => each.Id).ShouldBe(["b"]);
    }

    [Fact]
    public async Task What_became_of_it_stays_with_other_settings_and_goes_with_it()
    {
        await Store.TryAddAsync(Of("a"), None);
        await Store.NoteAsync("a", State, None);
        await Store.NoteAsync("gone", State, None);
        await Store.PutAsync(Of("a") with { Settings = "{}" }, None);

        (await Store.ListAsync(None)).ShouldBe([Of("a") with { Settings = "{}", State = State }]);
        await Store.RemoveAsync("a", None);
        await Store.TryAddAsync(Of("a"), None);
        (await Store.FindAsync("a", None))!.State.ShouldBeNull();
    }

    private static HarvestSource Of(string id) => new(id, "list", "0 3 * * *", """{"url":"http://example.org/"}""", Time);
}
