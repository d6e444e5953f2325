using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using GeoWps.Adapters.Storage.Files;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Storage.Tiles.Files;

/// <summary>
/// One file a tile, in a layout that others read and write as well: a folder of another server's tiles can be mounted, and a static server can serve
/// this one. Files are written aside and then renamed; identical tiles of a level made within a minute share one where the file system has hard links.
/// </summary>
internal sealed class FileTileStore : ITileStore, IAsyncDisposable
{
    private const string Aside = ".new";
    private const int FewTiles = 100_000;
    private const int LooksAtOnce = 20_000;

    private static readonly TimeSpan _sharedFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, LevelFolder> _folders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<TilesetKey, string> _sets = [];
    private readonly RecentContents _recent = new();
    private readonly ReadMarks _read = new();
    private readonly RemovedFolders _removed;
    private readonly KeyLocks _locks = new();
    private readonly PathLayout _layout;
    private readonly ITileGrids _grids;
    private readonly string _root;
    private long _names;

    public FileTileStore(string root, PathLayout layout, ITileGrids grids)
    {
        (_root, _layout, _grids) = (root, layout, grids);
        var aside = Path.Combine(root, Aside);
        if (Directory.Exists(aside))
        {
            // What a crash left half written.
            Directory.Delete(aside, recursive: true);
        }

        Directory.CreateDirectory(aside);
        _removed = new RemovedFolders(root);
    }

    public ValueTask<StoredTile?> FindAsync(TileKey key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        var tile = TileFile.Read(path, key.Tileset.Format) ?? (key.Tileset.Format.Compressible ? TileFile.Read(path + TileFile.BrotliEnding, key.Tileset.Format) : null);
        if (tile is not null)
        {
            _read.Set(key);
        }

        return new ValueTask<StoredTile?>(tile);
    }

    public Task PutAsync(IReadOnlyList<KeyValuePair<TileKey, StoredTile>> tiles, CancellationToken cancellationToken)
    {
        foreach (var (key, tile) in tiles)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = PathOf(key);
            lock (_locks.For(path))
            {
                Put(key, tile, path);
            }
        }

