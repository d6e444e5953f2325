using System.Collections.Concurrent;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Tiles;

/// <summary>Makes tiles by the metatile, each once however many ask for it and whichever node they ask, and keeps them.</summary>
/// <param name="locks">Of nodes that may share what is kept; without, each makes its own.</param>
/// <param name="files">Layers' data that may have to be fetched first.</param>
public sealed partial class MakeTiles(IEnumerable<ITileSource> sources, TileCache cache, TimeProvider clock, ILogger<MakeTiles> logger, ITileLocks? locks = null, ILayerFiles? files = null)
{
    /// <summary>What somebody may need from not finding a tile to asking for the turn to make it.</summary>
    private static readonly TimeSpan FromLookToTurn = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan UntilFetched = TimeSpan.FromSeconds(10);

    private const int LooksAtOnce = 4;

    private readonly ITileSource[] _sources = [.. sources];
    private readonly ConcurrentDictionary<(TilesetKey Tileset, MetaTile Tiles), Making> _making = new();

    public bool Makes(Layer layer, TileFormat format) => SourceOf(layer, format) is not null;

    /// <summary>The formats that some source makes of a layer, the layer's own first.</summary>
    public IReadOnlyList<TileFormat> FormatsOf(Layer layer) =>
        [.. layer.Formats.Concat(TileFormat.All).Distinct().Where(format => Makes(layer, format))];

    /// <summary>One tile; its neighbours of the same metatile are kept as well.</summary>
    /// <param name="tile">Canonical, and inside the tileset's limits.</param>
    /// <exception cref="TileSourceException">It can't be made now.</exception>
    public async Task<StoredTile> ExecuteAsync(LayerTileset tileset, TileFormat format, int level, TileIndex tile, CancellationToken cancellationToken)
    {
        var made = await JoinAsync(tileset, format, MetaTileOf(tileset, format, level, tile), wanted: true, cancellationToken);
        return made.Tiles[tile];
    }

    /// <summary>All tiles of a metatile.</summary>
    /// <exception cref="TileSourceException">They can't be made now.</exception>
    public async Task<IReadOnlyDictionary<TileIndex, StoredTile>> ExecuteAsync(LayerTileset tileset, TileFormat format, MetaTile tiles, CancellationToken cancellationToken) =>
        (await MakeInClusterAsync(tileset, format, tiles, wanted: true, anew: false, cancellationToken)).Tiles;

    /// <summary>All tiles of a metatile, to be kept though nobody waits for them.</summary>
    /// <param name="anew">Not together with who makes it already: that may have begun with older data.</param>
    /// <returns>The tiles, and how many of them the cache took.</returns>
    /// <exception cref="TileSourceException">They can't be made now.</exception>
    public async Task<(IReadOnlyDictionary<TileIndex, StoredTile> Tiles, int Stored)> SeedAsync(
        LayerTileset tileset, TileFormat format, MetaTile tiles, bool anew, CancellationToken cancellationToken)
    {
        var made = anew
            ? await Task.Run(() => MakeInClusterAsync(tileset, format, tiles, wanted: false, anew: true, cancellationToken), cancellationToken).WaitAsync(cancellationToken)
            : await JoinAsync(tileset, format, tiles, wanted: false, cancellationToken);
        return (made.Tiles, made.Stored);
    }

    /// <summary>Makes a tile anew while the old one is answered.</summary>
    public void Renew(LayerTileset tileset, TileFormat format, int level, TileIndex tile) => _ = RenewAsync(tileset, format, level, tile);

    /// <summary>The metatile of a tile, cut to what the layer has.</summary>
    public MetaTile MetaTileOf(LayerTileset tileset, TileFormat format, int level, TileIndex tile)
    {
        var metaTile = MetaTile.Of(tileset.Set.Matrices[level], level, tile, SideOf(tileset, format, level));
        return tileset.RangeOf(level) is { } range && metaTile.Range.Count > 1 ? metaTile with { Range = metaTile.Range.Meet(range) } : metaTile;
    }

