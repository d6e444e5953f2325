using GeoWps.Adapters.Storage.Layers;
using GeoWps.Adapters.Storage.Memory;
using GeoWps.Application.Ports;
using GeoWps.Application.Nodes;
using GeoWps.Domain.Layers;
using GeoWps.Tests.Unit.Layers;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Storage;

/// <summary>Two nodes' folders over one store.</summary>
public sealed class ClusterLayerFoldersTests : IDisposable
{
    private const int Size = 1000;

    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();
    private readonly MemoryBlobStore _blobs;
    private readonly ClusterLayerFolders _here;
    private readonly ClusterLayerFolders _there;

    public ClusterLayerFoldersTests()
    {
        _blobs = new MemoryBlobStore(1 << 20, _clock);
        _here = Open("here", long.MaxValue);
        _there = Open("there", 2 * Size);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Who_has_no_file_that_another_read_in_place_names_that_one()
    {
        var file = _folder["theirs.tif"];
        var layer = Some.Layer("a") with { Source = new LayerSource.Drawn(file, DrawnKind.Raster), Home = "there" };

        var elsewhere = await Should.ThrowAsync<ElsewhereException>(async () => await _here.BringAsync(layer, default));
        elsewhere.Node.ShouldBe("there");
        elsewhere.Message.ShouldNotContain("theirs");

        await _there.BringAsync(layer, default);
        await _here.BringAsync(layer with { Home = null }, default);
        File.WriteAllText(file, "put here, too");
        await _here.BringAsync(layer, default);
    }

    [Fact]
    public async Task What_one_publishes_is_fetched_by_the_other_once_however_many_wait_for_it()
    {
        var layer = await PublishAsync("a");
        File.Exists(PathOf(_there, layer)).ShouldBeFalse();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _there.BringAsync(layer, default).AsTask()));

        File.ReadAllText(PathOf(_there, layer)).ShouldBe(new string('a', Size));
        _there.BringAsync(layer, default).IsCompletedSuccessfully.ShouldBeTrue("it is here");
    }

    [Fact]
    public async Task Who_does_not_wait_for_it_any_more_leaves_at_once()
    {
        var layer = await PublishAsync("a");
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await _there.BringAsync(layer, gone.Token));

        await _there.BringAsync(layer, default);
        File.Exists(PathOf(_there, layer)).ShouldBeTrue();
    }

    [Fact]
    public async Task Of_more_copies_than_there_may_be_those_go_that_were_not_used_for_longest_and_can_be_had_again()
    {
        Layer[] layers = [await PublishAsync("a"), await PublishAsync("b"), await PublishAsync("c")];
        foreach (var layer in layers)
        {
            await _there.BringAsync(layer, default);
            _clock.Advance(TimeSpan.FromMinutes(2));
        }

        // The first is the one used last.
        await _there.BringAsync(layers[0], default);
        (await SweepAsync(_there, layers)).ShouldBe(1);
        layers.Select(layer => File.Exists(PathOf(_there, layer))).ShouldBe([true, false, true]);

        await _there.BringAsync(layers[1], default);
        File.ReadAllText(PathOf(_there, layers[1])).ShouldBe(new string('b', Size));
        (await SweepAsync(_there, layers)).ShouldBe(1);
        layers.Select(layer => File.Exists(PathOf(_there, layer))).ShouldBe([true, true, false]);
    }

    [Fact]
    public async Task Copies_in_use_stay_although_they_are_too_many()
    {
        Layer[] layers = [await PublishAsync("a"), await PublishAsync("b"), await PublishAsync("c")];
        foreach (var layer in layers)
        {
            await _there.BringAsync(layer, default);
        }

        (await SweepAsync(_there, layers)).ShouldBe(0);
    }

    [Fact]
    public async Task The_copy_of_a_layer_that_is_gone_goes()
    {
        var layer = await PublishAsync("a");
        await _there.BringAsync(layer, default);
        _clock.Advance(TimeSpan.FromMinutes(2));

        (await SweepAsync(_there)).ShouldBe(1);

        File.Exists(PathOf(_there, layer)).ShouldBeFalse();
    }

    private static string PathOf(ClusterLayerFolders folders, Layer layer) => folders.PathOf(layer.Id, ((LayerSource.GeoPackage)layer.Source).Path);

    private static Task<int> SweepAsync(ClusterLayerFolders folders, params Layer[] layers) =>
        folders.SweepAsync(Grace, (id, _) => new(Array.Find(layers, layer => layer.Id == id)), CancellationToken.None);

    private ClusterLayerFolders Open(string node, long most) => new(_folder[node], _blobs, most, _clock, NullLogger.Instance, node);

    private async Task<Layer> PublishAsync(string id)
    {
        using var draft = _here.Begin();
        await using (var writer = new StreamWriter(draft.Create("data.gpkg")))
        {
            await writer.WriteAsync(new string(id[0], Size));
        }

        var folder = draft.Place(id, 1);
        await draft.ShareAsync(default);
        draft.Keep();
        return Some.Layer(id) with { Source = new LayerSource.GeoPackage($"{folder}/data.gpkg", "t") };
    }
}
