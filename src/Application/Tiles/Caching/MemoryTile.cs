using GeoWps.Domain.Caching;

namespace GeoWps.Application.Tiles.Caching;

/// <summary>A tile in memory with what eviction goes by. Readers change it without a lock: a use that gets lost in a race does no harm.</summary>
internal sealed class MemoryTile(in TileKey key, StoredTile tile, LevelScope scope, MemoryShard shard)
{
    public readonly TileKey Key = key;

    public readonly StoredTile Tile = tile;

    public readonly LevelScope Scope = scope;

    public readonly MemoryShard Shard = shard;

    public readonly int Bytes = tile.Content.Length + MemoryTiles.Overhead;

    /// <summary>Position among the tiles of its shard; -1 when it went.</summary>
    public int Slot = -1;

    /// <summary>By the shard's count of stored tiles, or by the clock where tiles expire.</summary>
    public long Used;

    /// <summary>Like <see cref="Used"/>.</summary>
    public long Written;

    /// <summary>When <see cref="Uses"/> was halved.</summary>
    public long Aged;

    public int Uses;
}
