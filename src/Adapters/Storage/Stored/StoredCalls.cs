using System.Globalization;
using System.Text.Json.Serialization;
using GeoWps.Domain.Nodes;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>What one run of a gateway has counted in one hour, as it is stored.</summary>
internal sealed record StoredCalls
{
    public required string Id { get; init; }

    public required DateTimeOffset Hour { get; init; }

    public required StoredOperation[] Operations { get; init; }

    public static string IdOf(DateTimeOffset hour, string run) => string.Create(CultureInfo.InvariantCulture, $"{hour.UtcDateTime:yyyy-MM-ddTHH}/{run}");

    public static StoredCalls Of(string id, DateTimeOffset hour, IEnumerable<CallHour> figures) => new()
    {
        Id = id,
        Hour = hour.ToUniversalTime(),
        Operations =
        [
            .. figures.Select(one => new StoredOperation(one.Service, one.Operation, one.Node, one.Calls, one.Failures, one.Retries, one.Bytes, one.Durations.ToDictionary())),
        ],
    };

    public IEnumerable<CallHour> ToDomain() => Operations.Select(one =>
        new CallHour(Hour, one.Service, one.Operation, one.Node, one.Calls, one.Failures, one.Retries, one.Bytes, one.Durations));
}

internal sealed record StoredOperation(
    string Service, string Operation, string Node, long Calls, long Failures, long Retries, long Bytes, Dictionary<int, long> Durations);

[JsonSerializable(typeof(StoredCalls))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class StoredCallsContext : JsonSerializerContext;
