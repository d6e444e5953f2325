using System.Runtime.InteropServices;
using GeoWps.Domain.Records;

namespace GeoWps.Adapters.Storage.Records;

/// <summary>Counts what records have of each value by the numbers of values that stand beside each of them: one pass, without sorting, over as much as fits.</summary>
internal sealed class RecordFacets
{
    private readonly Dictionary<int, long> _counts = [];

    /// <summary>Whether values of a property have numbers.</summary>
    public static bool Has(string name) => RecordProperties.Facets.Contains(name) || name.StartsWith(RecordProperties.SchemePrefix, StringComparison.Ordinal);

    /// <summary>The numbers of values that were counted.</summary>
    public IReadOnlyCollection<int> Codes => _counts.Keys;

    /// <param name="codes">Of a record: numbers with a space between.</param>
    /// <param name="records">How many have these.</param>
    public void Add(ReadOnlySpan<char> codes, long records = 1)
    {
        var code = 0;
        foreach (var digit in codes)
        {
            if (digit == ' ')
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, code, out _) += records;
                code = 0;
            }
            else
            {
                code = (code * 10) + digit - '0';
            }
        }

        if (codes.Length > 0)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, code, out _) += records;
        }
    }

    /// <summary>For each property its values, most first; those of the same number by value.</summary>
    /// <param name="values">What the numbers stand for.</param>
    public Dictionary<string, IReadOnlyList<(string Value, long Count)>> Top(IEnumerable<(int Code, string Name, string Value)> values, IReadOnlyCollection<string> names, int most)
    {
        var counted = values.ToLookup(one => one.Name, StringComparer.Ordinal);
        return names.ToDictionary(
            name => name,
            name => (IReadOnlyList<(string, long)>)
            [
                .. counted[name].Select(one => (one.Value, Count: _counts[one.Code])).OrderByDescending(one => one.Count).ThenBy(one => one.Value, StringComparer.Ordinal).Take(most),
            ],
            StringComparer.Ordinal);
    }
}