    /// <summary>Tiles a side of the metatiles of a matrix. Tiles that are several columns wide stand alone.</summary>
    public int SideOf(LayerTileset tileset, TileFormat format, int level) =>
        tileset.Set.Matrices[level].VariableMatrixWidths.Count > 0 ? 1 : SourceOf(tileset.Layer, format)?.MetaTileOf(tileset.Layer) ?? 1;

    /// <summary>The same where all of a layer is made and nobody waits for a single tile.</summary>
    public int SideOfAll(LayerTileset tileset, TileFormat format, int level) =>
        tileset.Set.Matrices[level].VariableMatrixWidths.Count > 0 ? 1 : SourceOf(tileset.Layer, format)?.MetaTileOf(tileset.Layer, tileset.RangeOf(level)?.Count ?? 1) ?? 1;

    /// <summary>A block of a whole layer in the metatiles that single requests are answered by.</summary>
    public IReadOnlyList<MetaTile> PiecesOf(LayerTileset tileset, TileFormat format, MetaTile tiles)
    {
        if (tileset.Set.Matrices[tiles.Level].VariableMatrixWidths.Count > 0)
        {
            return [tiles];
        }

        var (pieces, size, range) = (new List<MetaTile>(), SideOf(tileset, format, tiles.Level), tiles.Range);
        for (var row = range.MinRow; row <= range.MaxRow; row = row - (row % size) + size)
        {
            for (var column = range.MinColumn; column <= range.MaxColumn; column = column - (column % size) + size)
            {
                var piece = MetaTile.Of(tileset.Set.Matrices[tiles.Level], tiles.Level, new TileIndex(column, row), size);
                pieces.Add(piece with { Range = piece.Range.Meet(range) });
            }
        }

        return pieces;
    }

    private ITileSource? SourceOf(Layer layer, TileFormat format) => Array.Find(_sources, source => source.Makes(layer, format));

