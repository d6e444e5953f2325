using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.TileSources.Tiles;

/// <summary>Tiles that were made before, out of an MBTiles file; vector tiles stay packed as they are.</summary>
/// <param name="pathOf">Where a layer's own file is: its id, the path in its source.</param>
internal sealed partial class MbTilesSource(Func<string, string, string> pathOf, ILogger<MbTilesSource> logger) : ITileSource
{
    public bool Makes(Layer layer, TileFormat format) => layer.Source is LayerSource.Tiles { IsPmTiles: false } && layer.Formats.Contains(format);

    public int MetaTileOf(Layer layer) => 1;

    /// <summary>One opening of the file for many tiles.</summary>
    public int MetaTileOf(Layer layer, long tiles) => 8;

    public async Task<IReadOnlyList<MadeTile>> MakeAsync(Layer layer, TileMatrixSet set, MetaTile tiles, TileFormat format, CancellationToken cancellationToken)
    {
        if (set.Id != "WebMercatorQuad")
        {
            throw new TileSourceException("the layer's tiles are of WebMercatorQuad only");
        }

        try
        {
            await using var connection = MbTilesFile.Open(pathOf(layer.Id, ((LayerSource.Tiles)layer.Source).Path));
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT tile_data FROM tiles WHERE zoom_level = $zoom AND tile_column = $column AND tile_row = $row";
            command.Parameters.AddWithValue("$zoom", tiles.Level);
            var (column, row) = (command.Parameters.Add("$column", SqliteType.Integer), command.Parameters.Add("$row", SqliteType.Integer));
            var made = new List<MadeTile>((int)tiles.Range.Count);
            for (var y = tiles.Range.MinRow; y <= tiles.Range.MaxRow; y++)
            {
                for (var x = tiles.Range.MinColumn; x <= tiles.Range.MaxColumn; x++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    (column.Value, row.Value) = ((long)x, MbTilesFile.Flip(tiles.Level, y));
                    made.Add(command.ExecuteScalar() is byte[] content
                        ? ArchiveTiles.Made(new TileIndex(x, y), content, MbTilesFile.EncodingOf(content), format)
                        : ArchiveTiles.Made(new TileIndex(x, y), default, TileEncoding.Identity, format));
                }
            }

            return made;
        }
        catch (SqliteException failure)
        {
            LogFailed(layer.Id, failure);
            throw new TileSourceException("the layer's file of tiles can't be read", failure);
        }
    }

    [LoggerMessage(EventId = 4240, Level = LogLevel.Warning, Message = "The file of tiles of {Layer} can't be read")]
    private partial void LogFailed(string layer, Exception failure);
}
