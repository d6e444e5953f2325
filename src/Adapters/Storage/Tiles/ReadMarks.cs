using GeoWps.Domain.Caching;

namespace GeoWps.Adapters.Storage.Tiles;

/// <summary>Which tiles were read since it was cleared: a bit each, which some share. A hint of what is used, for nearly nothing.</summary>
internal sealed class ReadMarks
{
    private readonly int[] _bits = new int[1 << 15];

    public void Set(in TileKey key)
    {
        var hash = (uint)key.GetHashCode();
        ref var word = ref _bits[(hash >> 5) % (uint)_bits.Length];
        var bit = 1 << (int)(hash & 31);
        if ((word & bit) == 0)
        {
            // One that gets lost in a race does no harm.
            word |= bit;
        }
    }

    public bool Has(in TileKey key)
    {
        var hash = (uint)key.GetHashCode();
        return (_bits[(hash >> 5) % (uint)_bits.Length] & (1 << (int)(hash & 31))) != 0;
    }

    public void Clear() => Array.Clear(_bits);
}
