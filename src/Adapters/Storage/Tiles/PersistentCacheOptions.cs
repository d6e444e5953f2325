using System.ComponentModel.DataAnnotations;
using GeoWps.Domain.Caching;

namespace GeoWps.Adapters.Storage.Tiles;

/// <summary>Section <c>Cache:Persistent</c>: the level below, which outlives a restart.</summary>
public sealed class PersistentCacheOptions
{
    public const string Section = "Cache:Persistent";

    /// <summary>Default: <see langword="true"/>.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Default: <see cref="TileStoreProvider.Postgres"/> where <see cref="StorageOptions.Provider"/> is PostgreSQL, so that nodes share what is made; else <see cref="TileStoreProvider.Pack"/>.</summary>
    public TileStoreProvider? Provider { get; set; }

    /// <summary>Of <see cref="TileStoreProvider.File"/>. Default: <see cref="PathLayout.Default"/>.</summary>
    public PathLayout PathLayout { get; set; } = PathLayout.Default;

    /// <summary>MiB that tiles may take in all; the least used go. Default: 0, no limit.</summary>
    [Range(0, 1_073_741_824)]
    public int QuotaMb { get; set; }

    /// <summary>Default: <c>tiles</c> in the data directory. Relative to the folder that the server is started in.</summary>
    public string? Directory { get; set; }

    /// <summary>Whether <see cref="TileStoreProvider.GeoPackage"/> has a file a level, not one for all. Default: <see langword="false"/>.</summary>
    public bool GeoPackagePerLevel { get; set; }
}

public enum TileStoreProvider
{
    /// <summary>Few large files with an index.</summary>
    Pack,

    /// <summary>A file a tile, in a layout that others know.</summary>
    File,

    /// <summary>SQLite files that others open.</summary>
    GeoPackage,

    /// <summary>For a cluster.</summary>
    Postgres,
}
