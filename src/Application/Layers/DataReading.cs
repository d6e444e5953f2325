using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Layers;

/// <summary>Tells what a file is as a layer: what can be served as it is, what has to be made a GeoPackage first, and what can't be one.</summary>
/// <param name="transforms">Without them only data in degrees are served as they are.</param>
/// <param name="drawn"><see langword="null"/> where there is no QGIS.</param>
public sealed class DataReading(
    IVectorStores vectors, ICoordinateTransforms? transforms = null, IDrawnInspector? drawn = null, ITileArchives? archives = null)
{
    /// <summary>How fields are called that say when.</summary>
    private static readonly string[] _timeNames =
        ["datetime", "date_time", "time", "date", "timestamp", "observed", "observation_time", "phenomenontime", "valid_time", "start", "begin", "created", "updated"];

    /// <param name="isOperators">It is a file of the operator's and stays where it is, so that it may name others beside it.</param>
    public async Task<DataOutcome> ReadAsync(string path, string? table, bool isOperators, CancellationToken cancellationToken) =>
        await vectors.InspectAsync(path, table, cancellationToken) switch
        {
            VectorInspection.Found(var found) => OfTable(found),
            VectorInspection.Refused(var message) => new DataOutcome.Refused(message),
            VectorInspection.Other(DataFileKind.Sqlite or DataFileKind.PmTiles) => await ArchiveAsync(path, cancellationToken),
            VectorInspection.Other(DataFileKind.GeoTiff) => await DrawnAsync(path, DrawnKind.Raster, "data.tif", isOperators, cancellationToken),
            VectorInspection.Other(DataFileKind.Project) => isOperators
                ? await DrawnAsync(path, DrawnKind.Project, "data.qgs", isOperators, cancellationToken)
                : new DataOutcome.Refused("is a QGIS project, which names other files: it is published from a folder of Layers:Folders"),
            _ => new DataOutcome.Convert(Reproject: false),
        };

    private DataOutcome OfTable(VectorTable table)
    {
        // A CRS without a name, or one whose coordinates can't be changed here, becomes degrees.
        if (table.Crs is not { } crs || InDegrees(table.Extent, crs) is not { } extent)
        {
            return new DataOutcome.Convert(Reproject: true) { CrsName = table.CrsName };
        }

        if (table.Unfit is not null)
        {
            return new DataOutcome.Convert(Reproject: false);
        }

        return new DataOutcome.Ready(new DataFacts(
            "data.gpkg",
            path => new LayerSource.GeoPackage(path, table.Name),
            new LayerContents
            {
                Kind = LayerKind.Vector,
                Crs = crs,
                Extent = extent,
                GeometryType = table.GeometryType,
                FeatureCount = table.FeatureCount,
                Fields = table.Fields,
                TimeField = TimeFieldOf(table.Fields),
            })
        {
            Title = table.Title,
        });
    }

    /// <returns><see langword="null"/> when it is not known how.</returns>
    private Extent? InDegrees(Extent extent, Crs crs) =>
        crs.SameAs(Crs.Crs84) ? extent.IsEmpty ? extent : extent.Meet(Extent.World)
        : extent.IsEmpty ? transforms?.Between(crs, Crs.Crs84) is null ? null : extent
        : transforms?.Extent(extent, crs, Crs.Crs84);

    /// <summary>The field of dates that is called as if it said when, else the only one.</summary>
    public static string? TimeFieldOf(IReadOnlyList<LayerField> fields)
    {
        LayerField[] dates = [.. fields.Where(field => field.Format is not null)];
        return _timeNames.Select(name => dates.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Name).FirstOrDefault(name => name is not null)
            ?? (dates is [var only] ? only.Name : null);
    }

    private async Task<DataOutcome> DrawnAsync(string path, DrawnKind what, string name, bool isOperators, CancellationToken cancellationToken)
    {
        if (drawn is null)
        {
            return new DataOutcome.Refused("is drawn by QGIS, which is not here");
        }

        try
        {
            var contents = await drawn.InspectAsync(path, what, cancellationToken);
            return new DataOutcome.Ready(new DataFacts(name, stored => new LayerSource.Drawn(stored, what), contents) { IsInPlace = isOperators });
        }
        catch (TileSourceException reason)
        {
            return new DataOutcome.Refused(reason.Message);
        }
    }

    private async Task<DataOutcome> ArchiveAsync(string path, CancellationToken cancellationToken)
    {
        if (archives is null)
        {
            return new DataOutcome.Refused("is no GeoPackage of features");
        }

        try
        {
            return OfArchive(await archives.InspectAsync(path, cancellationToken));
        }
        catch (TileArchiveException reason)
        {
            return new DataOutcome.Refused(reason.Message);
        }
    }

    private static DataOutcome.Ready OfArchive(TileArchiveDescription archive) => new(new DataFacts(
        archive.Kind switch { TileArchiveKind.MbTiles => "data.mbtiles", TileArchiveKind.PmTiles => "data.pmtiles" },
        path => new LayerSource.Tiles(path),
        new LayerContents
        {
            Kind = archive.Format.IsVector ? LayerKind.Vector : LayerKind.Map,
            Crs = Crs.WebMercator,
            Extent = archive.Extent,
            GeometryType = archive.Layers is [var only] ? only.GeometryType : null,
            Fields = [.. archive.Layers.SelectMany(layer => layer.Fields).DistinctBy(field => field.Name)],
        })
    {
        Title = archive.Name,
        Description = archive.Description,
        Attribution = archive.Attribution,
        Format = archive.Format,
        Levels = (archive.MinZoom, archive.MaxZoom),
        TileName = archive.Layers is [var inside] ? inside.Id : null,
        TileMatrixSets = ["WebMercatorQuad"],
    });
}

public abstract record DataOutcome
{
    private DataOutcome()
    {
    }

    public sealed record Ready(DataFacts Facts) : DataOutcome;

    /// <summary>QGIS has to make a GeoPackage of it.</summary>
    /// <param name="Reproject">Into degrees, by PROJ.</param>
    public sealed record Convert(bool Reproject) : DataOutcome
    {
        /// <summary>What the data call the CRS that they have; <see langword="null"/> where that could not be seen.</summary>
        public string? CrsName { get; init; }
    }

    /// <summary>It can't be a layer: why; safe to show.</summary>
    public sealed record Refused(string Message) : DataOutcome;
}

/// <summary>What data are as a layer, before it has an id.</summary>
/// <param name="FileName">What the file is called where the server keeps it.</param>
/// <param name="Source">Of the path that it gets.</param>
public sealed record DataFacts(string FileName, Func<string, LayerSource> Source, LayerContents Contents)
{
    /// <summary>What they call themselves.</summary>
    public string? Title { get; init; }

    public string? Description { get; init; }

    public string? Attribution { get; init; }

    /// <summary>The file stays where it is.</summary>
    public bool IsInPlace { get; init; }

    /// <summary>The only format that there is; <see langword="null"/>: tiles are made in any.</summary>
    public TileFormat? Format { get; init; }

    /// <summary>The only matrices that there are.</summary>
    public (int First, int Last)? Levels { get; init; }

    /// <summary>What the layer is called inside tiles that are made already.</summary>
    public string? TileName { get; init; }

    /// <summary>The only sets that there are.</summary>
    public IReadOnlyList<string>? TileMatrixSets { get; init; }
}
