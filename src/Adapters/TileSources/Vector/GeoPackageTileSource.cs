using System.Collections.Concurrent;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>
/// Vector tiles (MVT 2.1) of GeoPackages. A metatile is one query to the table, or none when the layer is small enough to be kept in memory: features are read,
/// transformed and simplified once, and cut for each tile.
/// </summary>
internal sealed partial class GeoPackageTileSource : ITileSource, IDisposable
{
    /// <summary>Grids with larger numbers have so many tiles that none of their levels is ever prepared as a whole.</summary>
    private const double LargestPrepared = 1 << 29;

    private readonly ICoordinateTransforms _transforms;
    private readonly ILayerFiles _files;
    private readonly ILogger _logger;
    private readonly LayerMemory _memory;
    private readonly TablePool _tables = new();
    private readonly ConcurrentBag<TileWorkspace> _workspaces = [];

    public GeoPackageTileSource(ICoordinateTransforms transforms, ILayerFiles files, IOptions<VectorTilesOptions> options, ILogger<GeoPackageTileSource> logger)
    {
        (_transforms, _files, _logger) = (transforms, files, logger);
        _memory = new LayerMemory(options.Value.MemoryMb * 1024L * 1024, logger);
    }

    public bool Makes(Layer layer, TileFormat format) => layer.Source.Kind == SourceKind.GeoPackage && format == TileFormat.Mvt;

    public Task<IReadOnlyList<MadeTile>> MakeAsync(Layer layer, TileMatrixSet set, MetaTile tiles, TileFormat format, CancellationToken cancellationToken)
    {
        var workspace = _workspaces.TryTake(out var idle) ? idle : new TileWorkspace();
        try
        {
            return Task.FromResult<IReadOnlyList<MadeTile>>(Make(workspace, layer, set, tiles, cancellationToken));
        }
        catch (Exception reason)
        {
            return Task.FromException<IReadOnlyList<MadeTile>>(reason);
        }
        finally
        {
            if (_workspaces.Count < Environment.ProcessorCount && workspace.Raw.Size < 64 * 1024 * 1024)
            {
                _workspaces.Add(workspace);
            }
        }
    }

    public void Dispose() => _tables.Dispose();

    private List<MadeTile> Make(TileWorkspace workspace, Layer layer, TileMatrixSet set, MetaTile tiles, CancellationToken cancellationToken)
    {
        var source = (LayerSource.GeoPackage)layer.Source;
        var file = FileState.Of(_files.PathOf(layer.Id, source.Path));
        if (file.Length < 0)
        {
            throw new TileSourceException("The layer's data are not there.");
        }

        var matrix = set.Matrices[tiles.Level];
        var projection = Projection.Between(layer.Contents.Crs, set.Crs, _transforms);
        var made = new List<MadeTile>((int)tiles.Range.Count);
        for (var row = tiles.Range.MinRow; row <= tiles.Range.MaxRow;)
        {
            // Rows whose tiles are equally wide share a grid.
            var (first, coalesce) = (row, matrix.CoalesceOf(row));
            while (row <= tiles.Range.MaxRow && matrix.CoalesceOf(row) == coalesce)
            {
                row++;
            }

            var level = new LevelKey(TileGrid.Of(matrix, coalesce, layer.Tiles.TileExtent), layer.Tiles.Simplification, tiles.Level < layer.Tiles.MaxLevel ? layer.Tiles.MinSize : 0);
            Make(workspace, new Job(layer, source.Table, file, set.Crs, projection, matrix, level), tiles.Range with { MinRow = first, MaxRow = row - 1 }, made, cancellationToken);
        }

        return made;
    }

