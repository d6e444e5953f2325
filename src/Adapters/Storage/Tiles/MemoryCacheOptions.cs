using System.ComponentModel.DataAnnotations;
using GeoWps.Domain.Caching;

namespace GeoWps.Adapters.Storage.Tiles;

/// <summary>Section <c>Cache:Memory</c>: the level above.</summary>
public sealed class MemoryCacheOptions
{
    public const string Section = "Cache:Memory";

    /// <summary>Default: <see langword="true"/>.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>MiB that tiles take in all, with what is needed to find them. Default: 256.</summary>
    [Range(1, 1_048_576)]
    public int LimitMb { get; set; } = 256;

    /// <summary>Default: <see cref="Eviction.Lru"/>.</summary>
    public Eviction Eviction { get; set; } = Eviction.Lru;

    /// <summary>Of the two evictions by time, seconds. Default: 3600.</summary>
    [Range(1, 31_536_000)]
    public int ExpirySeconds { get; set; } = 3600;
}
