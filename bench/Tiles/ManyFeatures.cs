using System.Buffers.Binary;
using System.Globalization;
using GeoWps.Domain.Spatial;
using SQLitePCL;

namespace GeoWps.Bench.Tiles;

/// <summary>A GeoPackage with very many small features: points, and polygons of eight places, strewn over a part of the world.</summary>
internal static class ManyFeatures
{
    public static Extent Where { get; } = new(0, 30, 40, 60);

    public static void Write(string path, int count)
    {
        Batteries_V2.Init();
        raw.sqlite3_open(path, out var database);
        using (database)
        {
            Run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA application_id = 1196444487; PRAGMA user_version = 10300; BEGIN");
            Run("""
                CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
                INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]', NULL);
                CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT, description TEXT, last_change DATETIME NOT NULL DEFAULT '2026-01-01T00:00:00Z', min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
                CREATE TABLE gpkg_geometry_columns (table_name TEXT PRIMARY KEY, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z TINYINT, m TINYINT);
                """);
            foreach (var (table, type, places) in ((string, string, int)[])[("points", "POINT", 1), ("polygons", "POLYGON", 8)])
            {
                Run($"""
                    INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('{table}', 'features', '{table}', 4326);
                    INSERT INTO gpkg_geometry_columns VALUES ('{table}', 'geom', '{type}', 4326, 0, 0);
                    CREATE TABLE {table} (fid INTEGER PRIMARY KEY, geom {type}, name TEXT, kind INTEGER, height REAL);
                    CREATE VIRTUAL TABLE rtree_{table}_geom USING rtree(id, minx, maxx, miny, maxy);
                    """);
                Fill(database, table, places, count);
            }

            Run("COMMIT");

            void Run(string sql)
            {
                if (raw.sqlite3_exec(database, sql) != raw.SQLITE_OK)
                {
                    throw new InvalidOperationException(raw.sqlite3_errmsg(database).utf8_to_string());
                }
            }
        }
    }

    private static void Fill(sqlite3 database, string table, int places, int count)
    {
        var random = new Random(places);
        raw.sqlite3_prepare_v2(database, $"INSERT INTO {table} VALUES (?, ?, ?, ?, ?)", out var row);
        raw.sqlite3_prepare_v2(database, $"INSERT INTO rtree_{table}_geom VALUES (?, ?, ?, ?, ?)", out var box);
        using (row)
        using (box)
        {
            for (var id = 1; id <= count; id++)
            {
                var (x, y, size) = (Where.MinX + (random.NextDouble() * Where.Width), Where.MinY + (random.NextDouble() * Where.Height), places == 1 ? 0 : 0.002 + (random.NextDouble() * 0.02));
                raw.sqlite3_bind_int64(row, 1, id);
                raw.sqlite3_bind_blob(row, 2, Geometry(x, y, size, places, random));
                raw.sqlite3_bind_text(row, 3, string.Create(CultureInfo.InvariantCulture, $"thing {random.Next(10_000)}"));
                raw.sqlite3_bind_int64(row, 4, random.Next(20));
                raw.sqlite3_bind_double(row, 5, random.Next(1000) / 10d);
                raw.sqlite3_step(row);
                raw.sqlite3_reset(row);
                raw.sqlite3_bind_int64(box, 1, id);
                raw.sqlite3_bind_double(box, 2, x - size);
                raw.sqlite3_bind_double(box, 3, x + size);
                raw.sqlite3_bind_double(box, 4, y - size);
                raw.sqlite3_bind_double(box, 5, y + size);
                raw.sqlite3_step(box);
                raw.sqlite3_reset(box);
            }
        }
    }

    private static byte[] Geometry(double x, double y, double size, int places, Random random)
    {
        var bytes = new byte[places == 1 ? 8 + 21 : 8 + 13 + (16 * (places + 1))];
        (bytes[0], bytes[1], bytes[3], bytes[8], bytes[9]) = ((byte)'G', (byte)'P', 1, 1, (byte)(places == 1 ? 1 : 3));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), 4326);
        var at = 13;
        if (places > 1)
        {
            bytes[13] = 1;
            bytes[17] = (byte)(places + 1);
            at = 21;
        }

        for (var i = 0; i < places; i++)
        {
            var far = size * (0.5 + (0.5 * random.NextDouble()));
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(at), x + (far * Math.Cos(2 * Math.PI * i / places)));
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(at + 8), y + (far * Math.Sin(2 * Math.PI * i / places)));
            at += 16;
        }

        if (places > 1)
        {
            bytes.AsSpan(21, 16).CopyTo(bytes.AsSpan(at));
        }

        return bytes;
    }
}
