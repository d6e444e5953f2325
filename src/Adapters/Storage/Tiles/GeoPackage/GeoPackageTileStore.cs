using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Storage.Tiles.GeoPackage;

/// <summary>Tiles in GeoPackages, one a tileset (<c>layer/set.png.gpkg</c>) or one a level (<c>layer/set.png.04.gpkg</c>).</summary>
internal sealed partial class GeoPackageTileStore : ITileStore, IAsyncDisposable
{
    private const string Ending = ".gpkg";
    private const int MostOpen = 64;

    // A file for all levels has the number of none.
    private const int AllLevels = -1;

    private readonly ConcurrentDictionary<(TilesetKey Tileset, int Level), TilePackage> _packages = [];
    private readonly ConcurrentDictionary<Task, byte> _sweeping = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly ReadMarks _read = new();
    private readonly Lock _opening = new();
    private readonly RemovedFolders _removed;
    private readonly string _root;
    private readonly bool _perLevel;
    private readonly ITileGrids _grids;
    private readonly ILogger _logger;
    private long _operations;
    private bool _isDisposed;

    /// <param name="perLevel">Whether each level has a file of its own: those are emptied by removing it.</param>
    public GeoPackageTileStore(string root, bool perLevel, ITileGrids grids, ILogger logger)
    {
        (_root, _perLevel, _grids, _logger) = (root, perLevel, grids, logger);
        Directory.CreateDirectory(root);
        _removed = new RemovedFolders(root);
    }

    public ValueTask<StoredTile?> FindAsync(TileKey key, CancellationToken cancellationToken)
    {
        while (Open(key.Tileset, key.Level, make: false) is { } package)
        {
            try
            {
                var tile = package.Find(key.Level, key.Tile);
                if (tile is not null)
                {
                    _read.Set(key);
                }

                return new ValueTask<StoredTile?>(tile);
            }
            catch (Exception reason) when (package.IsClosed && reason is ObjectDisposedException or SqliteException)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        return default;
    }

    public async Task PutAsync(IReadOnlyList<KeyValuePair<TileKey, StoredTile>> tiles, CancellationToken cancellationToken)
    {
        foreach (var level in tiles.GroupBy(tile => (tile.Key.Tileset, tile.Key.Level)))
        {
            await WithAsync(
                level.Key.Tileset, level.Key.Level, make: true,
                package => package.PutAsync(level.Key.Level, [.. level.Select(tile => (tile.Key.Tile, tile.Value))], cancellationToken));
        }
    }

    public async Task RemoveAsync(TileSelection selection, CancellationToken cancellationToken)
    {
        var tileset = selection.Tileset;
        if (selection is { Level: { } level, Ranges: { } ranges })
        {
            foreach (var range in ranges)
            {
                await WithAsync(tileset, level, make: false, package => package.RemoveAsync(level, range, cancellationToken));
            }
        }
        else if (selection.Level is { } one && !_perLevel)
        {
            await WithAsync(tileset, one, make: false, async package =>
            {
                await package.EmptyAsync(one, cancellationToken);
                SweepSoon(package);
            });
        }
        else
        {
            Take(tileset.Layer, file => file.Tileset.Equals(tileset) && (selection.Level is null || file.Level == selection.Level));
        }
    }

    public Task RemoveLayerAsync(string layer, CancellationToken cancellationToken)
    {
        Take(layer, _ => true);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<TilesetUse> UseAsync(string? layer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var tileset in Files(layer).GroupBy(file => file.Tileset))
        {
            var (tiles, bytes) = (0L, 0L);
            foreach (var file in tileset)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await WithAsync(file.Tileset, Math.Max(0, file.Level), make: false, package =>
                {
                    var use = package.Use();
                    (tiles, bytes) = (tiles + use.Tiles, bytes + use.Bytes);
                    return Task.CompletedTask;
                });
            }

            if (tiles > 0)
            {
                yield return new TilesetUse(tileset.Key, tiles, bytes);
            }
        }
    }

