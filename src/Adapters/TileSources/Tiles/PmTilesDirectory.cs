namespace GeoWps.Adapters.TileSources.Tiles;

/// <summary>Where a tile, or a leaf directory, is.</summary>
/// <param name="TileId">Of the first tile.</param>
/// <param name="Offset">In the tiles, or in the leaves.</param>
/// <param name="Run">Tiles that have it, from the first on; 0 for a leaf.</param>
internal readonly record struct PmTilesEntry(long TileId, long Offset, int Length, long Run);

/// <summary>A directory of PMTiles 3, unpacked: its number of entries, then column by column.</summary>
internal static class PmTilesDirectory
{
    /// <summary>A leaf of usual writers has 4,096.</summary>
    private const int MostEntries = 1 << 20;

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static PmTilesEntry[] Read(ReadOnlySpan<byte> bytes)
    {
        // Each entry takes four bytes at least: what is made room for was paid for.
        var count = Number(ref bytes);
        if (count is <= 0 or > MostEntries || count > bytes.Length / 4)
        {
            throw new InvalidDataException("a directory has no entries, or too many");
        }

        var (ids, runs, lengths) = (new long[count], new long[count], new int[count]);
        var id = 0L;
        for (var i = 0; i < count; i++)
        {
            id = checked(id + Number(ref bytes));
            ids[i] = i == 0 || id > ids[i - 1] ? id : throw new InvalidDataException("the entries of a directory are not in order");
        }

        foreach (ref var run in runs.AsSpan())
        {
            run = Number(ref bytes);
        }

        foreach (ref var length in lengths.AsSpan())
        {
            length = Number(ref bytes) is > 0 and <= int.MaxValue and var number ? (int)number : throw new InvalidDataException("an entry has no length");
        }

        var entries = new PmTilesEntry[count];
        for (var i = 0; i < count; i++)
        {
            // 0: it follows the one before.
            var offset = Number(ref bytes) is > 0 and var stated ? stated - 1 : i > 0 ? checked(entries[i - 1].Offset + entries[i - 1].Length) : throw new InvalidDataException("the first entry follows none");
            entries[i] = new PmTilesEntry(ids[i], offset, lengths[i], runs[i]);
        }

        return entries;
    }

    /// <returns>The last entry that begins at a tile or before it.</returns>
    public static PmTilesEntry? Find(PmTilesEntry[] entries, long tileId)
    {
        var (low, high) = (0, entries.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (entries[middle].TileId <= tileId)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high >= 0 ? entries[high] : null;
    }

    /// <summary>LEB128; none that is needed has more than 63 bits.</summary>
    private static long Number(ref ReadOnlySpan<byte> bytes)
    {
        var number = 0L;
        for (var shift = 0; shift < 63; shift += 7)
        {
            if (bytes.IsEmpty)
            {
                throw new InvalidDataException("a directory ends too soon");
            }

            var next = bytes[0];
            bytes = bytes[1..];
            number |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }

        throw new InvalidDataException("a directory has a number that is too large");
    }
}
