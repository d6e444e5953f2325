namespace GeoWps.Application;

/// <summary>Section <c>Security</c>.</summary>
public sealed class SecurityOptions
{
    public const string Section = "Security";

    /// <summary>
    /// Switches on the algorithms, parameters and expressions that are off by default, for a server that only its own people reach. Destinations, sources,
    /// connections and drivers stay closed. Default: false.
    /// </summary>
    public bool TrustCallers { get; set; }
}