    public async Task<long> EvictAsync(string? layer, long bytes, Func<TileKey, bool> isWanted, CancellationToken cancellationToken)
    {
        var gone = 0L;
        for (var turn = 0; turn < 2 && gone == 0; turn++)
        {
            foreach (var file in Files(layer).OrderByDescending(file => file.Level).ToArray())
            {
                if (gone >= bytes)
                {
                    return gone;
                }

                await WithAsync(file.Tileset, Math.Max(0, file.Level), make: false, async package => gone += await package.EvictAsync(
                    bytes - gone, (level, tile) => new TileKey(file.Tileset, level, tile) is var key && !_read.Has(key) && !isWanted(key), cancellationToken));
            }

            _read.Clear();
        }

        return gone;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _stopping.CancelAsync();
        await Task.WhenAll(_sweeping.Keys);
        foreach (var package in _packages.Values)
        {
            package.Dispose();
        }

        await _removed.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task WithAsync(TilesetKey tileset, int level, bool make, Func<TilePackage, Task> work)
    {
        while (Open(tileset, level, make) is { } package)
        {
            try
            {
                await work(package);
                return;
            }
            catch (Exception reason) when (package.IsClosed && !_isDisposed && reason is ObjectDisposedException or SqliteException)
            {
                // Emptied, or closed for others; once more.
            }
        }
    }

    private TilePackage? Open(TilesetKey tileset, int level, bool make)
    {
        var now = Interlocked.Increment(ref _operations);
        var key = (tileset, _perLevel ? level : AllLevels);
        if (_packages.TryGetValue(key, out var package) && !package.IsClosed)
        {
            package.LastUsed = now;
            return package;
        }

        var path = PathOf(tileset, level);
        if (!make && !File.Exists(path))
        {
            return null;
        }

        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_packages.TryGetValue(key, out package) && !package.IsClosed)
            {
                return package;
            }

            if (!make && !File.Exists(path))
            {
                return null;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            package = new TilePackage(path, tileset, _grids.Find(tileset.TileMatrixSet), _logger) { LastUsed = now };
            _packages[key] = package;
            if (_packages.Count > MostOpen)
            {
                var (oldest, idle) = _packages.MinBy(one => one.Value.LastUsed);
                _packages.TryRemove(oldest, out _);
                idle.Dispose();
            }
        }

        // What a stop left.
        SweepSoon(package);
        return package;
    }

    private void Take(string layer, Func<(TilesetKey Tileset, int Level), bool> which)
    {
        lock (_opening)
        {
            foreach (var file in Files(layer).Where(which).ToArray())
            {
                if (_packages.TryRemove((file.Tileset, file.Level), out var package))
                {
                    package.Dispose();
                }

                var path = PathOf(file.Tileset, file.Level);
                foreach (var part in (string[])[path, path + "-wal", path + "-shm"])
                {
                    _removed.Take(part);
                }
            }
        }
    }

    private void SweepSoon(TilePackage package)
    {
        var work = Task.Run(async () =>
        {
            try
            {
                await package.SweepAsync(_stopping.Token);
            }
            catch (Exception reason) when (reason is OperationCanceledException or ObjectDisposedException || package.IsClosed)
            {
                // The next one who opens it goes on.
            }
            catch (SqliteException reason)
            {
                LogNotSwept(reason);
            }
        });
        _sweeping.TryAdd(work, 0);
        work.ContinueWith(done => _sweeping.TryRemove(done, out _), TaskScheduler.Default);
    }

    private IEnumerable<(TilesetKey Tileset, int Level)> Files(string? layer)
    {
        foreach (var folder in layer is not null ? [Path.Combine(_root, PathSegment.Of(layer))] : Directory.GetDirectories(_root))
        {
            if ((layer ?? PathSegment.Read(Path.GetFileName(folder))) is not { } id || !Directory.Exists(folder))
            {
                continue;
            }

            foreach (var path in Directory.GetFiles(folder, "*" + Ending))
            {
                var name = Path.GetFileNameWithoutExtension(path);
                var level = AllLevels;
                if (_perLevel && name.LastIndexOf('.') is > 0 and var end && int.TryParse(name.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                {
                    (name, level) = (name[..end], number);
                }

                if (level == AllLevels != _perLevel && name.LastIndexOf('.') is > 0 and var dot && PathSegment.Read(name[..dot]) is { } set && TileFormat.Find(name[(dot + 1)..]) is { } format)
                {
                    yield return (new TilesetKey(id, set, format), level);
                }
            }
        }
    }

    private string PathOf(TilesetKey tileset, int level) => Path.Combine(
        _root, PathSegment.Of(tileset.Layer),
        $"{PathSegment.Of(tileset.TileMatrixSet)}.{tileset.Format.Extension}{(_perLevel ? "." + level.ToString("00", CultureInfo.InvariantCulture) : "")}{Ending}");

    [LoggerMessage(EventId = 2402, Level = LogLevel.Warning, Message = "Emptied tiles of a GeoPackage could not be removed; they are tried again when it is opened")]
    private partial void LogNotSwept(Exception reason);
}
