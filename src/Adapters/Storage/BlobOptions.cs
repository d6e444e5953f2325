using System.ComponentModel.DataAnnotations;

namespace GeoWps.Adapters.Storage;

/// <summary>Section <c>Blobs</c>: where content is kept (results, parts of requests, files).</summary>
public sealed class BlobOptions
{
    public const string Section = "Blobs";

    /// <summary>Default: <see cref="BlobProvider.Postgres"/> where jobs are there (<see cref="StorageProvider.Postgres"/>), else <see cref="BlobProvider.File"/>.</summary>
    public BlobProvider? Provider { get; set; }

    /// <summary>MiB that <see cref="BlobProvider.Memory"/> holds in all before it refuses more. Default: 256.</summary>
    [Range(1, 65_536)]
    public int MemoryLimitMb { get; set; } = 256;
}

public enum BlobProvider
{
    /// <summary>Gone with the process.</summary>
    Memory,

    /// <summary>Files in the data directory.</summary>
    File,

    /// <summary>For a cluster.</summary>
    Postgres,
}
