using System.Text;
using GeoWps.Adapters.Storage.Tiles.Files;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;

namespace GeoWps.Tests.Unit.Caching;

public abstract class FileTileStoreContract(PathLayout layout) : TileStoreContract(folder => Task.FromResult<ITileStore>(new FileTileStore(Path.Combine(folder, "tiles"), layout, new TestGrids())))
{
    private string Tiles => Path.Combine(Folder, "tiles");

    [Fact]
    public async Task A_static_server_finds_a_tile_at_its_path()
    {
        var key = Key(Roads, 3, 5, 2);
        await PutAsync(key, "a");

        (await File.ReadAllTextAsync(Path.Combine(Tiles, TilePath.Of(layout, key, 8)))).ShouldBe("a");
    }

    [Fact]
    public async Task Anothers_tile_is_one_with_the_time_of_its_file()
    {
        var key = Key(Sea, 3, 5, 2);
        var path = Path.Combine(Tiles, TilePath.Of(layout, key, 8).Replace("WebMercatorQuad", "EPSG_900913", StringComparison.Ordinal));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "theirs");
        File.SetLastWriteTimeUtc(path, Noon.UtcDateTime.AddMilliseconds(345));

        var tile = (await Store.FindAsync(key, None)).ShouldNotBeNull();

        Encoding.UTF8.GetString(tile.Content.Span).ShouldBe("theirs");
        (tile.Made, tile.Notes, tile.Encoding, tile.Hash).ShouldBe((Noon, TileNotes.None, TileEncoding.Identity, TileHash.Of("theirs"u8)));
        (await UseAsync("sea")).ShouldBe([new TilesetUse(Sea, 1, 6)]);
        await PutAsync(Key(Sea, 3, 5, 3), "ours");
        (await UseAsync("sea")).ShouldBe([new TilesetUse(Sea, 2, 10)]);
        await Store.RemoveAsync(new TileSelection(Sea, 3), None);
        (await TextAsync(key)).ShouldBeNull();
    }

    [Fact]
    public async Task Counts_outlive_a_restart_and_a_crash()
    {
        await FillAsync();
        var before = await UseAsync(null);
        await ReopenAsync();
        (await UseAsync(null)).ShouldBe(before, ignoreOrder: true);
        Directory.GetFiles(Tiles, ".use", SearchOption.AllDirectories).ShouldNotBeEmpty();

        await PutAsync(Key(Roads, 3, 0, 0), "longer than before it was", Noon);
        Store = new FileTileStore(Tiles, layout, new TestGrids());

        (await UseAsync("roads")).Single(use => use.Tileset == Roads).Bytes.ShouldBe(before.Single(use => use.Tileset == Roads).Bytes + 14);
    }

    [Fact]
    public async Task Nothing_is_left_behind()
    {
        await FillAsync();
        await PutAsync(Key(Roads, 3, 1, 2), "same");
        await PutAsync(Key(Roads, 3, 1, 2), "same");
        await PutAsync(Key(Roads, 3, 1, 3), "same");
        await PutAsync(Key(Roads, 3, 1, 3), "same", Noon.AddSeconds(3));

        Directory.GetFiles(Path.Combine(Tiles, ".new")).ShouldBeEmpty();
        await ReopenAsync();
        (await TextAsync(Key(Roads, 3, 1, 3))).ShouldBe("same");
    }

    [Fact]
    public async Task The_least_used_goes_and_what_memory_has_stays()
    {
        await Store.PutAsync([.. Enumerable.Range(0, 300).Select(i => KeyValuePair.Create(Key(Roads, 9, i, 0), Tile($"{i} {new string('x', 900)}", Noon)))], None);
        for (var i = 0; i < 100; i++)
        {
            await TextAsync(Key(Roads, 9, i, 0));
        }

        var gone = await Store.EvictAsync("roads", 100 * 900, key => key.Tile.Column >= 200, None);

        gone.ShouldBeInRange(90 * 900, 110 * 920);
        for (var i = 0; i < 300; i++)
        {
            if (i is < 100 or >= 200)
            {
                (await TextAsync(Key(Roads, 9, i, 0))).ShouldNotBeNull($"tile {i}");
            }
        }
    }
}

public sealed class DefaultFileTileStoreTests() : FileTileStoreContract(PathLayout.Default);

public sealed class TmsFileTileStoreTests() : FileTileStoreContract(PathLayout.Tms);

public sealed class XyzFileTileStoreTests() : FileTileStoreContract(PathLayout.Xyz);
