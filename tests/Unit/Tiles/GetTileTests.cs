using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Tiles;

public sealed class GetTileTests : IAsyncDisposable
{
    private readonly TestClock _clock = new();
    private readonly CountingSource _source = new();
    private readonly TileCache _cache;
    private readonly OneLayer _layers = new();
    private readonly LayerCatalogue _catalogue;
    private readonly LayerTilesets _tilesets;
    private readonly GetTile _tiles;

    public GetTileTests()
    {
        _cache = new TileCache(new CachePolicy(Eviction.Lru, 10_000_000, TimeSpan.Zero), store: null, quotaBytes: 0, new NoCacheNews(), _clock, NullLogger<TileCache>.Instance);
        _catalogue = new LayerCatalogue(_layers, new TilesOfLayers(_cache), _clock);
        _tilesets = new LayerTilesets(_catalogue, new TileMatrixSets(), new Degrees(), _clock);
        _tiles = new GetTile(_cache, new MakeTiles([_source], _cache, _clock, NullLogger<MakeTiles>.Instance), _clock, NullLogger<GetTile>.Instance);
    }

    public ValueTask DisposeAsync() => _cache.DisposeAsync();

    [Fact]
    public async Task However_many_ask_a_metatile_is_made_once()
    {
        _source.Hold = new TaskCompletionSource();

        var asked = Enumerable.Range(0, 50).Select(number => AskAsync(5, 8 + (number % 4), 4 + (number / 4 % 4))).ToArray();
        await _source.Began.Task;
        _source.Hold.SetResult();
        var answers = await Task.WhenAll(asked);

        answers.ShouldAllBe(answer => answer is TileAnswer.Found);
        _source.Made.ShouldBe(1);
        (await AskAsync(5, 11, 7)).ShouldBeOfType<TileAnswer.Found>().FromCache.ShouldBeTrue();
        _source.Made.ShouldBe(1);
    }

