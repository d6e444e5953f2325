namespace GeoWps.Adapters.Storage.Tiles;

/// <summary>Section <c>Cache</c>: whether and where made tiles are kept. Any combination of the two levels, none included.</summary>
public sealed class CacheOptions
{
    public const string Section = "Cache";

    /// <summary>Default: <see langword="true"/>.</summary>
    public bool Enabled { get; set; } = true;

    public MemoryCacheOptions Memory { get; } = new();

    public PersistentCacheOptions Persistent { get; } = new();
}
