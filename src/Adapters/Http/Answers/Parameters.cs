using System.Globalization;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>Query parameters that several resources take.</summary>
internal static class Parameters
{
    /// <summary>A page's size: from 1; more than there may be is as many as there may be.</summary>
    /// <returns>What is wrong with it, or <see langword="null"/>.</returns>
    public static Mistake? Limit(IQueryCollection query, int standard, int most, out int limit)
    {
        limit = standard;
        if (!query.TryGetValue("limit", out var values))
        {
            return null;
        }

        if (values.Count == 1 && long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked >= 1)
        {
            limit = (int)Math.Min(asked, most);
            return null;
        }

        return new Mistake("limit", $"a whole number from 1 to {most} is required");
    }

    /// <summary>Where a standard has it that what is not in the API definition is a mistake: OGC API - Features 1.0, 7.10.</summary>
    /// <returns>A mistake for each parameter that is none of these.</returns>
    public static IReadOnlyList<Mistake> Unknown(IQueryCollection query, params string[] known) =>
        [.. query.Keys.Except(known, StringComparer.Ordinal).Select(name => new Mistake(name, $"there is no such parameter; there are: {string.Join(", ", known)}"))];

    /// <summary>The values of a list, repeated (<c>a=1&amp;a=2</c>) or separated by commas (<c>a=1,2</c>).</summary>
    public static IEnumerable<string> List(IQueryCollection query, string name) =>
        query[name].SelectMany(text => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
