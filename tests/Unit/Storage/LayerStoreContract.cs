using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Tests.Unit.Layers;

namespace GeoWps.Tests.Unit.Storage;

/// <summary>What every <see cref="ILayerStore"/> does. An adapter derives from it and gives the two methods.</summary>
public abstract class LayerStoreContract : IDisposable
{
    protected static readonly CancellationToken None = CancellationToken.None;

    private ILayerStore? _store;

    protected ILayerStore Store => _store ??= Open();

    /// <summary>Opens the store of this test: the same data each time.</summary>
    protected abstract ILayerStore Open();

    protected abstract void Close(ILayerStore store);

    public void Dispose()
    {
        Restart();
        CleanUp();
        GC.SuppressFinalize(this);
    }

    protected virtual void CleanUp()
    {
    }

    protected void Restart()
    {
        if (_store is { } store)
        {
            Close(store);
            _store = null;
        }
    }

    [Fact]
    public async Task A_layer_is_found_as_it_was_added_also_after_a_restart()
    {
        var layer = Some.FullLayer("a");
        (await Store.TryAddAsync(layer, None)).ShouldBeTrue();

        Restart();

        ShouldBeSame((await Store.FindAsync("a", None)).ShouldNotBeNull(), layer);
        (await Store.FindAsync("A", None)).ShouldBeNull("ids have a case");
    }

    [Fact]
    public async Task Sources_of_every_kind_are_kept()
    {
        foreach (var source in Some.Sources)
        {
            var layer = Some.Layer($"s{Array.IndexOf(Some.Sources, source)}") with { Source = source };
            await Store.TryAddAsync(layer, None);
            ShouldBeSame((await Store.FindAsync(layer.Id, None)).ShouldNotBeNull(), layer);
        }
    }

    [Fact]
    public async Task The_digest_changes_with_every_change_and_with_nothing_else()
    {
        var digests = new List<string> { await Store.DigestAsync(None) };
        await Store.TryAddAsync(Some.Layer("a"), None);
        digests.Add(await Store.DigestAsync(None));
        await Store.TryAddAsync(Some.Layer("b"), None);
        digests.Add(await Store.DigestAsync(None));
        await Store.TryReplaceAsync(Some.Layer("a") with { Revision = 2, Title = "other" }, None);
        digests.Add(await Store.DigestAsync(None));

        Restart();
        (await Store.TryAddAsync(Some.Layer("a"), None)).ShouldBeFalse();
        (await Store.TryReplaceAsync(Some.Layer("a") with { Revision = 2 }, None)).ShouldBeFalse();
        (await Store.DigestAsync(None)).ShouldBe(digests[^1]);

        await Store.RemoveAsync("a", None);
        digests.Add(await Store.DigestAsync(None));
        digests.ShouldBeUnique();
    }

    [Fact]
    public async Task An_id_that_is_taken_stays_whose_it_is()
    {
        await Store.TryAddAsync(Some.Layer("a"), None);

        (await Store.TryAddAsync(Some.Layer("a") with { Title = "other" }, None)).ShouldBeFalse();

        (await Store.FindAsync("a", None))!.Title.ShouldBe("a");
    }

    [Fact]
    public async Task Of_many_who_change_the_same_revision_one_does()
    {
        await Store.TryAddAsync(Some.Layer("a"), None);

        var won = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Store.TryReplaceAsync(Some.Layer("a") with { Revision = 2, Title = $"{i}" }, None))));

        won.Count(each => each).ShouldBe(1);
        (await Store.FindAsync("a", None))!.Title.ShouldBe($"{Array.IndexOf(won, true)}");
        (await Store.TryReplaceAsync(Some.Layer("a") with { Revision = 4 }, None)).ShouldBeFalse("it is not the next");
        (await Store.TryReplaceAsync(Some.Layer("b") with { Revision = 2 }, None)).ShouldBeFalse("there is none");
    }

    [Fact]
    public async Task What_is_removed_is_gone()
    {
        await Store.TryAddAsync(Some.Layer("a"), None);

        (await Store.RemoveAsync("a", None)).ShouldBeTrue();
        (await Store.RemoveAsync("a", None)).ShouldBeFalse();

        (await Store.FindAsync("a", None)).ShouldBeNull();
        (await Store.CountAsync(None)).ShouldBe(0);
    }

    [Fact]
    public async Task Layers_are_listed_by_id_in_pages()
    {
        foreach (var id in new[] { "b", "a", "C", "a-1", "z" })
        {
            await Store.TryAddAsync(Some.Layer(id), None);
        }

        (await Store.ListAsync(null, 3, None)).Select(layer => layer.Id).ShouldBe(["C", "a", "a-1"]);
        (await Store.ListAsync("a-1", 3, None)).Select(layer => layer.Id).ShouldBe(["b", "z"]);
        (await Store.CountAsync(None)).ShouldBe(5);
    }

    [Fact]
    public async Task Layers_with_an_end_are_counted_and_found_when_it_has_come()
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(100);
        await Store.TryAddAsync(Some.Layer("stays") with { Bytes = 1000 }, None);
        await Store.TryAddAsync(Some.Layer("later") with { Bytes = 20, Expires = now.AddMilliseconds(1) }, None);
        await Store.TryAddAsync(Some.Layer("over") with { Bytes = 3, Expires = now }, None);

        (await Store.ExpiredAsync(now, 10, None)).ShouldHaveSingleItem().Id.ShouldBe("over");
        (await Store.TemporaryAsync(None)).ShouldBe(new LayerUse(2, 23));

        await Store.TryReplaceAsync(Some.Layer("over") with { Revision = 2 }, None);
        (await Store.ExpiredAsync(now, 10, None)).ShouldBeEmpty("it was pinned");
        (await Store.TemporaryAsync(None)).ShouldBe(new LayerUse(1, 20));
    }

    /// <summary>Compared as documents: records compare lists by reference.</summary>
    protected static void ShouldBeSame(Layer actual, Layer expected)
    {
        TextOf(actual).ShouldBe(TextOf(expected));
        actual.Source.ToString().ShouldBe((expected.Source is LayerSource.Upstream upstream ? upstream with { Matrices = ((LayerSource.Upstream)actual.Source).Matrices } : expected.Source).ToString());
        (actual.Source as LayerSource.Upstream)?.Matrices.ShouldBe((expected.Source as LayerSource.Upstream)?.Matrices);
        actual.Contents.TimeField.ShouldBe(expected.Contents.TimeField);
    }

    private static string TextOf(Layer layer)
    {
        using var memory = new MemoryStream();
        using (var json = new System.Text.Json.Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            LayerDocument.WriteMembers(json, layer);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(memory.ToArray());
    }
}
