using System.Text.Json.Serialization;

namespace GeoWps.Adapters.Discovery.Consul;

/// <summary>The body of <c>PUT /v1/agent/service/register</c>.</summary>
/// <param name="Address">Host alone.</param>
internal sealed record ConsulRegistration(
    [property: JsonPropertyName("ID")] string Id, string Name, string Address, int Port, IReadOnlyList<string> Tags, IReadOnlyDictionary<string, string> Meta, ConsulCheck Check);

/// <param name="Http">The agent asks there; only an answer 2xx is a pass.</param>
/// <param name="Interval">A duration as in <c>30s</c>.</param>
/// <param name="Status">Until the first check.</param>
internal sealed record ConsulCheck(string Name, [property: JsonPropertyName("HTTP")] string Http, string Interval, string Timeout, string DeregisterCriticalServiceAfter, string Status);

/// <summary>A service, as the agent and the health endpoint show it.</summary>
/// <param name="Meta">What a service of ours says of itself: <c>name</c>, <c>address</c>, <c>version</c>.</param>
/// <param name="CreateIndex">The later registration has the greater one; 0 where an agent shows it.</param>
internal sealed record ConsulService(
    [property: JsonPropertyName("ID")] string Id, string? Service, string? Address, int Port, IReadOnlyList<string>? Tags, IReadOnlyDictionary<string, string>? Meta, ulong CreateIndex = 0);

/// <summary>An item of <c>GET /v1/health/service/&lt;name&gt;</c>; the node's address stands for that of a service without one.</summary>
internal sealed record ConsulInstance(ConsulHost? Node, ConsulService? Service);

internal sealed record ConsulHost(string? Address);

[JsonSerializable(typeof(ConsulRegistration))]
[JsonSerializable(typeof(ConsulInstance[]))]
[JsonSerializable(typeof(Dictionary<string, ConsulService>))]
internal sealed partial class ConsulJson : JsonSerializerContext;
