namespace GeoWps.Application.Tiles.Caching;

/// <summary>A part of the tiles in memory with a lock of its own, for those who change something. Members are to be called under <see cref="Lock"/>.</summary>
internal sealed class MemoryShard(uint seed)
{
    private MemoryTile[] _tiles = new MemoryTile[16];
    private uint _random = seed | 1;

    public readonly Lock Lock = new();

    /// <summary>Changes of each key; some keys have the same number.</summary>
    public readonly int[] Versions = new int[256];

    /// <summary>Tiles stored so far: the clock of Lru and Lfu, that costs nothing to read.</summary>
    public long Stored;

    public int Count { get; private set; }

    /// <summary>Tiles that are still to be looked at, after something was emptied.</summary>
    public int ToSweep { get; set; }

    public int Cursor { get; set; }

    public MemoryTile this[int slot] => _tiles[slot];

    public void Add(MemoryTile tile)
    {
        if (Count == _tiles.Length)
        {
            Array.Resize(ref _tiles, Count * 2);
        }

        tile.Slot = Count;
        _tiles[Count++] = tile;
    }

    public void Remove(MemoryTile tile)
    {
        var last = _tiles[--Count];
        _tiles[tile.Slot] = last;
        last.Slot = tile.Slot;
        tile.Slot = -1;
        _tiles[Count] = null!;
    }

    /// <summary>A tile by chance.</summary>
    public MemoryTile Any()
    {
        // Marsaglia's xorshift: nobody guards secrets with it.
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        return _tiles[(int)((ulong)_random * (uint)Count >> 32)];
    }
}
