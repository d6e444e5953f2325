using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles.Caching;

/// <summary>
/// Tiles in memory, limited by bytes. A hit takes no lock and allocates nothing. Emptying a level costs nothing; the room is taken back
/// little by little by those who store, before anything else has to go.
/// </summary>
/// <remarks>Which tile goes is decided among <see cref="Sample"/> tiles by chance, among all where there are no more: no order has to be kept, which every hit would change.</remarks>
internal sealed class MemoryTiles
{
    /// <summary>Bytes that a tile takes besides its content: the objects, and its place in the table.</summary>
    public const int Overhead = 256;

    private const int Sample = 16;
    private const int SweptAtOnce = 8;
    private const long BytesPerShard = 16 << 20;
    private const long FewTiles = 4096;

    private readonly ConcurrentDictionary<TileKey, MemoryTile> _tiles = [];
    private readonly MemoryShard[] _shards;
    private readonly CachePolicy _policy;
    private readonly TimeProvider _clock;
    private readonly long _expiry;
    private long _bytes;
    private long _evicted;

    public MemoryTiles(CachePolicy policy, TimeProvider clock)
    {
        (_policy, _clock) = (policy, clock);
        _expiry = (long)(policy.Expiry.TotalSeconds * clock.TimestampFrequency);
        _shards = [.. Enumerable.Range(1, (int)Math.Clamp(policy.LimitBytes / BytesPerShard, 1, 32)).Select(number => new MemoryShard((uint)number * 2_654_435_761))];
    }

    /// <summary>That are taken now, emptied ones included whose room was not taken back yet.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Tiles that went for want of room, or because their time was over.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    public int Count => _tiles.Count;

    private bool Expires => _policy.Eviction is Eviction.ExpireAfterWrite or Eviction.ExpireAfterAccess;

    public bool TryGet(in TileKey key, [NotNullWhen(true)] out StoredTile? tile)
    {
        if (!_tiles.TryGetValue(key, out var found) || found.Scope.IsOver || !Use(found))
        {
            tile = null;
            return false;
        }

        tile = found.Tile;
        return true;
    }

    /// <summary>Whether it is there; that is no use of it.</summary>
    public bool Holds(in TileKey key) => _tiles.TryGetValue(key, out var found) && !found.Scope.IsOver;

    /// <summary>Changes whenever somebody stores or removes the key.</summary>
    public int VersionOf(in TileKey key)
    {
        var (shard, slot) = PlaceOf(key);
        return Volatile.Read(ref shard.Versions[slot]);
    }

    /// <returns>The new version.</returns>
    public int Change(in TileKey key)
    {
        var (shard, slot) = PlaceOf(key);
        return Interlocked.Increment(ref shard.Versions[slot]);
    }

    /// <summary>Keeps a tile that the persistent store gave, unless something happened to it since.</summary>
    /// <param name="mark"><see cref="LevelScope.Mark"/> before it was read.</param>
    /// <param name="version"><see cref="VersionOf"/> before it was read.</param>
    public void Promote(in TileKey key, StoredTile tile, LevelScope scope, object mark, int version)
    {
        var (shard, slot) = PlaceOf(key);
        lock (shard.Lock)
        {
            if (shard.Versions[slot] != version || scope.IsOver || scope.Mark != mark)
            {
                return;
            }

            Replace(shard, key, tile, scope);
        }

        MakeRoom(shard);
    }

    /// <summary>Keeps a tile that was stored just now. When somebody else stored it meanwhile nobody knows here whose came last: then it is forgotten.</summary>
    /// <param name="version">That <see cref="Change"/> gave before it was stored; <see langword="null"/> where nothing is below.</param>
    public void Put(in TileKey key, StoredTile tile, LevelScope scope, int? version)
    {
        var (shard, slot) = PlaceOf(key);
        lock (shard.Lock)
        {
            var found = Interlocked.Increment(ref shard.Versions[slot]) - 1;
            if ((version is not null && found != version) || scope.IsOver)
            {
                Drop(shard, key);
                return;
            }

            Replace(shard, key, tile, scope);
        }

        MakeRoom(shard);
    }

