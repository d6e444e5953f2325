using System.ComponentModel.DataAnnotations;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>Section <c>VectorTiles</c>: vector tiles that are made of this server's own data.</summary>
public sealed class VectorTilesOptions
{
    public const string Section = "VectorTiles";

    /// <summary>
    /// MiB for layers that are kept in memory, with what was simplified for single levels; the least used go first. A layer that needs more by itself is read
    /// from its file for every metatile. 0 keeps none. Default: 256.
    /// </summary>
    [Range(0, 65536)]
    public int MemoryMb { get; set; } = 256;
}