    [Fact]
    public async Task One_who_leaves_stops_nothing_and_the_last_one_stops_the_work()
    {
        _source.Hold = new TaskCompletionSource();
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var one = AskAsync(5, 8, 4, first.Token);
        var two = AskAsync(5, 9, 4, second.Token);
        await _source.Began.Task;

        await first.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => one);
        _source.Stopped.Task.IsCompleted.ShouldBeFalse();
        await second.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => two);
        await _source.Stopped.Task.WaitAsync(TimeSpan.FromSeconds(30));

        _source.Hold = null;
        (await AskAsync(5, 8, 4)).ShouldBeOfType<TileAnswer.Found>();
    }

    [Theory]
    [InlineData("nothing", "WorldCRS84Quad", "5", 8, 4, AbsentPart.Layer)]
    [InlineData("world", "EuropeanETRS89_LAEAQuad", "5", 8, 4, AbsentPart.TileMatrixSet)]
    [InlineData("world", "WorldCRS84Quad", "99", 8, 4, AbsentPart.TileMatrix)]
    // The layer ends at level 10.
    [InlineData("world", "WorldCRS84Quad", "11", 8, 4, AbsentPart.TileMatrix)]
    // Its data end at 0 degrees east.
    [InlineData("world", "WorldCRS84Quad", "5", 32, 4, AbsentPart.Tile)]
    public async Task What_is_not_there_says_which_part_of_the_address_names_nothing(string layer, string set, string matrix, int column, int row, AbsentPart part)
    {
        var answer = await AskAsync(layer, set, matrix, new TileIndex(column, row), CancellationToken.None);

        answer.ShouldBeOfType<TileAnswer.Absent>().Part.ShouldBe(part);
        _source.Made.ShouldBe(0);
    }

    [Fact]
    public async Task A_failure_is_told_and_not_kept()
    {
        _source.Fails = true;
        var failed = (await AskAsync(5, 8, 4)).ShouldBeOfType<TileAnswer.Failed>();
        _source.Fails = false;

        failed.Message.ShouldBe("The data are away.");
        (await AskAsync(5, 8, 4)).ShouldBeOfType<TileAnswer.Found>().FromCache.ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_outside_the_limits_is_asked_of_a_source()
    {
        await AskAsync(5, 31, 12);

        // The metatile of four ends where the data do.
        _source.Asked!.Value.Range.ShouldBe(new TileRange(28, 12, 31, 15));
        var next = _layers.Layer! with { Contents = _layers.Layer.Contents with { Extent = new Extent(-180, -90, -10, 90) } };
        (await _catalogue.TryReplaceAsync(next, tilesStay: false, CancellationToken.None)).ShouldBeTrue();
        await AskAsync(5, 29, 8);
        _source.Asked!.Value.Range.ShouldBe(new TileRange(28, 8, 30, 11));
    }

    [Fact]
    public async Task A_tile_that_is_too_old_is_made_anew_and_stays_when_that_fails()
    {
        _layers.Layer = _layers.Layer! with { Caching = new LayerCaching { ExpireByLevel = new Dictionary<int, int> { [5] = 60 } } };
        await AskAsync(5, 8, 4);
        await AskAsync(6, 8, 4);
        _clock.Advance(TimeSpan.FromSeconds(61));

        (await AskAsync(6, 8, 4)).ShouldBeOfType<TileAnswer.Found>().FromCache.ShouldBeTrue();
        (await AskAsync(5, 8, 4)).ShouldBeOfType<TileAnswer.Found>().FromCache.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(61));
        _source.Fails = true;
        (await AskAsync(5, 8, 4)).ShouldBeOfType<TileAnswer.Found>().FromCache.ShouldBeTrue();
    }

    [Fact]
    public async Task Where_the_layer_allows_it_an_old_tile_is_answered_while_it_is_renewed()
    {
        _layers.Layer = _layers.Layer! with { Caching = new LayerCaching { ExpireSeconds = 60, ServeStale = true } };
        var old = (await AskAsync(5, 8, 4)).ShouldBeOfType<TileAnswer.Found>().Tile;
        _clock.Advance(TimeSpan.FromSeconds(61));

        (await AskAsync(5, 8, 4)).ShouldBeOfType<TileAnswer.Found>().Tile.Made.ShouldBe(old.Made);

        await Eventually(async () => (await AskAsync(5, 8, 4)).ShouldBeOfType<TileAnswer.Found>().Tile.Made > old.Made);
    }

    [Fact]
    public async Task A_hit_in_memory_needs_no_waiting_and_knows_freshness()
    {
        _layers.Layer = _layers.Layer! with { Caching = new LayerCaching { ExpireSeconds = 60 } };
        var tile = new TileIndex(8, 4);
        var (tileset, _) = await _tilesets.FindAsync("world", "WorldCRS84Quad", CancellationToken.None);

        _tiles.TryGet(tileset!, TileFormat.Mvt, 5, tile, out _).ShouldBeFalse();
        await AskAsync(5, 8, 4);
        _tiles.TryGet(tileset!, TileFormat.Mvt, 5, tile, out var kept).ShouldBeTrue();
        TilePacking.Unpack(kept!).Length.ShouldBe(1000);
        _clock.Advance(TimeSpan.FromSeconds(61));
        _tiles.TryGet(tileset!, TileFormat.Mvt, 5, tile, out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_layer_that_changes_is_another_one_at_once_and_its_tiles_go()
    {
        await AskAsync(5, 8, 4);
        (await _catalogue.TryReplaceAsync(_layers.Layer! with { Revision = 2, Caching = new LayerCaching { MaxAgeSeconds = 7 } }, tilesStay: true, CancellationToken.None)).ShouldBeTrue();

        var kept = (await AskAsync(5, 8, 4)).ShouldBeOfType<TileAnswer.Found>();
        (kept.FromCache, kept.Tileset.Layer.Caching.MaxAgeSeconds).ShouldBe((true, 7));

        (await _catalogue.TryReplaceAsync(_layers.Layer! with { Revision = 3 }, tilesStay: false, CancellationToken.None)).ShouldBeTrue();
        (await AskAsync(5, 8, 4)).ShouldBeOfType<TileAnswer.Found>().FromCache.ShouldBeFalse();
        (await _catalogue.RemoveAsync("world", CancellationToken.None)).ShouldBeTrue();
        (await AskAsync(5, 8, 4)).ShouldBeOfType<TileAnswer.Absent>().Part.ShouldBe(AbsentPart.Layer);
    }

    [Fact]
    public async Task A_layer_whose_time_is_over_has_no_tiles_though_they_are_kept()
    {
        _layers.Layer = _layers.Layer! with { Expires = _clock.GetUtcNow().AddSeconds(60) };
        await AskAsync(5, 8, 4);
        _tilesets.TryGet("world", "WorldCRS84Quad", out _).ShouldBeTrue();

        _clock.Advance(TimeSpan.FromSeconds(60));

        _tilesets.TryGet("world", "WorldCRS84Quad", out _).ShouldBeFalse();
        (await AskAsync(5, 8, 4)).ShouldBeOfType<TileAnswer.Absent>().Part.ShouldBe(AbsentPart.Layer);
    }

    private Task<TileAnswer> AskAsync(int level, int column, int row, CancellationToken cancellationToken = default) =>
        AskAsync("world", "WorldCRS84Quad", $"{level}", new TileIndex(column, row), cancellationToken);

    private async Task<TileAnswer> AskAsync(string layer, string set, string matrix, TileIndex tile, CancellationToken cancellationToken)
    {
        var (tileset, absent) = await _tilesets.FindAsync(layer, set, CancellationToken.None);
        return tileset is null ? new TileAnswer.Absent(absent, layer) : await _tiles.ExecuteAsync(new TileRequest(tileset, matrix, tile, TileFormat.Mvt), cancellationToken);
    }

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        for (var tries = 0; !await holds(); tries++)
        {
            tries.ShouldBeLessThan(3000);
            await Task.Delay(10);
        }
    }

    private sealed class CountingSource : ITileSource
    {
        public int Made;

        public TaskCompletionSource Began { get; } = new();

        public TaskCompletionSource Stopped { get; } = new();

        public TaskCompletionSource? Hold { get; set; }

        public bool Fails { get; set; }

        public MetaTile? Asked { get; private set; }

        public bool Makes(Layer layer, TileFormat format) => format == TileFormat.Mvt;

        public async Task<IReadOnlyList<MadeTile>> MakeAsync(Layer layer, TileMatrixSet set, MetaTile tiles, TileFormat format, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref Made);
            Asked = tiles;
            Began.TrySetResult();
            if (Hold is { } hold)
            {
                try
                {
                    await hold.Task.WaitAsync(cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    Stopped.TrySetResult();
                    throw;
                }
            }

            return Fails
                ? throw new TileSourceException("The data are away.")
                : [.. from column in Enumerable.Range(tiles.Range.MinColumn, tiles.Range.Columns) from row in Enumerable.Range(tiles.Range.MinRow, tiles.Range.Rows) select new MadeTile(new TileIndex(column, row), new byte[1000], TileNotes.None)];
        }
    }

    private sealed class Degrees : ICoordinateTransforms
    {
        public ICoordinateTransform? Between(Crs from, Crs to) => null;

        public Extent? Extent(in Extent extent, Crs from, Crs to) => from == to ? extent : null;
    }
}
