using System.Globalization;
using System.Runtime.InteropServices;
using GeoWps.Domain.Records;
using Microsoft.Data.Sqlite;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>Counts what records have of each value by the numbers of values that stand beside each of them: one pass, without sorting, over as much as fits.</summary>
internal sealed class RecordFacets
{
    private readonly Dictionary<int, long> _counts = [];

    /// <summary>Whether values of a property have numbers.</summary>
    public static bool Has(string name) => RecordProperties.Facets.Contains(name) || name.StartsWith(RecordProperties.SchemePrefix, StringComparison.Ordinal);

    /// <param name="codes">Of one record: numbers with a space between.</param>
    public void Add(ReadOnlySpan<char> codes)
    {
        var code = 0;
        foreach (var digit in codes)
        {
            if (digit == ' ')
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, code, out _)++;
                code = 0;
            }
            else
            {
                code = (code * 10) + digit - '0';
            }
        }

        if (codes.Length > 0)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, code, out _)++;
        }
    }

    /// <summary>For each property its values, most first; those of the same number by value.</summary>
    public Dictionary<string, IReadOnlyList<(string Value, long Count)>> Top(SqliteSession session, IReadOnlyCollection<string> names, int most)
    {
        var counted = session.All(
            "SELECT c.code, c.name, c.value FROM json_each(@codes) f CROSS JOIN record_codes c ON c.code = f.value",
            row => (Code: row.GetInt32(0), Name: row.GetString(1), Value: row.GetString(2)),
            ("@codes", $"[{string.Join(',', _counts.Keys.Select(code => code.ToString(CultureInfo.InvariantCulture)))}]")).ToLookup(one => one.Name, StringComparer.Ordinal);
        return names.ToDictionary(
            name => name,
            name => (IReadOnlyList<(string, long)>)
            [
                .. counted[name].Select(one => (one.Value, Count: _counts[one.Code])).OrderByDescending(one => one.Count).ThenBy(one => one.Value, StringComparer.Ordinal).Take(most),
            ],
            StringComparer.Ordinal);
    }
}
