using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;

namespace GeoWps.Application.Ports;

/// <summary>Looks at files of features that a layer could be served from.</summary>
public interface IVectorStores
{
    /// <param name="path">Absolute. It may be of a stranger: nothing in it is run, and it is not changed.</param>
    /// <param name="table">When not given, the only one of features, or the first.</param>
    Task<VectorInspection> InspectAsync(string path, string? table, CancellationToken cancellationToken);

    /// <summary>
    /// Copies a file; a database that another program may have open with what stands in its log. The copy has no log and needs none to be read.
    /// </summary>
    Task CopyAsync(string path, string copy, CancellationToken cancellationToken);
}

public abstract record VectorInspection
{
    private VectorInspection()
    {
    }

    public sealed record Found(VectorTable Table) : VectorInspection;

    /// <summary>A GeoPackage that can't be a layer: why; safe to show.</summary>
    public sealed record Refused(string Message) : VectorInspection;

    /// <summary>Something else, by its first bytes.</summary>
    public sealed record Other(DataFileKind Kind) : VectorInspection;
}

public enum DataFileKind
{
    /// <summary>Features in another format, or nothing that is known.</summary>
    Unknown,

    /// <summary>A SQLite file that is no GeoPackage of features: tiles, perhaps.</summary>
    Sqlite,

    GeoTiff,

    /// <summary>PMTiles.</summary>
    PmTiles,

    /// <summary>A QGIS project, as XML or packed.</summary>
    Project,
}

/// <summary>A table of features in a GeoPackage (OGC 12-128r18).</summary>
/// <param name="Title">As the file calls it; the table's name where it does not.</param>
/// <param name="Unfit">Why it can't be served as it is, such as that it has no R-tree; <see langword="null"/> when it can.</param>
/// <param name="Crs"><see langword="null"/> when it has no name in a register.</param>
/// <param name="Extent">In that CRS, x before y; empty where there are no geometries.</param>
/// <param name="GeometryType">As <see cref="LayerContents.GeometryType"/>.</param>
public sealed record VectorTable(
    string Name, string Title, string GeometryColumn, string? Unfit, Crs? Crs, Extent Extent, string? GeometryType, long FeatureCount, IReadOnlyList<LayerField> Fields)
{
    /// <summary>What the file calls the CRS, for messages.</summary>
    public string CrsName { get; init; } = Crs?.ToString() ?? "a coordinate reference system without a name";
}
