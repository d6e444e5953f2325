namespace GeoWps.Tests.Unit.Layers;

public sealed class LayerCatalogueTests : IDisposable
{
    private readonly LayerBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_layer_that_is_known_is_there_at_once()
    {
        await _bench.Layers.TryAddAsync(Some.Layer("a"), LayerBench.None);

        for (var i = 0; i < 3; i++)
        {
            var found = _bench.Layers.FindAsync("a", LayerBench.None);
            found.IsCompletedSuccessfully.ShouldBeTrue();
            (await found).ShouldNotBeNull();
        }

        _bench.Store.Finds.ShouldBe(0);
    }

    [Fact]
    public async Task A_look_that_a_change_overtakes_keeps_nothing_old()
    {
        await _bench.Store.TryAddAsync(Some.Layer("a"), LayerBench.None);
        _bench.Store.Meanwhile = () => _bench.Layers.TryReplaceAsync(Some.Layer("a") with { Revision = 2 }, tilesStay: true, LayerBench.None);
        await _bench.Layers.FindAsync("a", LayerBench.None);
        (await _bench.Layers.FindAsync("a", LayerBench.None))!.Revision.ShouldBe(2);

        await _bench.Store.TryAddAsync(Some.Layer("b"), LayerBench.None);
        _bench.Store.Meanwhile = () => _bench.Layers.RemoveAsync("b", LayerBench.None);
        await _bench.Layers.FindAsync("b", LayerBench.None);
        (await _bench.Layers.FindAsync("b", LayerBench.None)).ShouldBeNull();
    }

    [Fact]
    public async Task More_layers_than_fit_are_all_found()
    {
        // At once, so that the store gathers their writes.
        await _bench.Layers.TryAddAsync(Some.Layer("l0"), LayerBench.None);
        await Task.WhenAll(Enumerable.Range(1, 4998).Select(i => _bench.Layers.TryAddAsync(Some.Layer($"l{i}"), LayerBench.None)));
        await _bench.Layers.TryAddAsync(Some.Layer("l4999"), LayerBench.None);

        (await _bench.Layers.FindAsync("l0", LayerBench.None)).ShouldNotBeNull();
        (await _bench.Layers.FindAsync("l4999", LayerBench.None)).ShouldNotBeNull();
        _bench.Store.Finds.ShouldBe(1, "the first was forgotten, the last is known");
    }

    [Fact]
    public async Task A_layer_whose_time_is_over_is_not_found_and_then_removed_with_its_data()
    {
        var layer = Some.Layer("a") with { Expires = _bench.Clock.GetUtcNow().AddMinutes(1) };
        await _bench.Layers.TryAddAsync(layer, LayerBench.None);
        (await _bench.Layers.FindAsync("a", LayerBench.None)).ShouldNotBeNull();

        _bench.Clock.Advance(TimeSpan.FromMinutes(2));

        (await _bench.Layers.FindAsync("a", LayerBench.None)).ShouldBeNull();
        (await _bench.Keeper.RemoveExpiredAsync(LayerBench.None)).ShouldBe(1);
        (await _bench.Layers.CountAsync(LayerBench.None)).ShouldBe(0);
        _bench.Watch.Told.ShouldBe(["removed a"]);
    }
}
