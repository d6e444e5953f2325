namespace GeoWps.Domain.Caching;

/// <summary>What each of several parts of a cache gives when all of them together have to become smaller.</summary>
public static class EvictionShares
{
    /// <summary>The largest parts give until they are of one size; what is smaller than that keeps all it has, so that no part is emptied for the sake of another.</summary>
    /// <param name="sizes">In bytes, the largest first.</param>
    /// <param name="bytes">That have to go.</param>
    /// <returns>Bytes of each part, in the same order; together <paramref name="bytes"/> or up to a byte a part more, and all there is where that is less.</returns>
    public static long[] Of(IReadOnlyList<long> sizes, long bytes)
    {
        var (largest, size) = (0L, 0L);
        for (var i = 0; i < sizes.Count; i++)
        {
            largest += sizes[i];
            if (largest - ((i + 1) * (i + 1 < sizes.Count ? sizes[i + 1] : 0)) >= bytes)
            {
                size = (largest - bytes) / (i + 1);
                break;
            }
        }

        return [.. sizes.Select(all => Math.Max(0, all - size))];
    }
}
