using System.ComponentModel.DataAnnotations;

namespace GeoWps.Adapters.Storage;

/// <summary>Section <c>Storage</c>: where jobs are kept.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>Default: <see cref="StorageProvider.Sqlite"/>.</summary>
    public StorageProvider Provider { get; set; } = StorageProvider.Sqlite;

    /// <summary>Of PostgreSQL; SQLite needs none. Never shown.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Seconds that a start waits for PostgreSQL before it ends. Default: 60.</summary>
    [Range(0, 3600)]
    public int WaitSeconds { get; set; } = 60;
}

public enum StorageProvider
{
    /// <summary>A file in the data directory: for one node.</summary>
    Sqlite,

    /// <summary>For a cluster.</summary>
    Postgres,
}
