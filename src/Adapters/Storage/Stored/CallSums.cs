using GeoWps.Domain.Nodes;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>Figures of several who counted, as one.</summary>
internal static class CallSums
{
    /// <returns>One of each hour, service, operation and node, in that order.</returns>
    public static IReadOnlyList<CallHour> Of(IEnumerable<CallHour> figures) =>
    [
        .. figures.GroupBy(one => (one.Hour, one.Service, one.Operation, one.Node), (_, same) => same.Aggregate(Of))
            .OrderBy(one => one.Hour).ThenBy(one => one.Service, StringComparer.Ordinal).ThenBy(one => one.Operation, StringComparer.Ordinal).ThenBy(one => one.Node, StringComparer.Ordinal),
    ];

    public static CallHour Of(CallHour one, CallHour other) => one with
    {
        Calls = one.Calls + other.Calls,
        Failures = one.Failures + other.Failures,
        Retries = one.Retries + other.Retries,
        Bytes = one.Bytes + other.Bytes,
        Durations = one.Durations.Concat(other.Durations).GroupBy(step => step.Key, step => step.Value).ToDictionary(step => step.Key, step => step.Sum()),
    };
}
