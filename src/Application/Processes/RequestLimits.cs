namespace GeoWps.Application.Processes;

/// <summary>Section <c>Limits</c>: how large what callers send may be, in bytes.</summary>
public sealed record RequestLimits
{
    public const string Section = "Limits";

    /// <summary>A request's body; more is refused with 413. Default: 1 GiB.</summary>
    public long MaxBodyBytes { get; set; } = 1L << 30;
}