    private void Make(TileWorkspace workspace, Job job, TileRange range, List<MadeTile> made, CancellationToken cancellationToken)
    {
        var grid = job.Level.Grid;
        var buffer = job.Layer.Tiles.Buffer;
        var (one, other) = (TileGrid.Position(job.Matrix, new TileIndex(range.MinColumn, range.MinRow)), TileGrid.Position(job.Matrix, new TileIndex(range.MaxColumn, range.MaxRow)));
        var window = grid.ToCrs(grid.BoxOf(one, buffer + 2).Join(grid.BoxOf(other, buffer + 2)));
        var entry = _memory.Of(job.Layer, job.Crs, job.File);
        var memory = entry.Layer;
        var (shapes, values, keys, tree) = (workspace.Grid, workspace.Values, memory?.Keys ?? [], (PackedTree?)null);
        if (memory is null)
        {
            using var lease = _tables.Rent(job.File, job.Table, job.Layer.Tiles.Attributes);
            keys = lease.Table.Keys;
            workspace.Raw.Clear();
            values.Clear();
            lease.Table.Read(job.Projection.Inverse(window), job.Projection.Straight && job.Level.MinSize <= 0, job.Projection, workspace.Raw, values, null, cancellationToken);
            workspace.Simplify(job.Level);
            var table = lease.Table;
            _memory.Count(job.Layer.Id, entry, workspace.Raw.All.Count, job.Layer.Contents.FeatureCount ?? 1000, limit => Load(table, job.Projection, limit, cancellationToken));
        }
        else
        {
            values = memory.Values;
            if (Prepared(workspace, entry, memory, job, 0) is { } ready)
            {
                (shapes, tree) = (ready, memory.Tree);
            }
            else
            {
                workspace.Copy(memory, window, job.Level.MinSize > 0);
                if (Prepared(workspace, entry, memory, job, workspace.Raw.PlaceCount) is { } prepared)
                {
                    (shapes, tree) = (prepared, memory.Tree);
                }
                else
                {
                    workspace.Simplify(job.Level);
                }
            }
        }

        foreach (var tile in Tiles(range))
        {
            var canonical = job.Matrix.Canonical(tile);
            if (made.Count > 0 && made[^1] is var last && last.Tile.Row == tile.Row && job.Matrix.Canonical(last.Tile) == canonical)
            {
                made.Add(last with { Tile = tile });
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            var box = grid.BoxOf(TileGrid.Position(job.Matrix, tile), buffer);
            var (content, notes) = workspace.Encode(job.Layer, shapes, tree, values, keys, grid, box, cancellationToken);
            if ((notes & TileNotes.Truncated) != 0)
            {
                LogTruncated(job.Layer.Id, job.Matrix.Id, tile.Row, tile.Column);
            }

            made.Add(new MadeTile(tile, content, notes));
        }
    }

    private Shapes? Prepared(TileWorkspace workspace, LayerMemory.Entry entry, MemoryLayer memory, Job job, int places) =>
        job.Matrix.MatrixWidth * (double)job.Level.Grid.Units > LargestPrepared ? null
            : _memory.Prepared(entry, memory, job.Level, places, () => workspace.Prepare(memory, job.Level));

    private static MemoryLayer? Load(GeoPackageTable table, Projection projection, long limit, CancellationToken cancellationToken)
    {
        var (shapes, values) = (new Shapes(), new TileValues());
        if (!table.Read(null, false, projection, shapes, values, limit, cancellationToken))
        {
            return null;
        }

        shapes.Trim();
        return new MemoryLayer(shapes, values, table.Keys) is var memory && memory.Size <= limit ? memory : null;
    }

    private static IEnumerable<TileIndex> Tiles(TileRange range)
    {
        for (var row = range.MinRow; row <= range.MaxRow; row++)
        {
            for (var column = range.MinColumn; column <= range.MaxColumn; column++)
            {
                yield return new TileIndex(column, row);
            }
        }
    }

    [LoggerMessage(EventId = 4200, Level = LogLevel.Debug, Message = "Layer {LayerId}, tile {Matrix}/{Row}/{Column}: a limit was hit, it holds less than the data have")]
    private partial void LogTruncated(string layerId, string matrix, int row, int column);

    private sealed record Job(Layer Layer, string Table, FileState File, Crs Crs, Projection Projection, TileMatrix Matrix, LevelKey Level);
}
