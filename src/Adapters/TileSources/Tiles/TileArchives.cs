using System.Runtime.CompilerServices;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
using Microsoft.Data.Sqlite;

namespace GeoWps.Adapters.TileSources.Tiles;

/// <summary>Writes and looks at MBTiles and PMTiles, reads all of MBTiles.</summary>
internal sealed class TileArchives : ITileArchives
{
    public async Task<TileArchiveSummary> WriteAsync(
        TileArchiveKind kind, string path, TileArchiveDescription description, IAsyncEnumerable<ArchivedTile> tiles, CancellationToken cancellationToken)
    {
        var aside = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            var summary = kind switch
            {
                TileArchiveKind.MbTiles => await MbTilesWriter.WriteAsync(aside, description, Ready(description, tiles, cancellationToken), cancellationToken),
                TileArchiveKind.PmTiles => await PmTilesWriter.WriteAsync(aside, description, Ready(description, tiles, cancellationToken), cancellationToken),
            };
            await using (var written = new FileStream(aside, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
                summary = summary with { Bytes = written.Length };
            }

            File.Move(aside, path, overwrite: true);
            return summary;
        }
        finally
        {
            foreach (var left in (string[])[aside, aside + "-journal", aside + ".tiles", aside + ".tiles-journal", aside + ".entries", aside + ".leaves"])
            {
                File.Delete(left);
            }
        }
    }

    public Task<TileArchiveDescription> InspectAsync(string path, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                if (PmTilesFile.Is(path))
                {
                    using var archive = PmTilesFile.Open(path);
                    return archive.Describe();
                }

                using var connection = MbTilesFile.Open(path);
                return MbTilesFile.Describe(connection);
            }
            catch (Exception failure) when (failure is SqliteException or InvalidCastException or InvalidOperationException)
            {
                throw NoSuchFile(failure);
            }
        },
        cancellationToken);

    public async IAsyncEnumerable<ArchivedTile> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        using var rows = Rows(path).GetEnumerator();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (!rows.MoveNext())
                {
                    yield break;
                }
            }
            catch (Exception failure) when (failure is SqliteException or InvalidCastException or InvalidOperationException)
            {
                throw NoSuchFile(failure);
            }

            yield return rows.Current;
        }
    }

    private static IEnumerable<ArchivedTile> Rows(string path)
    {
        using var connection = MbTilesFile.Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles WHERE tile_data IS NOT NULL ORDER BY zoom_level, tile_column, tile_row DESC";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var (zoom, column, row, content) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3));
            if (zoom is < 0 or > MbTilesFile.MaxZoom || column < 0 || row < 0 || column >= 1L << (int)zoom || row >= 1L << (int)zoom)
            {
                throw new TileArchiveException(FormattableString.Invariant($"the file holds a tile {zoom}/{column}/{row}, which there is not"));
            }

            yield return new ArchivedTile((int)zoom, new TileIndex((int)column, (int)MbTilesFile.Flip((int)zoom, row)), content, MbTilesFile.EncodingOf(content));
        }
    }

    /// <summary>As archives have them: vector tiles packed with gzip, pictures not packed; what is empty is left out.</summary>
    private static async IAsyncEnumerable<ArchivedTile> Ready(TileArchiveDescription description, IAsyncEnumerable<ArchivedTile> tiles, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var tile in tiles.WithCancellation(cancellationToken))
        {
            if (tile.Content.IsEmpty)
            {
                continue;
            }

            if (tile.Level is < 0 or > MbTilesFile.MaxZoom || (uint)tile.Tile.Column >= 1u << tile.Level || (uint)tile.Tile.Row >= 1u << tile.Level)
            {
                throw new TileArchiveException(FormattableString.Invariant($"there is no tile {tile.Level}/{tile.Tile.Column}/{tile.Tile.Row}"));
            }

            var (format, isEmpty) = TileContent.Look(tile.Content, tile.Encoding);
            if (format != description.Format && !(isEmpty && description.Format.IsVector))
            {
                throw new TileArchiveException(FormattableString.Invariant($"the tile {tile.Level}/{tile.Tile.Column}/{tile.Tile.Row} is {format?.Name ?? "none"}, not {description.Format.Name}"));
            }

            if (!isEmpty)
            {
                yield return description.Format.Compressible
                    ? tile with { Content = TileContent.Gzip(tile.Content, tile.Encoding), Encoding = TileEncoding.Gzip }
                    : tile with { Content = TileContent.Unpack(tile.Content, tile.Encoding), Encoding = TileEncoding.Identity };
            }
        }
    }

    private static TileArchiveException NoSuchFile(Exception failure) => new("the file is no MBTiles file, or is damaged", failure);
}
