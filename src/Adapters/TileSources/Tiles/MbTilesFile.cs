using System.Globalization;
using System.Text.Json;
using GeoWps.Adapters.TileSources.Upstream;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using Microsoft.Data.Sqlite;

namespace GeoWps.Adapters.TileSources.Tiles;

/// <summary>Reads an MBTiles 1.3 file, which may come from anywhere: nothing in it is believed, and nothing of it runs.</summary>
internal static class MbTilesFile
{
    /// <summary>Deeper ones have columns that no index can hold.</summary>
    public const int MaxZoom = 30;

    /// <exception cref="SqliteException">It is no such file.</exception>
    public static SqliteConnection Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new SqliteException("there is no such file", 14);
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static TileArchiveDescription Describe(SqliteConnection connection)
    {
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, value FROM metadata WHERE name IS NOT NULL AND value IS NOT NULL LIMIT 1000";
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                metadata[reader.GetString(0)] = reader.GetString(1);
            }
        }

        command.CommandText = "SELECT min(zoom_level), max(zoom_level), count(*) FROM tiles";
        using var tiles = command.ExecuteReader();
        if (!tiles.Read() || tiles.IsDBNull(0))
        {
            throw new TileArchiveException("the file has no tiles");
        }

        var (min, max, count) = (tiles.GetInt64(0), tiles.GetInt64(1), tiles.GetInt64(2));
        tiles.Close();
        if (min < 0 || max > MaxZoom)
        {
            throw new TileArchiveException(string.Create(CultureInfo.InvariantCulture, $"the file's zooms {min} to {max} are not between 0 and {MaxZoom}"));
        }

        command.CommandText = "SELECT tile_data FROM tiles WHERE tile_data IS NOT NULL LIMIT 1";
        var first = command.ExecuteScalar() as byte[] ?? throw new TileArchiveException("the file has no tiles");
        var found = TileContent.Look(first, TileContent.IsGzip(first) ? TileEncoding.Gzip : TileEncoding.Identity).Format
            ?? throw new TileArchiveException("the file's tiles are neither vector tiles nor PNG, JPEG or WebP");
        if (metadata.TryGetValue("format", out var named) && TileFormat.Find(named) != found)
        {
            throw new TileArchiveException($"the file says '{(named.Length > 40 ? named[..40] : named)}' and its tiles are {found.Name}");
        }

        return new TileArchiveDescription(metadata.GetValueOrDefault("name") is { Length: > 0 } name ? name : "tiles", found, Bounds(metadata.GetValueOrDefault("bounds")), (int)min, (int)max)
        {
            Description = metadata.GetValueOrDefault("description"),
            Attribution = metadata.GetValueOrDefault("attribution"),
            Layers = Layers(metadata.GetValueOrDefault("json"), (int)min, (int)max),
            TileCount = count,
        };
    }

    /// <summary>Rows of the file are counted from the south.</summary>
    public static long Flip(int zoom, long row) => (1L << zoom) - 1 - row;

    /// <summary>What tells how a kept tile is packed is the tile.</summary>
    public static TileEncoding EncodingOf(byte[] content) => TileContent.IsGzip(content) ? TileEncoding.Gzip : TileEncoding.Identity;

    private static Extent Bounds(string? text)
    {
        var parts = (text ?? "").Split(',');
        var numbers = parts.Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : double.NaN).ToArray();
        return numbers.Length == 4 && !numbers.Any(double.IsNaN) && new Extent(numbers[0], numbers[1], numbers[2], numbers[3]).Meet(Extent.World) is { IsEmpty: false } bounds ? bounds : Extent.World;
    }

    private static LayerField[] Fields(JsonElement layer) => layer.TryGetProperty("fields", out var fields)
        ? [.. fields.EnumerateObject().Select(field => new LayerField(field.Name, TileJsonDocument.TypeOf(field.Value)))]
        : [];

    /// <param name="json">With the member <c>vector_layers</c>; also a PMTiles file's.</param>
    internal static TileArchiveLayer[] Layers(string? json, int min, int max)
    {
        if (json is null)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return !document.RootElement.TryGetProperty("vector_layers", out var layers) ? [] :
            [
                .. from layer in layers.EnumerateArray()
                   select new TileArchiveLayer(
                       layer.GetProperty("id").GetString() ?? "",
                       layer.TryGetProperty("description", out var description) ? description.GetString() : null,
                       layer.TryGetProperty("minzoom", out var least) ? least.GetInt32() : min,
                       layer.TryGetProperty("maxzoom", out var most) ? most.GetInt32() : max,
                       Fields(layer)),
            ];
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new TileArchiveException("the file's description of its layers can't be read", damaged);
        }
    }
}
