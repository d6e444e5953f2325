using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.TileSources.Tiles;

/// <summary>Tiles that were made before, out of a PMTiles file; they stay packed as they are.</summary>
/// <param name="pathOf">Where a layer's own file is: its id, the path in its source.</param>
internal sealed partial class PmTilesSource(Func<string, string, string> pathOf, ILogger<PmTilesSource> logger) : ITileSource
{
    public bool Makes(Layer layer, TileFormat format) => layer.Source is LayerSource.Tiles { IsPmTiles: true } && layer.Formats.Contains(format);

    public int MetaTileOf(Layer layer) => 1;

    public Task<IReadOnlyList<MadeTile>> MakeAsync(Layer layer, TileMatrixSet set, MetaTile tiles, TileFormat format, CancellationToken cancellationToken)
    {
        if (set.Id != "WebMercatorQuad")
        {
            throw new TileSourceException("the layer's tiles are of WebMercatorQuad only");
        }

        try
        {
            using var file = PmTilesFile.Open(pathOf(layer.Id, ((LayerSource.Tiles)layer.Source).Path));
            var made = new List<MadeTile>((int)tiles.Range.Count);
            for (var y = tiles.Range.MinRow; y <= tiles.Range.MaxRow; y++)
            {
                for (var x = tiles.Range.MinColumn; x <= tiles.Range.MaxColumn; x++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var tile = new TileIndex(x, y);
                    made.Add(ArchiveTiles.Made(tile, file.Find(tiles.Level, tile), file.TileEncoding, format));
                }
            }

            return Task.FromResult<IReadOnlyList<MadeTile>>(made);
        }
        catch (Exception failure) when (failure is TileArchiveException or IOException)
        {
            LogFailed(layer.Id, failure);
            throw new TileSourceException("the layer's file of tiles can't be read", failure);
        }
    }

    [LoggerMessage(EventId = 4241, Level = LogLevel.Warning, Message = "The file of tiles of {Layer} can't be read")]
    private partial void LogFailed(string layer, Exception failure);
}
