using System.Buffers.Binary;

namespace GeoWps.Domain.Records.Words;

/// <summary>Reads the weights of a record's words (<see cref="IndexedRecord.Weights"/>).</summary>
public static class WordWeights
{
    /// <summary>Bytes of one.</summary>
    internal const int EntryBytes = 5;

    /// <summary>Of a word that is there, however far back; of 255.</summary>
    internal const byte Least = 12;

    /// <summary>How well a record fits a search that it is known to fit, 0 (not included) to 1: the mean over what is asked for; of alternatives the best.</summary>
    public static double Rank(ReadOnlySpan<byte> weights, SearchText search)
    {
        var best = 0.0;
        foreach (var alternative in search.Alternatives)
        {
            var sum = 0.0;
            foreach (var unit in alternative)
            {
                sum += Of(weights, unit);
            }

            best = Math.Max(best, sum / alternative.Count);
        }

        return Math.Round(best / byte.MaxValue, 4);
    }

    internal static uint Hash(ReadOnlySpan<char> word)
    {
        // FNV-1a, 32 bits, over UTF-16 units: it is stored, so it must not be the framework's.
        var hash = 2166136261;
        foreach (var unit in word)
        {
            hash = (hash ^ unit) * 16777619;
        }

        return hash;
    }

    private static double Of(ReadOnlySpan<byte> weights, SearchUnit unit)
    {
        var sum = 0.0;
        foreach (var hash in unit.Hashes)
        {
            sum += Find(weights, hash);
        }

        return sum / unit.Hashes.Count;
    }

    private static byte Find(ReadOnlySpan<byte> weights, uint hash)
    {
        var (low, high) = (0, (weights.Length / EntryBytes) - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = BinaryPrimitives.ReadUInt32BigEndian(weights[(middle * EntryBytes)..]);
            if (found == hash)
            {
                return weights[(middle * EntryBytes) + 4];
            }

            (low, high) = found < hash ? (middle + 1, high) : (low, middle - 1);
        }

        return Least;
    }
}
