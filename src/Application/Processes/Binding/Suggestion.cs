namespace GeoWps.Application.Processes.Binding;

/// <summary>Which name somebody may have meant.</summary>
internal static class Suggestion
{
    private const int MaxLength = 100;

    /// <returns>A sentence to append, or an empty text.</returns>
    public static string For(string name, IEnumerable<string> known)
    {
        var (best, least) = ("", int.MaxValue);
        foreach (var candidate in known)
        {
            var distance = Distance(name, candidate);
            if (distance < least)
            {
                (best, least) = (candidate, distance);
            }
        }

        return least <= Math.Max(1, name.Length / 3) && least < name.Length ? $"; did you mean {best}?" : "";
    }

    /// <summary>Insertions, deletions and replacements, without regard to case.</summary>
    private static int Distance(string one, string other)
    {
        if (one.Length > MaxLength || other.Length > MaxLength)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
