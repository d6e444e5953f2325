using System.Collections.Concurrent;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Execution.Drawing;

/// <summary>Map tiles that QGIS draws: of rasters, projects and tables of GeoPackages.</summary>
internal sealed partial class QgisTileSource(Drawings drawings, ExecutionFolders folders, ILogger<QgisTileSource> logger) : ITileSource
{
    private const int MostTold = 10_000;

    private readonly ConcurrentDictionary<string, long> _told = new();

    public bool Makes(Layer layer, TileFormat format) => !format.IsVector && (layer.Source.Kind is SourceKind.Drawn or SourceKind.GeoPackage);

    public async Task<IReadOnlyList<MadeTile>> MakeAsync(Layer layer, TileMatrixSet set, MetaTile tiles, TileFormat format, CancellationToken cancellationToken)
    {
        var source = SourceOf(layer);
        var made = new List<MadeTile>();
        foreach (var block in Blocks(set.Matrices[tiles.Level], tiles.Range))
        {
            made.AddRange(await DrawAsync(layer, source, set, set.Matrices[tiles.Level], block, format, cancellationToken));
        }

        return made;
    }

    /// <param name="path">Absolute; what lies in its folder may be read too.</param>
    public static DrawnSource Source(string path, DrawnKind what, DrawnStyle? style) => new(
        what switch
        {
            DrawnKind.Raster => "raster",
            DrawnKind.Project => "project",
        },
        path,
        Path.GetDirectoryName(path)!,
        Style: style);

    private DrawnSource SourceOf(Layer layer)
    {
        var style = layer.Style switch
        {
            { Kind: StyleKind.Qml, Text: var text } => new DrawnStyle("qml", text),
            { Kind: StyleKind.MapLibre, Text: var text } => new DrawnStyle("maplibre", text),
            null => null,
        };
        switch (layer.Source)
        {
            case LayerSource.Drawn drawn:
                return Source(PathOf(layer, drawn.Path), drawn.What, style);
            case LayerSource.GeoPackage package:
                var path = PathOf(layer, package.Path);
                return new DrawnSource("vector", path, Path.GetDirectoryName(path)!, package.Table, style);
            default:
                throw new InvalidOperationException($"QGIS does not draw a source of kind {layer.Source.Kind}.");
        }
    }

    private string PathOf(Layer layer, string path) => Path.Combine(folders.Layers, layer.Id, path);

    /// <summary>Rows whose tiles are as wide as a column are drawn together; each wider tile by itself, whole, under its canonical index.</summary>
    private static IEnumerable<TileRange> Blocks(TileMatrix matrix, TileRange range)
    {
        for (var row = range.MinRow; row <= range.MaxRow; row++)
        {
            if (matrix.CoalesceOf(row) is > 1 and var columns)
            {
                foreach (var first in Enumerable.Range(range.MinColumn, range.Columns).Select(column => column - (column % columns)).Distinct())
                {
                    yield return new TileRange(first, row, first + columns - 1, row);
                }

                continue;
            }

            var last = row;
            while (last < range.MaxRow && matrix.CoalesceOf(last + 1) == 1)
            {
                last++;
            }

            yield return range with { MinRow = row, MaxRow = last };
            row = last;
        }
    }

    private async Task<IReadOnlyList<MadeTile>> DrawAsync(
        Layer layer, DrawnSource source, TileMatrixSet set, TileMatrix matrix, TileRange block, TileFormat format, CancellationToken cancellationToken)
    {
        var coalesce = matrix.CoalesceOf(block.MinRow);
        var extent = matrix.ExtentOf(block);
        var file = Path.Combine(drawings.WorkFolder, $"drawn-{Guid.NewGuid():N}");
        await using var content = new FileStream(file, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
        try
        {
            var frame = new RenderFrame(
                Id: 0,
                source,
                set.Crs.ToString(),
                [extent.MinX, extent.MinY, extent.MaxX, extent.MaxY],
                new RenderTiles(block.Columns / coalesce, block.Rows, matrix.TileWidth, matrix.TileHeight, matrix.TileWidth * coalesce),
                Gutter(matrix, block, layer.Tiles.Gutter),
                format.Name,
                file,
                MemoryMb: 0);
            var answer = await drawings.RenderAsync(layer.Id, frame, cancellationToken);
            Tell(layer, answer.LeftOut);
            return await ReadAsync(content, answer.Lengths, matrix, block, coalesce, cancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>None at the edges of the matrix: beyond the end of the world there is nothing to draw.</summary>
    private static int[] Gutter(TileMatrix matrix, TileRange block, int pixels)
    {
        var (first, last) = (block.MinRow > 0, block.MaxRow < matrix.MatrixHeight - 1);
        var (above, below) = matrix.CornerOfOrigin == CornerOfOrigin.TopLeft ? (first, last) : (last, first);
        return [block.MinColumn > 0 ? pixels : 0, above ? pixels : 0, block.MaxColumn < matrix.MatrixWidth - 1 ? pixels : 0, below ? pixels : 0];
    }

    /// <summary>Each tile gets an array of its own: it may be kept for long, and the others not.</summary>
    private static async Task<IReadOnlyList<MadeTile>> ReadAsync(
        FileStream content, IReadOnlyList<int> lengths, TileMatrix matrix, TileRange block, int coalesce, CancellationToken cancellationToken)
    {
        var columns = block.Columns / coalesce;
        if (lengths.Count != columns * block.Rows)
        {
            throw new TileSourceException("It could not be drawn: tiles are missing.");
        }

        var made = new MadeTile[lengths.Count];
        for (var i = 0; i < made.Length; i++)
        {
            var down = i / columns;
            var row = matrix.CornerOfOrigin == CornerOfOrigin.TopLeft ? block.MinRow + down : block.MaxRow - down;
            var tile = new TileIndex(block.MinColumn + (i % columns * coalesce), row);
            var bytes = new byte[lengths[i]];
            await content.ReadExactlyAsync(bytes, cancellationToken);
            made[i] = new MadeTile(tile, bytes, bytes.Length == 0 ? TileNotes.Empty : TileNotes.None);
        }

        return made;
    }

    /// <summary>Once for each revision of a layer.</summary>
    private void Tell(Layer layer, IReadOnlyList<string> leftOut)
    {
        if (leftOut.Count == 0 || _told.GetValueOrDefault(layer.Id) == layer.Revision)
        {
            return;
        }

        if (_told.Count >= MostTold)
        {
            _told.Clear();
        }

        _told[layer.Id] = layer.Revision;
        LogLeftOut(layer.Id, string.Join("; ", leftOut));
    }

    [LoggerMessage(EventId = 3701, Level = LogLevel.Warning, Message = "Layer {Layer}: not all of its project is drawn: {LeftOut}")]
    private partial void LogLeftOut(string layer, string leftOut);
}
