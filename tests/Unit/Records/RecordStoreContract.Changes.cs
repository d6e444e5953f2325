using GeoWps.Application.Ports;
using GeoWps.Domain.Records;

namespace GeoWps.Tests.Unit.Records;

public abstract partial class RecordStoreContract
{
    /// <summary>Of the stores that are opened here (<c>Records:KeptRemovals</c>).</summary>
    protected const int KeptRemovals = 20;

    private static readonly RecordQuery _everybody = new();

    [Fact]
    public async Task What_came_changed_and_went_since_a_state_is_told_also_after_a_restart()
    {
        await Store.PutAsync([Record("a", "A"), Record("b", "B"), Record("c", "C"), Record("d", "D")], None);
        var before = await SettledAsync();
        await Store.PutAsync([Record("b", "B2", text: "words"), Record("e", "E")], None);
        await Store.RemoveAsync("here", ["a", "d", "none"], None);
        await Store.PutAsync([Record("d", "D again")], None);

        Restart();

        var changes = (await Store.ChangesAsync(_everybody, before, 10, None)).ShouldNotBeNull();
        changes.Changed.Select(record => (record.LocalId, record.Title, record.Text)).ShouldBe([("b", "B2", null), ("d", "D again", null), ("e", "E", null)], ignoreOrder: true);
        changes.Removed.ShouldBe(["here:a"], "what is there again is not gone");
        changes.Total.ShouldBe(4);
        var after = await SettledAsync();
        (await Store.ChangesAsync(_everybody, after, 10, None))!.Removed.ShouldBeEmpty();

        await Store.RemoveAllAsync("here", None);
        changes = (await Store.ChangesAsync(_everybody, after, 10, None)).ShouldNotBeNull();
        changes.Removed.ShouldBe(["here:b", "here:c", "here:d", "here:e"], ignoreOrder: true);
        (changes.Changed.Count, changes.Total).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Changes_are_told_to_those_who_see_the_record_and_to_those_who_do_not_any_more_it_is_gone()
    {
        await Store.PutAsync([Record("a", "A"), Record("b", "B") with { Owner = "ann" }, Record("c", "C") with { Owner = "bob" }], None);
        var before = await SettledAsync();
        await Store.PutAsync([Record("a", "A") with { Owner = "ann" }, Record("c", "C")], None);
        await Store.RemoveAsync("here", ["b"], None);
        async Task<(string Changed, string Removed, long Total)> ToldAsync(RecordQuery caller)
        {
            var changes = (await Store.ChangesAsync(caller, before, 10, None)).ShouldNotBeNull();
            return (string.Join(' ', changes.Changed.Select(record => record.LocalId).Order()), string.Join(' ', changes.Removed.Order()), changes.Total);
        }

        (await ToldAsync(_everybody)).ShouldBe(("c", "here:a", 1));
        (await ToldAsync(new RecordQuery { Caller = "ann" })).ShouldBe(("a c", "here:b", 2));
        (await ToldAsync(new RecordQuery { Caller = "bob" })).ShouldBe(("c", "here:a", 1));
        (await ToldAsync(new RecordQuery { SeesAll = true })).ShouldBe(("a c", "here:b", 2));
    }

    [Fact]
    public async Task Of_a_state_that_is_not_known_or_too_long_ago_or_with_too_many_changes_nothing_is_told()
    {
        var before = await SettledAsync();
        await Store.PutAsync([.. Enumerable.Range(0, KeptRemovals + 1).Select(i => Record($"{i}", "A"))], None);

        (await Store.ChangesAsync(_everybody, before, KeptRemovals, None)).ShouldBeNull("there are more");
        (await Store.ChangesAsync(_everybody, before, KeptRemovals + 1, None)).ShouldNotBeNull().Changed.Count.ShouldBe(KeptRemovals + 1);
        foreach (var other in new[] { "", "x", "other-1", before.Split('-')[0] + "-99999999999999", before + "-1", before.Split('-')[0] + "--1" })
        {
            (await Store.ChangesAsync(_everybody, other, 100, None)).ShouldBeNull(other);
        }

        var then = await SettledAsync();
        await Store.RemoveAllAsync("here", None);
        (await Store.ChangesAsync(_everybody, then, 100, None)).ShouldBeNull("that many removals are not kept");
        var now = await SettledAsync();
        await Store.PutAsync([Record("a", "A")], None);
        (await Store.ChangesAsync(_everybody, now, 100, None)).ShouldNotBeNull().Changed.Count.ShouldBe(1);
    }

    /// <returns>A state after which nothing has changed: others who use the same server may hold that up.</returns>
    private async Task<string> SettledAsync()
    {
        while (true)
        {
            var state = (await Store.ChangesAsync(_everybody, null, 100, None))!.State;
            if (await Store.ChangesAsync(new RecordQuery { SeesAll = true }, state, 100, None) is { Changed.Count: 0, Removed.Count: 0 })
            {
                return state;
            }

            await Task.Delay(20);
        }
    }
}
