namespace GeoWps.Adapters.Execution.Workers;

/// <summary>The protocol of python/PROTOCOL.md; both halves are of one version.</summary>
internal static class Protocol
{
    public const int Version = 1;
}
