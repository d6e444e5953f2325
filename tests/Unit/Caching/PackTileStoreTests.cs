using GeoWps.Adapters.Storage.Tiles.Pack;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Caching;

public sealed class PackTileStoreTests() : TileStoreContract(folder => Task.FromResult<ITileStore>(new PackTileStore(Path.Combine(folder, "tiles"), NullLogger.Instance, PackBytes)))
{
    private const int PackBytes = 64 << 10;

    private string Level => Path.Combine(Folder, "tiles/roads/WebMercatorQuad.pbf/9");

    [Fact]
    public async Task Everything_outlives_a_restart()
    {
        await FillAsync();
        var before = await UseAsync(null);

        await ReopenAsync();

        (await UseAsync(null)).ShouldBe(before, ignoreOrder: true);
        (await TextAsync(Key(Roads, 3, 5, 7))).ShouldBe("roads 3/5/7");
    }

    [Fact]
    public async Task What_was_just_stored_is_at_hand_and_what_was_removed_is_not()
    {
        await FillAsync();
        if (OperatingSystem.IsLinux())
        {
            Store.TryFindNow(Key(Roads, 3, 5, 7), out var tile).ShouldBeTrue();
            tile.ShouldNotBeNull().Content.ToArray().ShouldBe((await Store.FindAsync(Key(Roads, 3, 5, 7), None))!.Content.ToArray());
        }

        Store.TryFindNow(Key(Roads, 14, 5, 7), out _).ShouldBeFalse();
        await Store.RemoveAsync(new TileSelection(Roads, 3, [new(5, 7, 5, 7)]), None);
        Store.TryFindNow(Key(Roads, 3, 5, 7), out _).ShouldBeFalse();
        await Store.RemoveLayerAsync("roads", None);
        Store.TryFindNow(Key(Roads, 3, 5, 6), out _).ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_stored_is_there_after_a_crash()
    {
        await PutManyAsync(300);
        await Store.RemoveAsync(new TileSelection(Roads, 9, [new(0, 0, 9, 0)]), None);
        await ((PackTileStore)Store).AbandonAsync();

        await ReopenAsync();

        await ShouldHoldAsync(10, 300);
    }

    [Fact]
    public async Task Indexes_are_made_of_the_packs_where_they_are_missing_or_wrong()
    {
        await PutManyAsync(300);
        await Store.RemoveAsync(new TileSelection(Roads, 9, [new(0, 0, 9, 0)]), None);
        var use = await UseAsync("roads");
        await CloseOnlyAsync();
        File.Delete(Path.Combine(Level, LevelPack.TilesIndex));
        await ReopenAsync();
        await ShouldHoldAsync(10, 300);
        (await UseAsync("roads")).ShouldBe(use);

        await CloseOnlyAsync();
        await File.WriteAllBytesAsync(Path.Combine(Level, LevelPack.ContentsIndex), new byte[5000]);
        await ReopenAsync();
        await ShouldHoldAsync(10, 300);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(47)]
    [InlineData(60)]
    [InlineData(700)]
    public async Task A_torn_end_is_ignored_and_written_over(int missing)
    {
        await PutManyAsync(100);
        await ((PackTileStore)Store).AbandonAsync();
        var pack = Directory.GetFiles(Level, "*.pack").Max()!;
        await using (var file = File.OpenWrite(pack))
        {
            file.SetLength(file.Length - missing);
        }

        await ReopenAsync();

        (await TextAsync(Key(Roads, 9, 10, 0))).ShouldBe(Text(10));
        await PutAsync(Key(Roads, 9, 99, 0), "again");
        await ((PackTileStore)Store).AbandonAsync();
        await ReopenAsync();
        (await TextAsync(Key(Roads, 9, 99, 0))).ShouldBe("again");
        (await TextAsync(Key(Roads, 9, 10, 0))).ShouldBe(Text(10));
    }

    [Fact]
    public async Task What_is_of_no_use_is_cleaned_away()
    {
        for (var round = 0; round < 6; round++)
        {
            await PutManyAsync(300, round);
        }

        await Until(() => TakenByPacks() < 2 * 300 * 1000);

        await ShouldHoldAsync(0, 300, 5);
        await ((PackTileStore)Store).AbandonAsync();
        File.Delete(Path.Combine(Level, LevelPack.TilesIndex));
        await ReopenAsync();
        await ShouldHoldAsync(0, 300, 5);
    }

    [Fact]
    public async Task What_was_removed_stays_removed_when_packs_are_cleaned_and_indexes_made_anew()
    {
        await PutManyAsync(300);
        await Store.RemoveAsync(new TileSelection(Roads, 9, [new(0, 0, 199, 0)]), None);
        await PutAsync(Key(Roads, 9, 1000, 0), "one more");
        await Until(() => TakenByPacks() < 200 * 1000);

        await ((PackTileStore)Store).AbandonAsync();
        File.Delete(Path.Combine(Level, LevelPack.TilesIndex));
        await ReopenAsync();

        await ShouldHoldAsync(200, 300);
    }

    [Fact]
    public async Task The_least_used_goes_and_what_memory_has_stays()
    {
        await PutManyAsync(300);
        for (var i = 0; i < 100; i++)
        {
            await TextAsync(Key(Roads, 9, i, 0));
        }

        var gone = await Store.EvictAsync("roads", 100 * 1000, key => key.Tile.Column >= 200, None);

        gone.ShouldBeInRange(90 * 1000, 110 * 1000);
        await ShouldHoldAsync(200, 300, from: 200);
        await ShouldHoldAsync(0, 100, to: 100);
        (await Store.EvictAsync("sea", 1, _ => false, None)).ShouldBe(0);
    }

    [Fact]
    public async Task Files_of_what_was_emptied_go()
    {
        await FillAsync();

        await Store.RemoveLayerAsync("roads", None);

        await Until(() => Directory.GetFileSystemEntries(Path.Combine(Folder, "tiles/.removed")).Length == 0);
        Directory.Exists(Path.Combine(Folder, "tiles/roads")).ShouldBeFalse();
    }

    /// <summary>What the packs of the level take; one that goes while they are looked at takes nothing.</summary>
    private long TakenByPacks() => Directory.GetFiles(Level, "*.pack").Sum(path =>
    {
        try
        {
            return new FileInfo(path).Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    });

    private static string Text(int i, int round = 0) => $"{round} {i} " + new string('x', 900);

    private static async Task Until(Func<bool> condition)
    {
        for (var i = 0; i < 600 && !condition(); i++)
        {
            await Task.Delay(20);
        }

        condition().ShouldBeTrue();
    }

    private async Task PutManyAsync(int count, int round = 0)
    {
        foreach (var some in Enumerable.Range(0, count).Chunk(16))
        {
            await Store.PutAsync([.. some.Select(i => KeyValuePair.Create(Key(Roads, 9, i, 0), Tile(Text(i, round), Noon.AddSeconds(round))))], None);
        }
    }

    /// <summary>Nothing before the first, and all after it.</summary>
    private async Task ShouldHoldAsync(int first, int count, int round = 0, int from = 0, int to = int.MaxValue)
    {
        for (var i = from; i < Math.Min(count, to); i++)
        {
            (await TextAsync(Key(Roads, 9, i, 0))).ShouldBe(i < first ? null : Text(i, round), $"tile {i}");
        }
    }

    private async Task CloseOnlyAsync() => await ((IAsyncDisposable)Store).DisposeAsync();
}
