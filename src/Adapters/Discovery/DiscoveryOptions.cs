namespace GeoWps.Adapters.Discovery;

/// <summary>Section <c>Discovery</c>: how nodes find each other.</summary>
public sealed class DiscoveryOptions
{
    public const string Section = "Discovery";

    /// <summary>Default: <see cref="RegistryProvider.Postgres"/> where <c>Storage:Provider</c> is, else <see cref="RegistryProvider.Static"/>.</summary>
    public RegistryProvider? Provider { get; set; }

    /// <summary>For <see cref="RegistryProvider.Static"/>: the nodes' addresses, scheme, host and port. Read again when the settings file changes. Default: none.</summary>
    public string[] Nodes { get; set; } = [];
}

/// <summary>Who knows which nodes there are.</summary>
public enum RegistryProvider
{
    /// <summary>The settings.</summary>
    Static,

    /// <summary>A Consul agent.</summary>
    Consul,

    /// <summary>The database of <c>Storage:ConnectionString</c>.</summary>
    Postgres,
}
