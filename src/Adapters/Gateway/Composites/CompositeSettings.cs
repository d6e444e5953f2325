using GeoWps.Application.Nodes;

namespace GeoWps.Adapters.Gateway.Composites;

/// <summary>One of <c>Gateway:Composites</c>.</summary>
public sealed class CompositeSettings
{
    /// <summary>Of which service all nodes are asked.</summary>
    public string Service { get; set; } = "";

    /// <summary>What they are asked for. The caller's parameters are added.</summary>
    public string Path { get; set; } = "";

    /// <summary>How one answer is made of theirs. Default: <see cref="MergeKind.Features"/>.</summary>
    public MergeKind Merge { get; set; } = MergeKind.Features;
}
