using GeoWps.Application.Editions;

namespace GeoWps.Tests.Unit.Http.Ows;

public sealed class DocumentEditionsTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly MemoryEditions _store = new();

    [Fact]
    public async Task What_is_known_is_not_asked_for_again()
    {
        using var editions = new DocumentEditions(_store);
        var first = await editions.OfAsync("wps", "a", None);
        var asked = _store.Asked;

        (await editions.OfAsync("wps", "a", None)).ShouldBe(first);

        _store.Asked.ShouldBe(asked);
        (await editions.OfAsync("wps", "b", None)).ShouldBeGreaterThan(first);
        (await editions.OfAsync("wmts", "b", None)).ShouldBeGreaterThan(first);
    }

    [Fact]
    public async Task A_node_keeps_the_number_of_what_it_has_until_it_sees_what_another_one_has()
    {
        using var editions = new DocumentEditions(_store);
        var first = await editions.OfAsync("wps", "a", None);

        var second = await _store.TakeElsewhereAsync("wps", "b");

        (await editions.OfAsync("wps", "a", None)).ShouldBe(first, "it has not seen the change yet, and makes none of its own");
        (await editions.HasReachedAsync("wps", second, None)).ShouldBeTrue();
        (await editions.HasReachedAsync("wps", second + 1, None)).ShouldBeFalse();
        (await editions.OfAsync("wps", "b", None)).ShouldBe(second);
    }

    [Fact]
    public async Task A_change_to_and_fro_that_a_node_has_not_seen_is_a_change_all_the_same()
    {
        using var editions = new DocumentEditions(_store);
        await editions.OfAsync("wps", "a", None);

        await _store.TakeElsewhereAsync("wps", "b");
        var third = await _store.TakeElsewhereAsync("wps", "a");

        (await editions.OfAsync("wps", "a", None)).ShouldBe(third);
    }
}
