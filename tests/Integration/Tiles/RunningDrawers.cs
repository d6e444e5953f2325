using GeoWps.Adapters.Execution;
using GeoWps.Adapters.Execution.Drawing;
using GeoWps.Adapters.Execution.Pool;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application.Jobs;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Tiles;

/// <summary>One process for jobs and two that draw, in a sandbox where that works; layers' data lie where the server keeps them.</summary>
public sealed class RunningDrawers() : RunningWorkers(
    (folders, limits) => new PoolWorkers(Options, folders, limits, TimeProvider.System, NullLogger<PoolWorkers>.Instance),
    new JobLimits(TimeSpan.FromSeconds(20), MaxMemoryMb: 2048))
{
    internal static PythonOptions Options { get; } = new() { Workers = 1, Drawers = 2, Sandbox = PythonSandbox.Auto, DrawSeconds = 20 };

    internal IDrawers Drawers => (IDrawers)Workers;

    internal QgisTileSource Source => SourceOver(Drawers, Options);

    internal QgisTileSource SourceOver(IDrawers drawers, PythonOptions options) =>
        new(new Drawings(drawers, options, Limits), Folders, NullLogger<QgisTileSource>.Instance);

    internal QgisInspector Inspector => new(new Drawings(Drawers, Options, Limits));

    /// <summary>Copies a file to where the layer's data are.</summary>
    internal string Put(string layer, string file, string? name = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folders.Layers, layer)).FullName;
        var target = Path.Combine(folder, name ?? Path.GetFileName(file));
        if (!File.Exists(target))
        {
            File.Copy(file, target);
        }

        return target;
    }

    /// <summary>A table of the sample GeoPackage of the world.</summary>
    internal Layer Table(string table, LayerStyle? style = null)
    {
        Put(table, Sample.World);
        return Of(table, new LayerSource.GeoPackage("world.gpkg", table), LayerKind.Vector) with { Style = style };
    }

    internal Layer Raster()
    {
        Put("dem", Sample.Dem);
        return Of("dem", new LayerSource.Drawn("jacksboro_dem.tif", DrawnKind.Raster), LayerKind.Map);
    }

    internal static Layer Of(string id, LayerSource source, LayerKind kind) => new()
    {
        Id = id,
        Title = id,
        Source = source,
        Contents = new LayerContents { Kind = kind, Extent = Extent.World },
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
    };
}

/// <summary>A sandbox that shows one more folder.</summary>
internal sealed class RunningReaders(string folder) : RunningWorkers(
    (folders, limits) => new PoolWorkers(
        new PythonOptions { Workers = 1, Drawers = 1, ReadFolders = [folder] }, folders, limits, TimeProvider.System, NullLogger<PoolWorkers>.Instance),
    new JobLimits(TimeSpan.FromSeconds(20), MaxMemoryMb: 1024)), IAsyncDisposable
{
    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
}

internal static class Grids
{
    private const double Half = 20037508.3427892;

    public static TileMatrixSet Mercator { get; } = new("WebMercatorQuad", Crs.WebMercator, [.. Enumerable.Range(0, 15).Select(MercatorMatrix)]);

    /// <summary>As <see cref="Mercator"/> at level 2, but rows begin in the south.</summary>
    public static TileMatrixSet FromBelow { get; } = new("below", Crs.WebMercator, [new TileMatrix
    {
        Id = "2", ScaleDenominator = 1, CellSize = Half * 2 / 1024, OriginX = -Half, OriginY = -Half, CornerOfOrigin = CornerOfOrigin.BottomLeft,
        TileWidth = 256, TileHeight = 256, MatrixWidth = 4, MatrixHeight = 4,
    }]);

    /// <summary>Degrees; towards the poles several columns are one tile.</summary>
    public static TileMatrixSet Coalesced { get; } = new("GNOSISGlobalGrid", Crs.Wgs84, [new TileMatrix
    {
        Id = "1", ScaleDenominator = 1, CellSize = 45d / 256, OriginX = -180, OriginY = 90, TileWidth = 256, TileHeight = 256, MatrixWidth = 8, MatrixHeight = 4,
        VariableMatrixWidths = [new VariableMatrixWidth(2, 0, 0), new VariableMatrixWidth(2, 3, 3)],
    }]);

    /// <summary>The metatile of this size that holds the place, in degrees.</summary>
    public static MetaTile At(double longitude, double latitude, int level, int size)
    {
        var sine = Math.Sin(latitude * Math.PI / 180);
        var scale = 1 << level;
        var tile = new TileIndex((int)((longitude + 180) / 360 * scale), (int)((0.5 - (Math.Log((1 + sine) / (1 - sine)) / (4 * Math.PI))) * scale));
        return MetaTile.Of(Mercator.Matrices[level], level, tile, size);
    }

    private static TileMatrix MercatorMatrix(int level) => new()
    {
        Id = $"{level}", ScaleDenominator = 559082264.028717 / (1 << level), CellSize = Half * 2 / 256 / (1 << level), OriginX = -Half, OriginY = Half,
        TileWidth = 256, TileHeight = 256, MatrixWidth = 1 << level, MatrixHeight = 1 << level,
    };
}
