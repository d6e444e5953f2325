using System.Collections.Concurrent;
using System.Text;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Tests.Unit.Caching;

/// <summary>What every <see cref="ITileStore"/> does. An adapter derives from it, says how it is opened, and overrides nothing.</summary>
/// <param name="open">Opens a store of its own in an empty folder, which is removed with the test; again, after it was closed.</param>
public abstract class TileStoreContract(Func<string, Task<ITileStore>> open) : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;

    protected static readonly DateTimeOffset Noon = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);

    protected static readonly TilesetKey Roads = new("roads", "WebMercatorQuad", TileFormat.Mvt);

    protected static readonly TilesetKey Sea = new("sea", "WebMercatorQuad", TileFormat.Png);

    protected string Folder { get; } = Directory.CreateTempSubdirectory("geowps-tiles-").FullName;

    protected ITileStore Store { get; set; } = null!;

    public async Task InitializeAsync() => Store = await open(Folder);

    public async Task DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(Folder, recursive: true);
    }

    [Fact]
    public async Task A_tile_is_read_as_it_was_stored()
    {
        foreach (var encoding in Enum.GetValues<TileEncoding>())
        {
            foreach (var notes in new[] { TileNotes.None, TileNotes.Empty, TileNotes.Truncated, TileNotes.Empty | TileNotes.EmptyBelow })
            {
                var tile = StoredTile.Of(Packed($"{encoding} {notes}", encoding), encoding, Noon.AddSeconds((int)notes), notes);

                await Store.PutAsync([new(Key(Roads, 3, (int)encoding, (int)notes), tile)], None);

                ShouldBe(await Store.FindAsync(Key(Roads, 3, (int)encoding, (int)notes), None), tile);
            }
        }
    }

    [Fact]
    public async Task What_was_not_stored_is_not_there()
    {
        await PutAsync(Key(Roads, 3, 1, 2), "a");

        (await TextAsync(Key(Roads, 3, 2, 1))).ShouldBeNull();
        (await TextAsync(Key(Roads, 4, 1, 2))).ShouldBeNull();
        (await TextAsync(Key(Roads with { Layer = "roads2" }, 3, 1, 2))).ShouldBeNull();
        (await TextAsync(Key(Roads with { TileMatrixSet = "WorldCRS84Quad" }, 3, 1, 2))).ShouldBeNull();
        (await TextAsync(Key(Roads with { Format = TileFormat.Png }, 3, 1, 2))).ShouldBeNull();
    }

    [Fact]
    public async Task A_tile_of_no_bytes_is_there()
    {
        await Store.PutAsync([new(Key(Roads, 3, 1, 2), StoredTile.Of(default, TileEncoding.Identity, Noon, TileNotes.Empty))], None);

        var tile = (await Store.FindAsync(Key(Roads, 3, 1, 2), None)).ShouldNotBeNull();

        tile.Content.Length.ShouldBe(0);
        tile.Notes.ShouldBe(TileNotes.Empty);
        (await Store.FindAsync(Key(Roads, 3, 2, 2), None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_tile_is_stored_over_another()
    {
        await PutAsync(Key(Roads, 3, 1, 2), "old and longer", Noon);
        await PutAsync(Key(Roads, 3, 1, 2), "new", Noon.AddHours(1));

        (await TextAsync(Key(Roads, 3, 1, 2))).ShouldBe("new");
        (await Store.FindAsync(Key(Roads, 3, 1, 2), None))!.Made.ShouldBe(Noon.AddHours(1));
        (await UseAsync("roads")).ShouldHaveSingleItem().Tiles.ShouldBe(1);
    }

    [Fact]
    public async Task The_same_content_made_anew_is_newer()
    {
        await PutAsync(Key(Sea, 3, 1, 2), "sea", Noon);
        await PutAsync(Key(Sea, 3, 1, 3), "sea", Noon);
        await PutAsync(Key(Sea, 3, 1, 2), "sea", Noon.AddHours(1));

        (await Store.FindAsync(Key(Sea, 3, 1, 2), None))!.Made.ShouldBe(Noon.AddHours(1));
        (await Store.FindAsync(Key(Sea, 3, 1, 3), None))!.Made.ShouldBe(Noon);
    }

    [Fact]
    public async Task Identical_tiles_are_stored_once()
    {
        var content = string.Concat(Enumerable.Repeat("sea ", 500));
        await Store.PutAsync([.. Enumerable.Range(0, 50).Select(x => KeyValuePair.Create(Key(Sea, 6, x, 0), Tile(content, Noon)))], None);
        await PutAsync(Key(Sea, 6, 60, 60), content, Noon);

        var use = (await UseAsync("sea")).ShouldHaveSingleItem();

        use.Tiles.ShouldBe(51);
        use.Bytes.ShouldBeLessThan(3 * 51 * 100 + 2 * 2000);
        await Store.RemoveAsync(new TileSelection(Sea, 6, [new TileRange(0, 0, 48, 0)]), None);
        (await TextAsync(Key(Sea, 6, 49, 0))).ShouldBe(content);
        (await TextAsync(Key(Sea, 6, 60, 60))).ShouldBe(content);
        (await TextAsync(Key(Sea, 6, 48, 0))).ShouldBeNull();
    }

    [Fact]
    public async Task All_of_a_metatile_are_stored_at_once()
    {
        await Store.PutAsync([.. from x in Enumerable.Range(0, 4) from y in Enumerable.Range(0, 4) select KeyValuePair.Create(Key(Roads, 2, x, y), Tile($"{x}/{y}", Noon))], None);

        (await TextAsync(Key(Roads, 2, 3, 0))).ShouldBe("3/0");
        (await TextAsync(Key(Roads, 2, 0, 3))).ShouldBe("0/3");
        await Store.PutAsync([], None);
    }

    [Fact]
    public async Task Areas_of_a_level_are_emptied()
    {
        await FillAsync();

        await Store.RemoveAsync(new TileSelection(Roads, 3, [new TileRange(0, 0, 1, 7), new TileRange(3, 3, 3, 3)]), None);

        var left = from x in Enumerable.Range(0, 8) from y in Enumerable.Range(0, 8) where x > 1 && (x, y) != (3, 3) select $"roads 3/{x}/{y}";
        (await TextsAsync(Roads, 3)).ShouldBe(left, ignoreOrder: true);
        (await TextsAsync(Roads, 2)).Count.ShouldBe(16);
        (await UseAsync("roads")).Single(use => use.Tileset == Roads).Tiles.ShouldBe(16 + 47);
    }

    [Fact]
    public async Task A_level_is_emptied()
    {
        await FillAsync();

        await Store.RemoveAsync(new TileSelection(Roads, 3), None);

        (await TextsAsync(Roads, 3)).ShouldBeEmpty();
        (await TextsAsync(Roads, 2)).Count.ShouldBe(16);
        (await TextsAsync(Roads with { Format = TileFormat.Png }, 3)).Count.ShouldBe(64);
        (await TextsAsync(Sea, 3)).Count.ShouldBe(64);
        (await UseAsync("roads")).Single(use => use.Tileset == Roads).Tiles.ShouldBe(16);
        await PutAsync(Key(Roads, 3, 1, 1), "again");
        (await TextsAsync(Roads, 3)).ShouldBe(["again"]);
    }

    [Fact]
    public async Task A_tileset_is_emptied()
    {
        await FillAsync();

        await Store.RemoveAsync(new TileSelection(Roads), None);

        (await TextsAsync(Roads, 2)).ShouldBeEmpty();
        (await TextsAsync(Roads, 3)).ShouldBeEmpty();
        (await TextsAsync(Roads with { Format = TileFormat.Png }, 3)).Count.ShouldBe(64);
        (await TextsAsync(Roads with { TileMatrixSet = "WorldCRS84Quad" }, 3)).Count.ShouldBe(64);
        await PutAsync(Key(Roads, 3, 1, 1), "again");
        (await TextsAsync(Roads, 3)).ShouldBe(["again"]);
    }

    [Fact]
    public async Task A_layer_is_emptied()
    {
        await FillAsync();

        await Store.RemoveLayerAsync("roads", None);
        await Store.RemoveLayerAsync("unknown", None);

        (await UseAsync("roads")).ShouldBeEmpty();
        (await TextsAsync(Roads, 3)).ShouldBeEmpty();
        (await TextsAsync(Roads with { Format = TileFormat.Png }, 3)).ShouldBeEmpty();
        (await TextsAsync(Roads with { TileMatrixSet = "WorldCRS84Quad" }, 3)).ShouldBeEmpty();
        (await TextsAsync(Sea, 3)).Count.ShouldBe(64);
        await PutAsync(Key(Roads, 3, 1, 1), "again");
        (await TextsAsync(Roads, 3)).ShouldBe(["again"]);
    }

    [Fact]
    public async Task What_is_used_is_told_by_tileset()
    {
        await FillAsync();

        var all = await UseAsync(null);

        all.Select(use => (use.Tileset, use.Tiles)).ShouldBe(
        [
            (Roads, 80), (Roads with { Format = TileFormat.Png }, 80), (Roads with { TileMatrixSet = "WorldCRS84Quad" }, 80), (Sea, 80),
        ], ignoreOrder: true);
        all.ShouldAllBe(use => use.Bytes >= 80 * 8);
        (await UseAsync("sea")).Select(use => use.Tileset).ShouldBe([Sea]);
        (await UseAsync("unknown")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("ns:roads")]
    [InlineData("ä 100% ~' \"*?\\")]
    [InlineData("con")]
    public async Task A_layer_may_be_called_anything(string layer)
    {
        var tileset = Roads with { Layer = layer };
        await PutAsync(Key(tileset, 3, 1, 2), "a");

        (await TextAsync(Key(tileset, 3, 1, 2))).ShouldBe("a");
        (await UseAsync(layer)).ShouldHaveSingleItem().Tileset.ShouldBe(tileset);
        (await UseAsync(null)).ShouldHaveSingleItem().Tileset.ShouldBe(tileset);
        await Store.RemoveLayerAsync(layer, None);
        (await TextAsync(Key(tileset, 3, 1, 2))).ShouldBeNull();
    }

    [Fact]
    public async Task Readers_see_a_tile_whole_while_it_is_stored_and_emptied()
    {
        var key = Key(Roads, 3, 1, 2);
        var seen = new ConcurrentBag<string>();
        var done = false;
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref done))
            {
                // Stores that read at once would keep the pool's threads from the writer.
                await Task.Yield();
                if (await Store.FindAsync(key, None) is { } tile)
                {
                    TileHash.Of(tile.Content.Span).ShouldBe(tile.Hash);
                    seen.Add(Encoding.UTF8.GetString(tile.Content.Span)[..1]);
                }
            }
        })).ToArray();

        for (var i = 0; i < 60; i++)
        {
            await PutAsync(key, new string((char)('a' + (i % 26)), 1 + (i * 300)));
            if (i % 7 == 6)
            {
                await Store.RemoveAsync(new TileSelection(Roads, 3), None);
            }
        }

        await PutAsync(key, "z");
        Volatile.Write(ref done, true);
        await Task.WhenAll(readers);
        (await TextAsync(key)).ShouldBe("z");
    }

    [Fact]
    public async Task Many_store_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(x => Task.Run(async () =>
        {
            for (var y = 0; y < 25; y++)
            {
                await Store.PutAsync([.. Enumerable.Range(0, 4).Select(level => KeyValuePair.Create(Key(Roads, 5 + level, x, y), Tile($"{level} {x} {y % 5}", Noon)))], None);
            }
        })));

        for (var level = 0; level < 4; level++)
        {
            (await TextAsync(Key(Roads, 5 + level, 7, 24))).ShouldBe($"{level} 7 4");
        }

        (await UseAsync("roads")).ShouldHaveSingleItem().Tiles.ShouldBe(8 * 25 * 4);
    }

    [Fact]
    public async Task Many_levels_together_give_no_more_than_a_tile_too_much()
    {
        const int Most = 1_200;
        await Store.PutAsync(
            [.. Enumerable.Range(0, 20).SelectMany(level => Enumerable.Range(0, 5).Select(x => KeyValuePair.Create(Key(Roads, level, x, 0), Tile($"{level} {x} {new string('x', 1000)}", Noon.AddSeconds(x)))))], None);
        var before = (await UseAsync("roads")).Single().Bytes;
        var toGo = 20 * Most / 4;

        var gone = await Store.EvictAsync("roads", toGo, _ => false, None);

        gone.ShouldBeInRange(toGo, toGo + Most);
        (await UseAsync("roads")).Single().Bytes.ShouldBe(before - gone);
    }

    [Fact]
    public async Task Tiles_whose_contents_others_have_too_go_as_well()
    {
        await Store.PutAsync([.. Enumerable.Range(0, 200).Select(x => KeyValuePair.Create(Key(Roads, 9, x, 0), Tile($"{x % 100} {new string('x', 1000)}", Noon.AddSeconds(x))))], None);
        var (used, goal) = ((await UseAsync("roads")).Single().Bytes, 20_000);

        while (used > goal && await Store.EvictAsync("roads", used - goal, _ => false, None) is > 0 and var gone)
        {
            used -= gone;
        }

        used.ShouldBeInRange(goal - 2_200, goal);
        (await UseAsync("roads")).Single().Bytes.ShouldBe(used);
    }

    protected async Task ReopenAsync()
    {
        await CloseAsync();
        Store = await open(Folder);
    }

    protected static TileKey Key(TilesetKey tileset, int level, int column, int row) => new(tileset, level, new TileIndex(column, row));

    protected static StoredTile Tile(string text, DateTimeOffset made) => StoredTile.Of(Encoding.UTF8.GetBytes(text), TileEncoding.Identity, made);

    protected Task PutAsync(TileKey key, string text, DateTimeOffset? made = null) => Store.PutAsync([new(key, Tile(text, made ?? Noon))], None);

    protected async Task<string?> TextAsync(TileKey key) => await Store.FindAsync(key, None) is { } tile ? Encoding.UTF8.GetString(tile.Content.Span) : null;

    protected async Task<List<TilesetUse>> UseAsync(string? layer)
    {
        var all = new List<TilesetUse>();
        await foreach (var use in Store.UseAsync(layer, None))
        {
            all.Add(use);
        }

        return all;
    }

    /// <summary>Two levels of four tilesets.</summary>
    protected async Task FillAsync()
    {
        foreach (var tileset in new[] { Roads, Roads with { Format = TileFormat.Png }, Roads with { TileMatrixSet = "WorldCRS84Quad" }, Sea })
        {
            foreach (var level in new[] { 2, 3 })
            {
                var range = Enumerable.Range(0, 1 << level).ToArray();
                await Store.PutAsync([.. from x in range from y in range select KeyValuePair.Create(Key(tileset, level, x, y), Tile($"{tileset.Layer} {level}/{x}/{y}", Noon))], None);
            }
        }
    }

    private async Task<List<string>> TextsAsync(TilesetKey tileset, int level)
    {
        var texts = new List<string>();
        for (var x = 0; x < 1 << level; x++)
        {
            for (var y = 0; y < 1 << level; y++)
            {
                if (await TextAsync(Key(tileset, level, x, y)) is { } text)
                {
                    texts.Add(text);
                }
            }
        }

        return texts;
    }

    private async Task CloseAsync()
    {
        if (Store is IAsyncDisposable store)
        {
            await store.DisposeAsync();
        }
    }

    // Content that is what its encoding says: a store may go by it.
    private static byte[] Packed(string text, TileEncoding encoding)
    {
        using var packed = new MemoryStream();
        using (Stream? packing = encoding switch
        {
            TileEncoding.Gzip => new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true),
            TileEncoding.Brotli => new System.IO.Compression.BrotliStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true),
            TileEncoding.Identity => null,
        })
        {
            (packing ?? packed).Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private static void ShouldBe(StoredTile? found, StoredTile tile)
    {
        found.ShouldNotBeNull().Content.ToArray().ShouldBe(tile.Content.ToArray());
        (found with { Content = default }).ShouldBe(tile with { Content = default });
    }
}
