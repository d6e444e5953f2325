using GeoWps.Adapters.Storage.Tiles.Pack;
using GeoWps.Adapters.TileSources.Projections;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Tiles;

public sealed class LayerQuotaTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("geowps-quota-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0, 10_000_000, 11_000_000)]
    [InlineData(1_000_000, 500_000, 1_200_000)]
    public async Task The_tiles_of_a_layer_take_no_more_than_it_may(long quota, long least, long most)
    {
        await using var store = new PackTileStore(_folder, NullLogger.Instance);
        await using var cache = new TileCache(memory: null, store, quotaBytes: 0, new NoCacheNews(), TimeProvider.System, NullLogger<TileCache>.Instance);
        var layers = new OneLayer();
        layers.Layer = layers.Layer! with { Caching = new LayerCaching { QuotaBytes = quota } };
        var tilesets = new LayerTilesets(new LayerCatalogue(layers, new TilesOfLayers(cache), TimeProvider.System), new TileMatrixSets(), new CoordinateTransforms(new Dictionary<Crs, string>()), TimeProvider.System);
        var maker = new MakeTiles([new Noise()], cache, TimeProvider.System, NullLogger<MakeTiles>.Instance);
        var tileset = (await tilesets.FindAsync("world", "WorldCRS84Quad", CancellationToken.None)).Tileset!;

        for (var number = 0; number < 256; number += 4)
        {
            await maker.ExecuteAsync(tileset, TileFormat.Mvt, 6, new TileIndex(number % 64, number / 64 * 4), CancellationToken.None);
        }

        await cache.SettledAsync();
        (await cache.UseAsync("world", CancellationToken.None).SingleAsync()).Bytes.ShouldBeInRange(least, most);
    }

    [Fact]
    public async Task It_holds_from_the_start_and_from_its_change_on_before_a_tile_is_made()
    {
        await using var store = new PackTileStore(_folder, NullLogger.Instance);
        var layers = new OneLayer();
        layers.Layer = layers.Layer! with { Caching = new LayerCaching { QuotaBytes = 2_000_000 } };
        await using (var before = Cache(store))
        {
            await FillAsync(before);
        }

        await using var cache = Cache(store);
        var catalogue = new LayerCatalogue(layers, new TilesOfLayers(cache), TimeProvider.System);
        await new LayerQuotas(catalogue, cache, NullLogger<LayerQuotas>.Instance).TellAsync(CancellationToken.None);
        await cache.SettledAsync();
        (await BytesAsync(cache)).ShouldBeInRange(1_500_000, 2_000_000);

        await catalogue.TryReplaceAsync(layers.Layer with { Caching = new LayerCaching { QuotaBytes = 1_000_000 } }, tilesStay: true, CancellationToken.None);
        await cache.SettledAsync();
        (await BytesAsync(cache)).ShouldBeInRange(500_000, 1_000_000);

        // Another layer of that name has no quota of the one that was.
        await catalogue.RemoveAsync("world", CancellationToken.None);
        await FillAsync(cache);
        await cache.SettledAsync();
        (await BytesAsync(cache)).ShouldBeGreaterThan(3_000_000);
    }

    private static TileCache Cache(PackTileStore store) => new(memory: null, store, quotaBytes: 0, new NoCacheNews(), TimeProvider.System, NullLogger<TileCache>.Instance);

    private static async Task<long> BytesAsync(TileCache cache) => (await cache.UseAsync("world", CancellationToken.None).SingleAsync()).Bytes;

    private static async Task FillAsync(TileCache cache)
    {
        var tileset = new TilesetKey("world", "WorldCRS84Quad", TileFormat.Mvt);
        for (var column = 0; column < 400; column++)
        {
            var content = new byte[10_000];
            new Random(column).NextBytes(content);
            await cache.PutAsync(cache.Begin(tileset), [new(new TileKey(tileset, 9, new TileIndex(column, 0)), StoredTile.Of(content, TileEncoding.Identity, DateTimeOffset.UnixEpoch))], CancellationToken.None);
        }
    }

    /// <summary>Ten kilobytes a tile, none like another.</summary>
    private sealed class Noise : ITileSource
    {
        public bool Makes(Layer layer, TileFormat format) => true;

        public Task<IReadOnlyList<MadeTile>> MakeAsync(Layer layer, TileMatrixSet set, MetaTile tiles, TileFormat format, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<MadeTile>>([.. from column in Enumerable.Range(tiles.Range.MinColumn, tiles.Range.Columns) from row in Enumerable.Range(tiles.Range.MinRow, tiles.Range.Rows) select Tile(column, row)]);

        private static MadeTile Tile(int column, int row)
        {
            var content = new byte[10_000];
            new Random((column * 1000) + row).NextBytes(content);
            return new MadeTile(new TileIndex(column, row), content, TileNotes.None);
        }
    }
}
