using GeoWps.Application.Ports;
using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Schemes;

namespace GeoWps.Tests.Unit.Storage;

/// <summary>What every <see cref="ISchemeStore"/> does. An adapter derives from it and gives the two methods.</summary>
public abstract class SchemeStoreContract : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private ISchemeStore? _store;

    private ISchemeStore Store => _store ??= Open();

    protected abstract ISchemeStore Open();

    protected abstract void Close();

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Schemes_are_put_listed_by_id_replaced_and_removed_and_each_change_is_another_version()
    {
        await Store.PutAsync(Of("b", "档案"), None);
        await Store.PutAsync(Of("B", "1"), None);
        var first = await Store.VersionAsync(None);
        (await Store.VersionAsync(None)).ShouldBe(first);

        await Store.PutAsync(Of("b", "2"), None);
        var second = await Store.VersionAsync(None);
        second.ShouldNotBe(first);

        Close();
        _store = null;

        (await Store.VersionAsync(None)).ShouldBe(second);
        var all = await Store.ListAsync(None);
        all.Select(scheme => scheme.Id).ShouldBe(["B", "b"]);
        all[1].Labels.ShouldBe(new Dictionary<string, string> { ["zh"] = "2" });
        all[1].Concepts.Select(concept => (concept.Code, concept.Labels.Count, concept.Broader)).ShouldBe([("A", 1, null), ("A.1", 0, "A")]);

        (await Store.RemoveAsync("b", None)).ShouldBeTrue();
        (await Store.RemoveAsync("b", None)).ShouldBeFalse();
        (await Store.VersionAsync(None)).ShouldNotBe(second);
    }

    [Fact]
    public async Task Codes_of_a_record_are_replaced_as_a_whole_and_found_for_many_records()
    {
        await Store.AssignAsync("files:a/'b\".csv", [new Classification("plan", "A"), new Classification("plan", "B")], None);
        await Store.AssignAsync("x:1", [new Classification("plan", "C")], None);
        await Store.AssignAsync("x:2", [new Classification("plan", "C")], None);
        await Store.AssignAsync("x:1", [new Classification("other", "D")], None);
        await Store.AssignAsync("x:2", [], None);

        var found = await Store.AssignedAsync([.. Enumerable.Range(0, 600).Select(number => $"x:{number}"), "files:a/'b\".csv"], None);

        found.Keys.Order(StringComparer.Ordinal).ShouldBe(["files:a/'b\".csv", "x:1"]);
        found["files:a/'b\".csv"].ShouldBe([new Classification("plan", "A") { IsAssigned = true }, new Classification("plan", "B") { IsAssigned = true }]);
        found["x:1"].ShouldBe([new Classification("other", "D") { IsAssigned = true }]);
        (await Store.AssignedAsync([], None)).ShouldBeEmpty();
    }

    private static ClassificationScheme Of(string id, string title) => new(
        id,
        new Dictionary<string, string> { ["zh"] = title },
        [new Concept("A", new Dictionary<string, string> { ["en"] = "Plans" }, null), new Concept("A.1", new Dictionary<string, string>(), "A")]);
}
