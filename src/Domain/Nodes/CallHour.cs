namespace GeoWps.Domain.Nodes;

/// <summary>What was asked of one operation on one node within an hour.</summary>
/// <param name="Hour">Its beginning, UTC.</param>
/// <param name="Operation">Method and path template: <c>GET /collections/{layer}/tiles</c>.</param>
/// <param name="Node">The node's name, which stays over restarts.</param>
/// <param name="Failures">No answer, or one of 500 and more.</param>
/// <param name="Retries">Calls that came here because another node had failed.</param>
/// <param name="Bytes">Of answers.</param>
/// <param name="Durations">Calls by steps of <see cref="DurationHistogram"/>.</param>
public sealed record CallHour(
    DateTimeOffset Hour, string Service, string Operation, string Node, long Calls, long Failures, long Retries, long Bytes, IReadOnlyDictionary<int, long> Durations);
