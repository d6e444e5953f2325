using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Storage.Tiles.Pack;

/// <summary>Tiles in few large files with an index: a folder for each level of each tileset, <c>layer/set.png/4</c>. A hit is one read of a file that is open.</summary>
internal sealed partial class PackTileStore : ITileStore, IAsyncDisposable
{
    private const int MostOpen = 512;
    private const int ClosedAtOnce = 64;
    private const int LooksAtOnce = 65_536;

    private readonly ConcurrentDictionary<(TilesetKey Tileset, int Level), LevelPack> _levels = [];
    private readonly Lock[] _opening = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];
    private readonly Channel<(TilesetKey Tileset, int Level)> _dirty = Channel.CreateBounded<(TilesetKey, int)>(
        new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly RemovedFolders _removed;
    private readonly string _root;
    private readonly long _packBytes;
    private readonly ulong _boot;
    private readonly ILogger _logger;
    private readonly Task _cleaning;
    private long _operations;
    private bool _isDisposed;

    /// <param name="packBytes">Of one pack, about.</param>
    public PackTileStore(string root, ILogger logger, long packBytes = 64 << 20)
    {
        (_root, _logger, _packBytes) = (root, logger, packBytes);
        Directory.CreateDirectory(root);
        _boot = BootOf();
        _removed = new RemovedFolders(root);
        _cleaning = Task.Run(CleanAsync);
    }

    public ValueTask<StoredTile?> FindAsync(TileKey key, CancellationToken cancellationToken)
    {
        while (Open(key.Tileset, key.Level, make: false) is { } level)
        {
            try
            {
                return new ValueTask<StoredTile?>(level.TryFind(key.Tile, out var tile) ? tile : null);
            }
            catch (ObjectDisposedException)
            {
                // Closed since: emptied, or because too many are open.
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        return default;
    }

    public bool TryFindNow(in TileKey key, [NotNullWhen(true)] out StoredTile? tile)
    {
        try
        {
            if (_levels.TryGetValue((key.Tileset, key.Level), out var level) && level.TryFind(key.Tile, out tile, now: true))
            {
                return true;
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed since: to be opened again by who may wait.
        }

        tile = null;
        return false;
    }

    public Task PutAsync(IReadOnlyList<KeyValuePair<TileKey, StoredTile>> tiles, CancellationToken cancellationToken)
    {
        foreach (var level in tiles.GroupBy(tile => (tile.Key.Tileset, tile.Key.Level)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var all = level.ToArray();
            LevelPack pack;
            do
            {
                pack = Open(level.Key.Tileset, level.Key.Level, make: true)!;
            }
            while (!pack.TryPut(all));

            CleanSoon(level.Key.Tileset, level.Key.Level, pack);
        }

        return Task.CompletedTask;
    }

    public Task RemoveAsync(TileSelection selection, CancellationToken cancellationToken)
    {
        var tileset = selection.Tileset;
        if (selection is { Level: { } level, Ranges: { } ranges })
        {
            while (Open(tileset, level, make: false) is { } pack)
            {
                if (pack.TryRemove(ranges))
                {
                    CleanSoon(tileset, level, pack);
                    break;
                }
            }

            return Task.CompletedTask;
        }

        lock (OpeningOf(tileset.Layer))
        {
            CloseAll(key => key.Tileset.Equals(tileset) && (selection.Level is null || key.Level == selection.Level), pack => pack.Abandon());
            _removed.Take(selection.Level is { } one ? FolderOf(tileset, one) : FolderOf(tileset));
        }

        return Task.CompletedTask;
    }

    public Task RemoveLayerAsync(string layer, CancellationToken cancellationToken)
    {
        lock (OpeningOf(layer))
        {
            CloseAll(key => key.Tileset.Layer == layer, pack => pack.Abandon());
            _removed.Take(Path.Combine(_root, PathSegment.Of(layer)));
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<TilesetUse> UseAsync(string? layer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var tileset in Tilesets(layer))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (tiles, bytes) = (0L, 0L);
            foreach (var level in LevelsOf(tileset))
            {
                var use = UseOf(tileset, level);
                (tiles, bytes) = (tiles + use.Tiles, bytes + use.Bytes);
            }

            if (tiles > 0)
            {
                yield return new TilesetUse(tileset, tiles, bytes);
            }
        }
    }

    public Task<long> EvictAsync(string? layer, long bytes, Func<TileKey, bool> isWanted, CancellationToken cancellationToken)
    {
        // The largest levels give. Tiles that were read since are passed over once; so, where nothing goes, a second look.
        var levels = Tilesets(layer).SelectMany(tileset => LevelsOf(tileset).Select(level => (Tileset: tileset, Level: level, UseOf(tileset, level).Bytes)))
            .OrderByDescending(level => level.Bytes).ToArray();
        var shares = EvictionShares.Of([.. levels.Select(level => level.Bytes)], bytes);
        var gone = 0L;
        for (var looks = 0; looks < 2 && gone == 0; looks++)
        {
            foreach (var ((tileset, number, _), share) in levels.Zip(shares))
            {
                // What a level gave beyond its share, the next ones need not.
                cancellationToken.ThrowIfCancellationRequested();
                if (Math.Min(share, bytes - gone) is > 0 and var most && Open(tileset, number, make: false) is { } pack)
                {
                    gone += pack.Evict(most, LooksAtOnce, tile => isWanted(new TileKey(tileset, number, tile)));
                    CleanSoon(tileset, number, pack);
                }
            }
        }

        return Task.FromResult(gone);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _stopping.CancelAsync();
        _dirty.Writer.TryComplete();
        await _cleaning;
        CloseAll(_ => true, pack => pack.Dispose());
        await _removed.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>Leaves the files as the end of the process would.</summary>
    internal async Task AbandonAsync()
    {
        await _stopping.CancelAsync();
        await _cleaning;
        foreach (var pack in _levels.Values)
        {
            pack.Abandon();
        }

        _levels.Clear();
    }

    private static ulong BootOf()
    {
        const string Linux = "/proc/sys/kernel/random/boot_id";
        return File.Exists(Linux) && Guid.TryParse(File.ReadAllText(Linux).Trim(), out var id) ? BitConverter.ToUInt64(id.ToByteArray()) : 0;
    }

    private LevelPack? Open(TilesetKey tileset, int level, bool make)
    {
        var now = Interlocked.Increment(ref _operations);
        if (_levels.TryGetValue((tileset, level), out var pack) && !pack.IsClosed)
        {
            pack.LastUsed = now;
            return pack;
        }

        var folder = FolderOf(tileset, level);
        if (!make && !Directory.Exists(folder))
        {
            return null;
        }

        lock (OpeningOf(tileset.Layer))
        {
            if (_levels.TryGetValue((tileset, level), out pack) && !pack.IsClosed)
            {
                return pack;
            }

            if (make)
            {
                Directory.CreateDirectory(folder);
            }
            else if (!Directory.Exists(folder))
            {
                return null;
            }

            pack = new LevelPack(folder, _boot, _packBytes) { LastUsed = now };
            _levels[(tileset, level)] = pack;
        }

        if (_levels.Count > MostOpen)
        {
            CloseIdle();
        }

        return pack;
    }

    private void CloseIdle()
    {
        foreach (var (key, pack) in _levels.OrderBy(level => level.Value.LastUsed).Take(ClosedAtOnce).ToArray())
        {
            lock (OpeningOf(key.Tileset.Layer))
            {
                if (_levels.TryRemove(KeyValuePair.Create(key, pack)))
                {
                    pack.Dispose();
                }
            }
        }
    }

    private void CloseAll(Func<(TilesetKey Tileset, int Level), bool> which, Action<LevelPack> close)
    {
        foreach (var (key, pack) in _levels.Where(level => which(level.Key)).ToArray())
        {
            if (_levels.TryRemove(KeyValuePair.Create(key, pack)))
            {
                close(pack);
            }
        }
    }

    private void CleanSoon(TilesetKey tileset, int level, LevelPack pack)
    {
        if (pack.IsDirty)
        {
            _dirty.Writer.TryWrite((tileset, level));
        }
    }

    private async Task CleanAsync()
    {
        try
        {
            await foreach (var (tileset, level) in _dirty.Reader.ReadAllAsync(_stopping.Token))
            {
                try
                {
                    // A pack a turn; none of them is written twice as long as the others are clean.
                    for (var packs = 0; packs < 1000 && Open(tileset, level, make: false) is { IsDirty: true } pack && pack.TryClean(_stopping.Token); packs++)
                    {
                    }
                }
                catch (Exception reason) when (reason is IOException or UnauthorizedAccessException or ObjectDisposedException)
                {
                    // Another time: with the next tile that is stored.
                    LogNotCleaned(reason);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private (long Tiles, long Bytes) UseOf(TilesetKey tileset, int level)
    {
        var folder = FolderOf(tileset, level);
        var (tiles, contents) = (SlotFile.Peek(Path.Combine(folder, LevelPack.TilesIndex)), SlotFile.Peek(Path.Combine(folder, LevelPack.ContentsIndex)));
        return (tiles.Live, LevelPack.BytesOf(tiles.Live, contents.Live, contents.Bytes));
    }

    private IEnumerable<TilesetKey> Tilesets(string? layer)
    {
        var folders = layer is not null ? [Path.Combine(_root, PathSegment.Of(layer))] : Directory.GetDirectories(_root);
        foreach (var folder in folders.Where(Directory.Exists))
        {
            if ((layer ?? PathSegment.Read(Path.GetFileName(folder))) is not { } id)
            {
                continue;
            }

            foreach (var tileset in Directory.GetDirectories(folder))
            {
                var name = Path.GetFileName(tileset);
                if (name.LastIndexOf('.') is > 0 and var dot && PathSegment.Read(name[..dot]) is { } set && TileFormat.Find(name[(dot + 1)..]) is { } format)
                {
                    yield return new TilesetKey(id, set, format);
                }
            }
        }
    }

    private IEnumerable<int> LevelsOf(TilesetKey tileset)
    {
        var folder = FolderOf(tileset);
        return Directory.Exists(folder)
            ? Directory.GetDirectories(folder).Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var level) ? level : -1).Where(level => level >= 0)
            : [];
    }

    private Lock OpeningOf(string layer) => _opening[(uint)layer.GetHashCode(StringComparison.Ordinal) % _opening.Length];

    private string FolderOf(TilesetKey tileset) =>
        Path.Combine(_root, PathSegment.Of(tileset.Layer), $"{PathSegment.Of(tileset.TileMatrixSet)}.{tileset.Format.Extension}");

    private string FolderOf(TilesetKey tileset, int level) => Path.Combine(FolderOf(tileset), level.ToString(CultureInfo.InvariantCulture));

    [LoggerMessage(EventId = 2401, Level = LogLevel.Warning, Message = "A pack of tiles could not be written anew; it is tried again")]
    private partial void LogNotCleaned(Exception reason);
}