    public void Remove(in TileKey key)
    {
        var (shard, slot) = PlaceOf(key);
        lock (shard.Lock)
        {
            Interlocked.Increment(ref shard.Versions[slot]);
            Drop(shard, key);
        }
    }

    /// <summary>Removes areas of a level; what lies in them is looked up, or all tiles are looked through, whichever is less.</summary>
    public void Remove(TilesetKey tileset, int level, IReadOnlyList<TileRange> ranges)
    {
        if (ranges.Sum(range => range.Count) <= FewTiles)
        {
            foreach (var range in ranges)
            {
                for (var row = range.MinRow; row <= range.MaxRow; row++)
                {
                    for (var column = range.MinColumn; column <= range.MaxColumn; column++)
                    {
                        Remove(new TileKey(tileset, level, new TileIndex(column, row)));
                    }
                }
            }

            return;
        }

        RemoveWhere(tile => tile.Key.Level == level && tile.Key.Tileset.Equals(tileset) && ranges.Any(range => range.Contains(tile.Key.Tile)));
    }

    /// <summary>Those who store next take back the room of what is over.</summary>
    public void SweepSoon()
    {
        foreach (var shard in _shards)
        {
            lock (shard.Lock)
            {
                shard.ToSweep = shard.Count;
            }
        }
    }

    /// <summary>How many tiles of each tileset there are, and what they take. Walks them.</summary>
    public IEnumerable<(TilesetKey Tileset, long Tiles, long Bytes)> Use() => _tiles.Values.Where(tile => !tile.Scope.IsOver)
        .GroupBy(tile => tile.Key.Tileset, (tileset, tiles) => (tileset, (long)tiles.Count(), tiles.Sum(tile => (long)tile.Bytes)));

    private void RemoveWhere(Func<MemoryTile, bool> condition)
    {
        foreach (var shard in _shards)
        {
            lock (shard.Lock)
            {
                for (var slot = shard.Count - 1; slot >= 0; slot--)
                {
                    if (condition(shard[slot]))
                    {
                        Drop(shard, shard[slot]);
                    }
                }
            }
        }
    }

    /// <returns><see langword="false"/> when its time is over.</returns>
    private bool Use(MemoryTile tile)
    {
        if (Expires)
        {
            var now = _clock.GetTimestamp();
            if (IsExpired(tile, now))
            {
                return false;
            }

            tile.Used = now;
            return true;
        }

        // Written only when it changes: hot tiles are in the caches of all cores.
        var stored = tile.Shard.Stored;
        if (tile.Used != stored)
        {
            tile.Used = stored;
        }

        if (_policy.Eviction == Eviction.Lfu && tile.Uses < int.MaxValue)
        {
            tile.Uses++;
        }

        return true;
    }

    private bool IsExpired(MemoryTile tile, long now) => _policy.Eviction switch
    {
        Eviction.ExpireAfterWrite => now - tile.Written >= _expiry,
        Eviction.ExpireAfterAccess => now - tile.Used >= _expiry,
        Eviction.None or Eviction.Lru or Eviction.Lfu => false,
    };

    private (MemoryShard Shard, int Slot) PlaceOf(in TileKey key)
    {
        var hash = (uint)key.GetHashCode();
        var shard = _shards[(int)((ulong)hash * (uint)_shards.Length >> 32)];
        return (shard, (int)(hash % (uint)shard.Versions.Length));
    }

    private void Replace(MemoryShard shard, in TileKey key, StoredTile tile, LevelScope scope)
    {
        Drop(shard, key);
        Sweep(shard);
        var next = new MemoryTile(key, tile, scope, shard);
        if (next.Bytes > _policy.LimitBytes || (_policy.Eviction == Eviction.None && Bytes + next.Bytes > _policy.LimitBytes))
        {
            return;
        }

        shard.Stored++;
        next.Written = next.Used = next.Aged = Expires ? _clock.GetTimestamp() : shard.Stored;
        next.Uses = 1;
        shard.Add(next);
        _tiles[key] = next;
        Interlocked.Add(ref _bytes, next.Bytes);
    }

