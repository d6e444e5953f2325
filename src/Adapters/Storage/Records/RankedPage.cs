using GeoWps.Application.Ports;
using GeoWps.Domain.Records.Words;

namespace GeoWps.Adapters.Storage.Records;

/// <summary>A record that fits the words, before its document is read.</summary>
internal sealed record Candidate(long Key, string Id, double Rank);

/// <summary>
/// The order of what fits words. Up to <see cref="Weighed"/> are weighed and sorted by rank; where more fit, these are the likeliest (all words in the title before the rest, short titles before
/// long ones), and the others follow them in that order.
/// </summary>
internal static class RankedPage
{
    public const int Weighed = 500;

    public static double Rank(byte[] weights, SearchText search) => WordWeights.Rank(weights, search);

    /// <summary>By rank; ids break ties.</summary>
    public static List<Candidate> Sort(IEnumerable<Candidate> candidates) => [.. candidates.OrderByDescending(one => one.Rank).ThenBy(one => one.Id, StringComparer.Ordinal)];

    /// <returns>The part of the page that is among those weighed, and where in the rest it goes on.</returns>
    public static (List<Candidate> Shown, int RestOffset, int RestLimit) Divide(List<Candidate> sorted, RecordQuery query)
    {
        List<Candidate> shown = [.. sorted.Skip(query.Offset).Take(query.Limit)];
        return sorted.Count < Weighed ? (shown, 0, 0) : (shown, Math.Max(0, query.Offset - sorted.Count), query.Limit - shown.Count);
    }
}
