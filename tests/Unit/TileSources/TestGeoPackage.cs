using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace GeoWps.Tests.Unit.TileSources;

/// <summary>A GeoPackage of one table, as small as it can be.</summary>
internal sealed class TestGeoPackage : IDisposable
{
    public const string Table = "things";

    private readonly SqliteConnection _connection;
    private readonly bool _indexed;

    public TestGeoPackage(string columns = "", bool indexed = true)
    {
        _indexed = indexed;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = FilePath, Pooling = false }.ToString());
        _connection.Open();
        Run("CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z TINYINT, m TINYINT);"
            + $"INSERT INTO gpkg_geometry_columns VALUES ('{Table}', 'geom', 'GEOMETRY', 4326, 0, 0);"
            + $"CREATE TABLE {Table} (fid INTEGER PRIMARY KEY, geom BLOB{(columns.Length > 0 ? ", " + columns : "")});"
            + (indexed ? $"CREATE VIRTUAL TABLE rtree_{Table}_geom USING rtree(id, minx, maxx, miny, maxy);" : ""));
    }

    public string FilePath { get; } = Path.Combine(Path.GetTempPath(), $"geowps-{Guid.NewGuid():N}.gpkg");

    public void Add(long id, Geometry geometry, params object?[] values) => AddRaw(id, new WKBWriter().Write(geometry), geometry.EnvelopeInternal, values);

    public void AddRaw(long id, byte[] wkb, Envelope envelope, params object?[] values)
    {
        var header = new byte[8];
        (header[0], header[1], header[3]) = ((byte)'G', (byte)'P', 1);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), 4326);
        using var command = _connection.CreateCommand();
        command.CommandText = $"INSERT INTO {Table} VALUES (@id, @geom{string.Concat(values.Select((_, i) => $", @v{i}"))})";
        command.Parameters.AddWithValue("@id", id);
        command.Parameters.AddWithValue("@geom", (byte[])[.. header, .. wkb]);
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"@v{i}", values[i] ?? DBNull.Value);
        }

        command.ExecuteNonQuery();
        if (_indexed && !envelope.IsNull)
        {
            Run(FormattableString.Invariant($"INSERT INTO rtree_{Table}_geom VALUES ({id}, {envelope.MinX:R}, {envelope.MaxX:R}, {envelope.MinY:R}, {envelope.MaxY:R})"));
        }
    }

    public void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _connection.Dispose();
        File.Delete(FilePath);
    }

}
