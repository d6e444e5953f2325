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

    /// <summary>Layers with fewer features have larger ones: reading more of them at once saves nothing.</summary>
    private const int ManyFeatures = 20_000;

    /// <summary>Read at once; of points that is 40 MB, of polygons of eight places 70 MB, for each thread.</summary>
    private const int MostFeatures = 262_144;

    /// <summary>Tiles a side that are made at once.</summary>
    private const int LargestSide = 64;

    /// <summary>Tiles a side that go through all but reading together.</summary>
    private const int Piece = 4;

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

    /// <summary>Many small features: as many tiles as it takes that the table is better walked along than its rows are looked up one by one. In memory that is no matter.</summary>
    public int MetaTileOf(Layer layer, long tiles)
    {
        var side = layer.Tiles.MetaTile;
        if (layer.Contents.FeatureCount is { } features and >= ManyFeatures && !_memory.Holds(layer.Id))
        {
            while (2 * side <= LargestSide && features * Math.Min(1, 4.0 * side * side / Math.Max(1, tiles)) <= MostFeatures)
            {
                side *= 2;
            }
        }

        return side;
    }

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
            if (_workspaces.Count < Environment.ProcessorCount && workspace.Block.Size + workspace.Raw.Size < 96 * 1024 * 1024)
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
        var window = WindowOf(job, range);
        var entry = _memory.Of(job.Layer, job.Crs, job.File);
        if (entry.Layer is not { } memory)
        {
            MakeFromFile(workspace, job, range, window, entry, made, cancellationToken);
            return;
        }

        if (Prepared(workspace, entry, memory, job, 0) is { } ready)
        {
            Encode(workspace, job, range, ready, memory.Tree, memory.Values, memory.Keys, made, cancellationToken);
            return;
        }

        workspace.Copy(memory, window, job.Level.MinSize > 0);
        if (Prepared(workspace, entry, memory, job, workspace.Raw.PlaceCount) is { } prepared)
        {
            Encode(workspace, job, range, prepared, memory.Tree, memory.Values, memory.Keys, made, cancellationToken);
            return;
        }

        workspace.Simplify(job.Level);
        Encode(workspace, job, range, workspace.Grid, null, memory.Values, memory.Keys, made, cancellationToken);
    }

    private void MakeFromFile(TileWorkspace workspace, Job job, TileRange range, in Extent window, LayerMemory.Entry entry, List<MadeTile> made, CancellationToken cancellationToken)
    {
        var whole = job.Level.MinSize > 0;
        var pieces = (range.MaxColumn - range.MinColumn >= Piece || range.MaxRow - range.MinRow >= Piece) && job.Matrix is { CornerOfOrigin: CornerOfOrigin.TopLeft, VariableMatrixWidths.Count: 0 };
        var (values, read) = (workspace.Values, pieces ? workspace.Block : workspace.Raw);
        read.Clear();
        values.Clear();
        string[] keys;
        using (var lease = _tables.Rent(job.File, job.Table, job.Layer.Tiles.Attributes))
        {
            var table = lease.Table;
            keys = table.Keys;
            table.Read(job.Projection.Inverse(window), job.Projection.Straight && !whole, job.Projection, read, values, null, cancellationToken);
            _memory.Count(job.Layer.Id, entry, read.All.Count, job.Layer.Contents.FeatureCount ?? 1000, limit => Load(table, job.Projection, limit, cancellationToken));
        }

        if (!pieces)
        {
            workspace.Simplify(job.Level);
            Encode(workspace, job, range, workspace.Grid, null, values, keys, made, cancellationToken);
            return;
        }

        // What was read at once goes on in pieces, each of which stays in the processor's cache.
        var grid = job.Level.Grid;
        workspace.Divide(grid, new TileIndex(range.MinColumn, range.MinRow), new TileIndex(range.MaxColumn, range.MaxRow), Piece, job.Layer.Tiles.Buffer);
        for (var row = range.MinRow / Piece; row <= range.MaxRow / Piece; row++)
        {
            for (var column = range.MinColumn / Piece; column <= range.MaxColumn / Piece; column++)
            {
                var piece = new TileRange(Piece * column, Piece * row, (Piece * column) + Piece - 1, (Piece * row) + Piece - 1).Meet(range);
                workspace.Copy(new TileIndex(column, row), WindowOf(job, piece), whole);
                workspace.Simplify(job.Level);
                Encode(workspace, job, piece, workspace.Grid, null, values, keys, made, cancellationToken);
            }
        }
    }

    /// <summary>All that a tile of a range may have to do with, in CRS units.</summary>
    private static Extent WindowOf(Job job, TileRange range)
    {
        var (one, other) = job.CornersOf(range);
        var (grid, reach) = (job.Level.Grid, job.Layer.Tiles.Buffer + 2);
        return grid.ToCrs(grid.BoxOf(one, reach).Join(grid.BoxOf(other, reach)));
    }

    /// <param name="tree">Finds the shapes of a tile; without one they are distributed.</param>
    private void Encode(
        TileWorkspace workspace, Job job, TileRange range, Shapes shapes, PackedTree? tree, TileValues values, string[] keys, List<MadeTile> made, CancellationToken cancellationToken)
    {
        var (grid, buffer) = (job.Level.Grid, job.Layer.Tiles.Buffer);
        if (tree is null)
        {
            var (one, other) = job.CornersOf(range);
            workspace.Distribute(shapes, one, other, grid.Units, buffer);
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
            var position = TileGrid.Position(job.Matrix, tile);
            var box = grid.BoxOf(position, buffer);
            if (tree is null)
            {
                workspace.Choose(position);
            }
            else
            {
                // What touches the edge from outside is not drawn, but then nothing is said about the tiles below either.
                workspace.Choose(tree, grid.ToCrs(box.Grow(1)));
            }

            var (content, notes) = workspace.Encode(job.Layer, shapes, values, keys, box, cancellationToken);
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

    private sealed record Job(Layer Layer, string Table, FileState File, Crs Crs, Projection Projection, TileMatrix Matrix, LevelKey Level)
    {
        /// <summary>Opposite corners of a range, as the grid counts.</summary>
        public (TileIndex One, TileIndex Other) CornersOf(TileRange range) =>
            (TileGrid.Position(Matrix, new TileIndex(range.MinColumn, range.MinRow)), TileGrid.Position(Matrix, new TileIndex(range.MaxColumn, range.MaxRow)));
    }
}
