namespace GeoWps.Domain.Layers;

/// <summary>Where a layer's data are.</summary>
public abstract record LayerSource
{
    private LayerSource(SourceKind kind) => Kind = kind;

    /// <summary>Switch on this, not on the type: the compiler checks an enum switch.</summary>
    public SourceKind Kind { get; }

    /// <summary>
    /// The folder, in the layer's own, that its data lie in; <see langword="null"/> where the server keeps none for it.
    /// </summary>
    public string? Folder => (this switch
    {
        GeoPackage { Path: var path } => path,
        Drawn { Path: var path } => path,
        Tiles { Path: var path } => path,
        _ => "/",
    }).Split('/', 2) is [{ Length: > 0 } folder, _] ? folder : null;

    /// <summary>The file that it was told to read in place; <see langword="null"/> where there is none.</summary>
    public string? FileInPlace => (this switch
    {
        GeoPackage { Path: var path } => path,
        Drawn { Path: var path } => path,
        Tiles { Path: var path } => path,
        _ => "",
    }) is ['/', ..] file ? file : null;

    /// <summary>
    /// A table of a GeoPackage that the server keeps for the layer (its own copy of a file or a job's result, with an R-tree), or that it was told to read in place.
    /// </summary>
    /// <param name="Path">A file; relative ones are in the layer's own folder of the data directory.</param>
    public sealed record GeoPackage(string Path, string Table) : LayerSource(SourceKind.GeoPackage);

    /// <summary>A table, view or query of PostGIS.</summary>
    /// <param name="Connection">The name of a connection in the settings; its secrets are never in a layer.</param>
    /// <param name="From">A table (<c>schema.table</c>), or a query in brackets.</param>
    public sealed record PostGis(string Connection, string From, string GeometryColumn, string? IdColumn, int Srid) : LayerSource(SourceKind.PostGis);

    /// <summary>A raster or a QGIS project that QGIS draws.</summary>
    /// <param name="Path">A file; relative ones are in the layer's own folder of the data directory.</param>
    public sealed record Drawn(string Path, DrawnKind What) : LayerSource(SourceKind.Drawn);

    /// <summary>Tiles of another server.</summary>
    /// <param name="Template">Its address with <c>{z}</c> <c>{x}</c> <c>{y}</c> (or <c>{-y}</c>), or <c>{TileMatrix}</c> <c>{TileRow}</c> <c>{TileCol}</c>.</param>
    /// <param name="Matrices">Ids of the other server's matrices by our position, where they are not the same as ours.</param>
    public sealed record Upstream(UpstreamKind Protocol, string Template, string TileMatrixSet, IReadOnlyList<string>? Matrices = null) : LayerSource(SourceKind.Upstream);

    /// <summary>Tiles that were made before: an MBTiles or PMTiles file of this layer, which its ending tells.</summary>
    public sealed record Tiles(string Path) : LayerSource(SourceKind.Tiles)
    {
        public bool IsPmTiles => Path.EndsWith(".pmtiles", StringComparison.Ordinal);
    }
}

public enum SourceKind
{
    GeoPackage,
    PostGis,
    Drawn,
    Upstream,
    Tiles,
}

public enum DrawnKind
{
    Raster,
    Project,
}

public enum UpstreamKind
{
    Xyz,
    Tms,
    Wmts,
}