        return Task.CompletedTask;
    }

    public Task RemoveAsync(TileSelection selection, CancellationToken cancellationToken)
    {
        var tileset = selection.Tileset;
        foreach (var level in selection.Level is { } one ? [one] : LevelsOf(tileset.Layer).Where(level => level.Set == tileset.TileMatrixSet).Select(level => level.Level).Distinct().ToArray())
        {
            var folder = FolderOf(tileset, level);
            if (selection.Ranges is { } ranges)
            {
                Remove(folder, tileset, level, ranges);
            }
            else if (folder.HoldsOnly(tileset.Format))
            {
                _removed.Take(folder.Path);
                _folders.TryRemove(folder.Path, out _);
            }
            else
            {
                // Another format's tiles are in the same folder: they have to be told apart.
                RemoveWhere(folder, tileset, level, _ => true, int.MaxValue);
            }
        }

        return Task.CompletedTask;
    }

    public Task RemoveLayerAsync(string layer, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_root, PathSegment.Of(layer));
        _removed.Take(path);
        foreach (var folder in _folders.Keys.Where(folder => folder.StartsWith(path + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
        {
            _folders.TryRemove(folder, out _);
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<TilesetUse> UseAsync(string? layer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var id in layer is not null ? [layer] : Layers())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var all = LevelsOf(id).SelectMany(level => level.Folder.Use().Select(use => (level.Set, Format: TileFormat.Find(use.Key)!, use.Value.Tiles, use.Value.Bytes)));
            foreach (var tileset in all.GroupBy(use => new TilesetKey(id, use.Set, use.Format)))
            {
                yield return new TilesetUse(tileset.Key, tileset.Sum(use => use.Tiles), tileset.Sum(use => use.Bytes));
            }
        }
    }

    public Task<long> EvictAsync(string? layer, long bytes, Func<TileKey, bool> isWanted, CancellationToken cancellationToken)
    {
        // Deep levels have the most tiles, and the least use each.
        var levels = (layer is not null ? [layer] : Layers()).SelectMany(id => LevelsOf(id).Select(level => (Layer: id, level.Set, level.Level, level.Folder))).OrderByDescending(level => level.Level).ToArray();
        var gone = 0L;
        for (var turn = 0; turn < 2 && gone == 0; turn++)
        {
            foreach (var (id, set, level, folder) in levels)
            {
                foreach (var format in folder.Use().Keys)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var tileset = new TilesetKey(id, set, TileFormat.Find(format)!);
                    gone += RemoveWhere(folder, tileset, level, tile => gone < bytes && new TileKey(tileset, level, tile) is var key && !_read.Has(key) && !isWanted(key), LooksAtOnce, bytes - gone);
                    if (gone >= bytes)
                    {
                        return Task.FromResult(gone);
                    }
                }
            }

            // Everybody was passed over once for what was read: that counts no more.
            _read.Clear();
        }

        return Task.FromResult(gone);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var folder in _folders.Values)
        {
            folder.Save();
        }

        await _removed.DisposeAsync();
    }

    private void Put(TileKey key, StoredTile tile, string path)
    {
        var folder = FolderOf(key.Tileset, key.Level);

        // Before anything appears in it: what is there is counted once.
        folder.BeginCounting();
        var target = path + TileFile.EndingOf(tile);
        var aside = Path.Combine(_root, Aside, Interlocked.Increment(ref _names).ToString(CultureInfo.InvariantCulture));
        var before = new FileInfo(target);
        var (tiles, bytes) = before.Exists ? (0, TileFile.IsShared(before.LastWriteTimeUtc) ? 0 : -before.Length) : (1, 0L);
        var place = folder.Path + Path.GetExtension(path);
        var linked = TryLink(place, tile, aside);
        if (!linked)
        {
            TileFile.Write(aside, tile);
            bytes += tile.Content.Length;
        }

        try
        {
            File.Move(aside, target, overwrite: true);
        }
        catch (IOException missing) when (missing is DirectoryNotFoundException or FileNotFoundException)
        {
            // The latter where somebody else makes the folder at this moment.
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(aside, target, overwrite: true);
        }

        if (linked)
        {
            // Where both were the same file already, a renaming does nothing.
            File.Delete(aside);
        }
        else
        {
            _recent.Add(place, tile, target);
        }

        if (key.Tileset.Format.Compressible && new FileInfo(tile.Encoding == TileEncoding.Brotli ? path : path + TileFile.BrotliEnding) is { Exists: true } other)
        {
            other.Delete();
            (tiles, bytes) = (tiles - 1, bytes - other.Length);
        }

        folder.Count(key.Tileset.Format, tiles, bytes);
    }

    /// <summary>Makes another name for a file of the same content, where there is one that is as old, or a little older.</summary>
    private bool TryLink(string place, StoredTile tile, string aside)
    {
        if (_recent.Find(place, tile) is not { } written || tile.Made < written.Made || tile.Made - written.Made > _sharedFor || !HardLink.TryCreate(written.Path, aside))
        {
            return false;
        }

        // Somebody may have put another tile there meanwhile.
        var file = new FileInfo(aside);
        if (file.Length != tile.Content.Length || TileFile.SecondOf(file.LastWriteTimeUtc) != TileFile.SecondOf(written.Made.UtcDateTime) || TileFile.NotesOf(file.LastWriteTimeUtc) != tile.Notes)
        {
            File.Delete(aside);
            return false;
        }

        if (!written.IsShared)
        {
            TileFile.MarkShared(aside, written.Made, tile.Notes);
            written.IsShared = true;
        }

        return true;
    }

    private void Remove(LevelFolder folder, TilesetKey tileset, int level, IReadOnlyList<TileRange> ranges)
    {
        if (ranges.Sum(range => range.Count) > FewTiles)
        {
            RemoveWhere(folder, tileset, level, tile => ranges.Any(range => range.Contains(tile)), int.MaxValue);
            return;
        }

        foreach (var range in ranges)
        {
            for (var row = range.MinRow; row <= range.MaxRow; row++)
            {
                for (var column = range.MinColumn; column <= range.MaxColumn; column++)
                {
                    var path = PathOf(new TileKey(tileset, level, new TileIndex(column, row)));
                    foreach (var name in tileset.Format.Compressible ? (string[])[path, path + TileFile.BrotliEnding] : [path])
                    {
                        Delete(folder, tileset.Format, new FileInfo(name));
                    }
                }
            }
        }
    }

    /// <returns>Bytes that went.</returns>
    private long RemoveWhere(LevelFolder folder, TilesetKey tileset, int level, Func<TileIndex, bool> condition, int looks, long bytes = long.MaxValue)
    {
        var gone = 0L;
        foreach (var file in folder.Files())
        {
            if (looks-- == 0 || gone >= bytes)
            {
                break;
            }

            if (folder.Read(file, RowsOf(tileset, level)) is { } read && read.Format.Name == tileset.Format.Name && condition(Flip(tileset, level, read.Tile)))
            {
                gone += Delete(folder, tileset.Format, file);
            }
        }

        return gone;
    }

    private static long Delete(LevelFolder folder, TileFormat format, FileInfo file)
    {
        if (!file.Exists)
        {
            return 0;
        }

        folder.BeginCounting();
        var bytes = TileFile.IsShared(file.LastWriteTimeUtc) ? 0 : file.Length;
        file.Delete();
        folder.Count(format, -1, -bytes);
        return Math.Max(1, bytes);
    }

    private string PathOf(in TileKey key) => Path.Combine(
        FolderPathOf(key.Tileset, key.Level), TilePath.NameOf(_layout, key.Level, Flip(key.Tileset, key.Level, key.Tile), RowsOf(key.Tileset, key.Level), key.Tileset.Format));

    private LevelFolder FolderOf(TilesetKey tileset, int level) => FolderAt(FolderPathOf(tileset, level));

    private LevelFolder FolderAt(string path) => _folders.GetOrAdd(path, path => new LevelFolder(path, _layout));

    private string FolderPathOf(TilesetKey tileset, int level) => Path.Combine(_root, TilePath.FolderOf(_layout, tileset.Layer, SetOf(tileset), level));

    // Where another server's tiles are mounted, the set has that server's name.
    private string SetOf(TilesetKey tileset) => _sets.GetOrAdd(tileset, key =>
    {
        var own = PathSegment.Of(key.TileMatrixSet);
        var layer = Path.Combine(_root, PathSegment.Of(key.Layer));
        return Directory.Exists(layer) && !IsThere(layer, own) && TilePath.OtherNames(key.TileMatrixSet).FirstOrDefault(name => IsThere(layer, name)) is { } other ? other : own;
    });

    private bool IsThere(string layer, string set) => _layout == PathLayout.Default ? Directory.EnumerateDirectories(layer, set + "_*").Any() : Directory.Exists(Path.Combine(layer, set));

    private int RowsOf(TilesetKey tileset, int level) => MatrixOf(tileset, level)?.MatrixHeight ?? 1 << Math.Min(level, 30);

    // Layouts count from the top or from the bottom, whatever the matrix does.
    private TileIndex Flip(TilesetKey tileset, int level, TileIndex tile) =>
        MatrixOf(tileset, level) is { CornerOfOrigin: CornerOfOrigin.BottomLeft, MatrixHeight: var rows } ? tile with { Row = rows - 1 - tile.Row } : tile;

    private TileMatrix? MatrixOf(TilesetKey tileset, int level) => _grids.Find(tileset.TileMatrixSet)?.Matrices is { } matrices && level < matrices.Count ? matrices[level] : null;

    private IEnumerable<string> Layers() => Directory.GetDirectories(_root).Select(path => PathSegment.Read(Path.GetFileName(path))).OfType<string>();

    private IEnumerable<(string Set, int Level, LevelFolder Folder)> LevelsOf(string layer)
    {
        var path = Path.Combine(_root, PathSegment.Of(layer));
        if (!Directory.Exists(path))
        {
            yield break;
        }

        foreach (var folder in Directory.GetDirectories(path))
        {
            var name = Path.GetFileName(folder);
            if (_layout == PathLayout.Default)
            {
                var at = name.LastIndexOf('_');
                if (at > 0 && int.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var level) && TilePath.SetOf(name[..at]) is { } set)
                {
                    yield return (set, level, FolderAt(folder));
                }
            }
            else if (TilePath.SetOf(name) is { } set)
            {
                foreach (var inner in Directory.GetDirectories(folder))
                {
                    if (int.TryParse(Path.GetFileName(inner), NumberStyles.None, CultureInfo.InvariantCulture, out var level))
                    {
                        yield return (set, level, FolderAt(inner));
                    }
                }
            }
        }
    }
}
