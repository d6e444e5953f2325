using GeoWps.Adapters.Storage.Tiles.GeoPackage;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Caching;

public abstract class GeoPackageTileStoreContract(bool perLevel)
    : TileStoreContract(folder => Task.FromResult<ITileStore>(new GeoPackageTileStore(Path.Combine(folder, "tiles"), perLevel, new TestGrids(), NullLogger.Instance)))
{
    [Fact]
    public async Task Everything_outlives_a_restart()
    {
        await FillAsync();
        await Store.RemoveAsync(new TileSelection(Roads, 2), None);

        await ReopenAsync();

        (await UseAsync("roads")).Single(use => use.Tileset == Roads).Tiles.ShouldBe(64);
        (await TextAsync(Key(Roads, 3, 5, 7))).ShouldBe("roads 3/5/7");
        Directory.GetFiles(Path.Combine(Folder, "tiles/roads"), "WebMercatorQuad.pbf*.gpkg").Length.ShouldBe(1);
    }

    [Fact]
    public async Task The_least_used_goes_and_what_memory_has_stays()
    {
        await Store.PutAsync([.. Enumerable.Range(0, 300).Select(i => KeyValuePair.Create(Key(Roads, 9, i, 0), Tile($"{i} {new string('x', 900)}", Noon)))], None);
        for (var i = 0; i < 100; i++)
        {
            await TextAsync(Key(Roads, 9, i, 0));
        }

        var gone = await Store.EvictAsync("roads", 100 * 960, key => key.Tile.Column >= 200, None);

        gone.ShouldBeInRange(85 * 900, 110 * 920);
        for (var i = 0; i < 300; i++)
        {
            if (i is < 100 or >= 200)
            {
                (await TextAsync(Key(Roads, 9, i, 0))).ShouldNotBeNull($"tile {i}");
            }
        }
    }
}

public sealed class OneGeoPackageTileStoreTests() : GeoPackageTileStoreContract(perLevel: false);

public sealed class LevelGeoPackageTileStoreTests() : GeoPackageTileStoreContract(perLevel: true);