    /// <summary>With whoever makes it already.</summary>
    private async Task<Made> JoinAsync(LayerTileset tileset, TileFormat format, MetaTile tiles, bool wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            var making = _making.GetOrAdd(
                (tileset.Key(format), tiles), key => new Making(stop => MakeInClusterAsync(tileset, format, tiles, wanted, anew: false, stop), () => _making.TryRemove(key, out _)));
            if (await making.WaitAsync(cancellationToken) is { } made)
            {
                return made;
            }

            // All who waited had left, and it was stopped just when this one came.
        }
    }

    /// <summary>By one of the nodes that share what is kept.</summary>
    private async Task<Made> MakeInClusterAsync(LayerTileset tileset, TileFormat format, MetaTile tiles, bool wanted, bool anew, CancellationToken cancellationToken)
    {
        if (locks is null || !cache.IsShared || !tileset.Layer.Caching.Enabled)
        {
            return await MakeAsync(tileset, format, tiles, wanted, turn: null, cancellationToken);
        }

        var (key, began, takesOthers) = (tileset.Key(format), clock.GetTimestamp(), !anew);
        while (true)
        {
            var since = takesOthers ? clock.GetElapsedTime(began) + FromLookToTurn : TimeSpan.Zero;
            if (await locks.TakeAsync(key, tiles, since, anew, cancellationToken) is { } turn)
            {
                var isKept = false;
                try
                {
                    var made = await MakeAsync(tileset, format, tiles, wanted, turn, cancellationToken);
                    isKept = made.Stored == made.Tiles.Count;
                    return made;
                }
                finally
                {
                    turn.End(isKept);
                }
            }

            if (await KeptAsync(key, tiles, cancellationToken) is { } kept)
            {
                return new Made(kept, kept.Count);
            }

            // Evicted since: whatever others have made, now it is made here.
            takesOthers = false;
        }
    }

    /// <returns><see langword="null"/> when one of them is missing.</returns>
    private async Task<Dictionary<TileIndex, StoredTile>?> KeptAsync(TilesetKey key, MetaTile tiles, CancellationToken cancellationToken)
    {
        var kept = new ConcurrentDictionary<TileIndex, StoredTile>();
        await Parallel.ForEachAsync(tiles.Range.Tiles(), new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = cancellationToken }, async (tile, stop) =>
        {
            if (await cache.LookAsync(new TileKey(key, tiles.Level, tile), stop) is { } found)
            {
                kept[tile] = found;
            }
        });
        return kept.Count == tiles.Range.Count ? new Dictionary<TileIndex, StoredTile>(kept) : null;
    }

    private async Task<Made> MakeAsync(LayerTileset tileset, TileFormat format, MetaTile tiles, bool wanted, TileTurn? turn, CancellationToken cancellationToken)
    {
        var (layer, key) = (tileset.Layer, tileset.Key(format));
        var source = SourceOf(layer, format) ?? throw new TileSourceException($"No source here makes {format} of {layer.Id}.");

        // The cache knows no layers: who stores tiles of one says what they may take. Another node may have changed it.
        cache.SetQuota(layer.Id, layer.Caching.QuotaBytes);

        // Taken before the data are read: what is emptied from now on is not filled with what was read before.
        var ticket = cache.Begin(key, turn);
        await BringAsync(layer, cancellationToken);
        var made = await source.MakeAsync(layer, tileset.Set, tiles, format, cancellationToken);
        var now = clock.GetUtcNow();
        var packed = made.ToDictionary(one => one.Tile, one => TilePacking.Pack(one, format, layer.Caching.Encoding, now));
        var stored = layer.Caching.Enabled
            ? await cache.PutAsync(ticket, [.. packed.Select(pair => KeyValuePair.Create(new TileKey(key, tiles.Level, pair.Key), pair.Value))], cancellationToken, wanted)
            : 0;
        return new Made(packed, stored);
    }

    private async ValueTask BringAsync(Layer layer, CancellationToken cancellationToken)
    {
        if (files is not null)
        {
            try
            {
                await files.BringAsync(layer, cancellationToken);
            }
            catch (IOException reason)
            {
                throw new TileSourceException("The layer's data can't be fetched now.", reason, UntilFetched);
            }
        }
    }

    private async Task RenewAsync(LayerTileset tileset, TileFormat format, int level, TileIndex tile)
    {
        try
        {
            await ExecuteAsync(tileset, format, level, tile, CancellationToken.None);
        }
        catch (Exception error) when (error is TileSourceException or Nodes.ElsewhereException or OperationCanceledException or IOException)
        {
            LogNotRenewed(tileset.Layer.Id, error.Message);
        }
    }

    /// <param name="Stored">How many of them the cache took.</param>
    private sealed record Made(Dictionary<TileIndex, StoredTile> Tiles, int Stored);

    /// <summary>A metatile on its way. It goes on as long as somebody waits.</summary>
    private sealed class Making
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Lazy<Task<Made>> _work;
        private readonly Lock _lock = new();
        private int _waiting;

        public Making(Func<CancellationToken, Task<Made>> make, Action ended) => _work = new(() => RunAsync(make, ended));

        /// <returns><see langword="null"/> when it was being stopped already.</returns>
        public async Task<Made?> WaitAsync(CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                if (_stop.IsCancellationRequested)
                {
                    return null;
                }

                _waiting++;
            }

            try
            {
                return await _work.Value.WaitAsync(cancellationToken);
            }
            finally
            {
                lock (_lock)
                {
                    if (--_waiting == 0 && !_work.Value.IsCompleted)
                    {
                        _stop.Cancel();
                    }
                }
            }
        }

        private async Task<Made> RunAsync(Func<CancellationToken, Task<Made>> make, Action ended)
        {
            try
            {
                return await Task.Run(() => make(_stop.Token), _stop.Token);
            }
            finally
            {
                ended();
            }
        }
    }

    [LoggerMessage(EventId = 1603, Level = LogLevel.Warning, Message = "A tile of layer {Layer} was not renewed: {Reason}")]
    private partial void LogNotRenewed(string layer, string reason);
}
