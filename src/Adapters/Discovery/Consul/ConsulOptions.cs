using System.ComponentModel.DataAnnotations;

namespace GeoWps.Adapters.Discovery.Consul;

/// <summary>Section <c>Consul</c>: the agent that <see cref="RegistryProvider.Consul"/> speaks to.</summary>
public sealed class ConsulOptions
{
    public const string Section = "Consul";

    /// <summary>Of the agent. Default: <c>http://127.0.0.1:8500</c>.</summary>
    public string Address { get; set; } = "http://127.0.0.1:8500";

    /// <summary>ACL token: may write the service <c>geowps</c>, read it and its nodes. Never shown. Default: none.</summary>
    public string? Token { get; set; }

    /// <summary>In which nodes are looked for. Default: the agent's.</summary>
    public string? Datacenter { get; set; }

    /// <summary>Seconds from one check of <c>/health/ready</c> by the agent to the next. Default: 30.</summary>
    [Range(1, 3600)]
    public int IntervalSeconds { get; set; } = 30;

    /// <summary>Minutes after which the agent forgets a node whose check fails. Default: 10.</summary>
    [Range(1, 10_080)]
    public int DeregisterAfterMinutes { get; set; } = 10;
}
