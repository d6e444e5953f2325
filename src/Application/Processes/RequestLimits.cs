using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace GeoWps.Application.Processes;

/// <summary>Section <c>Limits</c>: how large what callers send or refer to may be, and how long it may take to fetch.</summary>
public sealed record RequestLimits
{
    public const string Section = "Limits";

    /// <summary>Strings and arrays of a request beyond this are kept outside it. Not a setting: stored jobs rely on it being small.</summary>
    public const int AttachmentThreshold = 64 * 1024;

    /// <summary>Levels of nesting of a request's JSON.</summary>
    public const int MaxDepth = 64;

    /// <summary>How a request is read again that was taken in: its large parts stand as markers, which are one level deeper than what they stand for.</summary>
    public static readonly JsonDocumentOptions Reading = new() { MaxDepth = MaxDepth + 1 };

    /// <summary>Bytes of the body of a request by which a reference is fetched; it is whole in memory.</summary>
    public const int LargestReferenceBody = 256 * 1024;

    /// <summary>A request's body; more is refused with 413. Default: 1 GiB.</summary>
    [Range(1024L, 1L << 40)]
    public long MaxBodyBytes { get; set; } = 1L << 30;

    /// <summary>What is left of a request without its large strings and arrays; it is whole in memory. Default: 4 MiB.</summary>
    [Range(1024, 256 * 1024 * 1024)]
    public int MaxReducedBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>A process that is deployed, package and unit; it is whole in memory. Default: 4 MiB.</summary>
    [Range(1024, 256 * 1024 * 1024)]
    public int MaxPackageBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>One input's content, inline or fetched. Default: 1 GiB.</summary>
    [Range(1024L, 1L << 40)]
    public long MaxInputBytes { get; set; } = 1L << 30;

    /// <summary>How deep executions may be nested in one request. Default: 16.</summary>
    [Range(1, 24)]
    public int MaxChainDepth { get; set; } = 16;

    /// <summary>Executions in one request. Default: 100.</summary>
    [Range(1, 10_000)]
    public int MaxChainSteps { get; set; } = 100;

    /// <summary>Tiles that one job may seed or export; a larger one is refused with the count. Default: 10,000,000.</summary>
    [Range(1L, 1L << 50)]
    public long SeedTiles { get; set; } = 10_000_000;

    /// <summary>Seconds that fetching one input by reference may take, redirects included. Default: 60.</summary>
    [Range(1, 86_400)]
    public int FetchSeconds { get; set; } = 60;
}
