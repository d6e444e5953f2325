using System.Text.Json;
using System.Text.RegularExpressions;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Recall;

/// <summary>Finds expressions in a request that give something else each time: the time, chance, new ids. A text that only looks like one is no harm.</summary>
internal static partial class VolatileText
{
    public static bool IsIn(ExecuteRequest request) => request.Inputs.Values.SelectMany(values => values).Any(value => value is InputValue.Inline inline && IsIn(inline.Json));

    private static bool IsIn(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => Call().IsMatch(json.GetString()!),
        JsonValueKind.Object => json.EnumerateObject().Any(member => IsIn(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().Any(IsIn),
        _ => false,
    };

    [GeneratedRegex(@"\b(now|rand|randf|uuid)\s*\(|\$now\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Call();
}
