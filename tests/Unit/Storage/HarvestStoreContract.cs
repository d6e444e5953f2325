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

    [Fact]
    public async Task A_turn_is_one_jobs_until_it_gives_it_back_or_lets_it_end()
    {
        await Store.TryAddAsync(Of("a") with { MaxRemoved = 0.5 }, None);
        (await Store.TryClaimAsync("a", "one", TimeSpan.FromMinutes(5), None)).ShouldBeNull();
        (await Store.TryClaimAsync("a", "one", TimeSpan.FromMinutes(5), None)).ShouldBeNull("it is renewed");
        var taken = (await Store.TryClaimAsync("a", "two", TimeSpan.FromMinutes(5), None)).ShouldNotBeNull();
        (taken.Job, taken.Until > DateTimeOffset.UtcNow.AddMinutes(4)).ShouldBe(("one", true));
        (await Store.FindAsync("a", None)).ShouldBe(Of("a") with { MaxRemoved = 0.5 });

        await Store.ReleaseAsync("a", "two", None);
        (await Store.TryClaimAsync("a", "two", TimeSpan.FromMinutes(5), None)).ShouldBe(taken, "only who has it gives it back");
        await Store.ReleaseAsync("a", "one", None);
        (await Store.TryClaimAsync("a", "two", TimeSpan.Zero, None)).ShouldBeNull();
        while (await Store.TryClaimAsync("a", "one", TimeSpan.FromMinutes(5), None) is { } left)
        {
            left.Job.ShouldBe("two");
            await Task.Delay(5);
        }

        (await Store.TryClaimAsync("gone", "one", TimeSpan.FromMinutes(5), None)).ShouldBeNull();
    }

    private static HarvestSource Of(string id) => new(id, "list", "0 3 * * *", """{"url":"http://example.org/"}""", Time);
}
