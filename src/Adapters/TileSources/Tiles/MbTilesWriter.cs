using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Domain.Tiles;
using Microsoft.Data.Sqlite;

namespace GeoWps.Adapters.TileSources.Tiles;

/// <summary>Writes MBTiles 1.3; identical tiles are stored once, in the tables that many writers use for that.</summary>
internal static class MbTilesWriter
{
    private const string Schema = """
        PRAGMA application_id = 0x4d504258;
        CREATE TABLE metadata (name text NOT NULL, value text);
        CREATE TABLE images (tile_id text PRIMARY KEY, tile_data blob NOT NULL);
        CREATE TABLE map (zoom_level integer NOT NULL, tile_column integer NOT NULL, tile_row integer NOT NULL, tile_id text NOT NULL, PRIMARY KEY (zoom_level, tile_column, tile_row)) WITHOUT ROWID;
        CREATE VIEW tiles AS SELECT map.zoom_level AS zoom_level, map.tile_column AS tile_column, map.tile_row AS tile_row, images.tile_data AS tile_data FROM map JOIN images ON images.tile_id = map.tile_id;
        CREATE UNIQUE INDEX metadata_name ON metadata (name);
        """;

    /// <returns>Without the file's size.</returns>
    public static async Task<TileArchiveSummary> WriteAsync(string path, TileArchiveDescription description, IAsyncEnumerable<ArchivedTile> tiles, CancellationToken cancellationToken)
    {
        await using var connection = Open(path);
        Run(connection, Schema);
        using var transaction = connection.BeginTransaction();
        using var image = connection.CreateCommand();
        image.CommandText = "INSERT OR IGNORE INTO images VALUES ($id, $data)";
        var (imageId, data) = (image.Parameters.Add("$id", SqliteType.Text), image.Parameters.Add("$data", SqliteType.Blob));
        using var place = connection.CreateCommand();
        place.CommandText = "INSERT OR IGNORE INTO map VALUES ($zoom, $column, $row, $id)";
        var (zoom, column, row, id) = (place.Parameters.Add("$zoom", SqliteType.Integer), place.Parameters.Add("$column", SqliteType.Integer), place.Parameters.Add("$row", SqliteType.Integer), place.Parameters.Add("$id", SqliteType.Text));
        var (count, contents, min, max) = (0L, 0L, int.MaxValue, 0);
        await foreach (var tile in tiles.WithCancellation(cancellationToken))
        {
            var hash = Convert.ToHexString(SHA256.HashData(tile.Content.Span).AsSpan(0, 16));
            (imageId.Value, data.Value) = (hash, tile.Content.ToArray());
            contents += image.ExecuteNonQuery();
            (zoom.Value, column.Value, row.Value, id.Value) = (tile.Level, tile.Tile.Column, MbTilesFile.Flip(tile.Level, tile.Tile.Row), hash);
            count += place.ExecuteNonQuery() > 0 ? 1 : throw new TileArchiveException(FormattableString.Invariant($"the tile {tile.Level}/{tile.Tile.Column}/{tile.Tile.Row} comes twice"));
            (min, max) = (Math.Min(min, tile.Level), Math.Max(max, tile.Level));
        }

        WriteMetadata(connection, count == 0 ? description : description with { MinZoom = min, MaxZoom = max });
        transaction.Commit();
        return new TileArchiveSummary(count, contents, 0);
    }

    /// <summary>What is written is thrown away when it is not finished: no journal is needed, and the end is made sure of by whoever renames it.</summary>
    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString());
        connection.Open();
        Run(connection, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768");
        return connection;
    }

    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void WriteMetadata(SqliteConnection connection, TileArchiveDescription description)
    {
        var bounds = description.Extent.IsEmpty ? Domain.Spatial.Extent.World : description.Extent;
        var rows = new List<(string Name, string? Value)>
        {
            ("name", description.Name),
            ("format", description.Format.Extension),
            ("bounds", string.Create(CultureInfo.InvariantCulture, $"{bounds.MinX},{bounds.MinY},{bounds.MaxX},{bounds.MaxY}")),
            ("center", string.Create(CultureInfo.InvariantCulture, $"{(bounds.MinX + bounds.MaxX) / 2},{(bounds.MinY + bounds.MaxY) / 2},{description.MinZoom}")),
            ("minzoom", description.MinZoom.ToString(CultureInfo.InvariantCulture)),
            ("maxzoom", description.MaxZoom.ToString(CultureInfo.InvariantCulture)),
            ("type", "overlay"),
            ("description", description.Description),
            ("attribution", description.Attribution),
            ("json", description.Format == TileFormat.Mvt
                ? ArchiveMetadata.Text(new JsonObject { ["vector_layers"] = ArchiveMetadata.VectorLayers(description), ["tilestats"] = ArchiveMetadata.TileStats(description) })
                : null),
        };
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO metadata VALUES ($name, $value)";
        var (name, value) = (command.Parameters.Add("$name", SqliteType.Text), command.Parameters.Add("$value", SqliteType.Text));
        foreach (var row in rows.Where(row => row.Value is not null))
        {
            (name.Value, value.Value) = (row.Name, row.Value);
            command.ExecuteNonQuery();
        }
    }
}
