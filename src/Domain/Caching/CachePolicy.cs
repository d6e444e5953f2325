namespace GeoWps.Domain.Caching;

/// <summary>Which tile goes when there is no room for another.</summary>
public enum Eviction
{
    /// <summary>None: what is kept stays, and a tile that finds no room is not kept.</summary>
    None,

    /// <summary>The one that was used longest ago.</summary>
    Lru,

    /// <summary>The one that was used least often; uses long ago count less and less.</summary>
    Lfu,

    /// <summary>Tiles go some time after they were stored; without room, the one stored first.</summary>
    ExpireAfterWrite,

    /// <summary>Tiles go when nobody used them for some time; without room, the one that was used longest ago.</summary>
    ExpireAfterAccess,
}

/// <summary>What a cache keeps, and how long.</summary>
/// <param name="LimitBytes">That all tiles may take with what the cache needs to find them; at least 0.</param>
/// <param name="Expiry">Of the two evictions by time.</param>
public sealed record CachePolicy(Eviction Eviction, long LimitBytes, TimeSpan Expiry);