    private void Drop(MemoryShard shard, in TileKey key)
    {
        if (_tiles.TryGetValue(key, out var tile))
        {
            Drop(shard, tile);
        }
    }

    private void Drop(MemoryShard shard, MemoryTile tile)
    {
        _tiles.TryRemove(tile.Key, out _);
        shard.Remove(tile);
        Interlocked.Add(ref _bytes, -tile.Bytes);
    }

    private void Sweep(MemoryShard shard)
    {
        // Without room for another nothing else would take it back, so all that is over goes at once.
        var steps = _policy.Eviction == Eviction.None && shard.ToSweep > 0 ? shard.ToSweep : Expires ? SweptAtOnce : Math.Min(SweptAtOnce, shard.ToSweep);
        var now = Expires ? _clock.GetTimestamp() : 0;
        for (; steps > 0 && shard.Count > 0; steps--)
        {
            shard.ToSweep = Math.Max(0, shard.ToSweep - 1);
            shard.Cursor = shard.Cursor == 0 || shard.Cursor > shard.Count ? shard.Count : shard.Cursor;
            var tile = shard[--shard.Cursor];
            if (tile.Scope.IsOver)
            {
                Drop(shard, tile);
            }
            else if (Expires && IsExpired(tile, now))
            {
                Drop(shard, tile);
                Interlocked.Increment(ref _evicted);
            }
        }
    }

    private void MakeRoom(MemoryShard first)
    {
        var at = Array.IndexOf(_shards, first);
        while (Bytes > _policy.LimitBytes)
        {
            var shard = _shards[at];
            lock (shard.Lock)
            {
                // The last tile of a shard stays while others have more: it may be the one that was just stored.
                while (Bytes > _policy.LimitBytes && shard.Count > 1)
                {
                    Evict(shard);
                }

                if (_shards.Length > 1 && shard.Count == 1 && Array.TrueForAll(_shards, one => one.Count <= 1))
                {
                    Evict(shard);
                }
            }

            at = (at + 1) % _shards.Length;
        }
    }

    private void Evict(MemoryShard shard)
    {
        var all = shard.Count <= Sample;
        MemoryTile? victim = null;
        for (var i = 0; i < (all ? shard.Count : Sample); i++)
        {
            var tile = all ? shard[i] : shard.Any();
            if (tile.Scope.IsOver)
            {
                victim = tile;
                break;
            }

            Age(shard, tile);
            if (victim is null || Goes(tile, victim))
            {
                victim = tile;
            }
        }

        if (!victim!.Scope.IsOver)
        {
            Interlocked.Increment(ref _evicted);
        }

        Drop(shard, victim);
    }

    // Uses of long ago count half.
    private void Age(MemoryShard shard, MemoryTile tile)
    {
        if (_policy.Eviction == Eviction.Lfu && shard.Stored - tile.Aged > Math.Max(1024, 4L * shard.Count))
        {
            tile.Uses >>= 1;
            tile.Aged = shard.Stored;
        }
    }

    private bool Goes(MemoryTile tile, MemoryTile other) => _policy.Eviction switch
    {
        // The newest has been used once only, like everything that is new: it gets its chance.
        Eviction.Lfu => !IsNewest(tile) && (IsNewest(other) || tile.Uses < other.Uses || (tile.Uses == other.Uses && tile.Used < other.Used)),
        Eviction.ExpireAfterWrite => tile.Written < other.Written,
        Eviction.None or Eviction.Lru or Eviction.ExpireAfterAccess => tile.Used < other.Used || (tile.Used == other.Used && tile.Written < other.Written),
    };

    private static bool IsNewest(MemoryTile tile) => tile.Written == tile.Shard.Stored;
}
