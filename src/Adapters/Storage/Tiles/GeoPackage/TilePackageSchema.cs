using System.Globalization;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Storage.Tiles.GeoPackage;

/// <summary>Tables of a GeoPackage of tiles (OGC 12-128r19, 1.1 and 2.2), and ours.</summary>
internal static class TilePackageSchema
{
    private const string Tables =
        """
        PRAGMA application_id = 0x47504B47;
        PRAGMA user_version = 10300;
        CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
          organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
        INSERT INTO gpkg_spatial_ref_sys VALUES
          ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', NULL),
          ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL),
          ('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]', NULL);
        CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
          last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id));
        CREATE TABLE gpkg_tile_matrix_set (table_name TEXT NOT NULL PRIMARY KEY REFERENCES gpkg_contents(table_name), srs_id INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys(srs_id),
          min_x DOUBLE NOT NULL, min_y DOUBLE NOT NULL, max_x DOUBLE NOT NULL, max_y DOUBLE NOT NULL);
        CREATE TABLE gpkg_tile_matrix (table_name TEXT NOT NULL REFERENCES gpkg_contents(table_name), zoom_level INTEGER NOT NULL, matrix_width INTEGER NOT NULL, matrix_height INTEGER NOT NULL,
          tile_width INTEGER NOT NULL, tile_height INTEGER NOT NULL, pixel_x_size DOUBLE NOT NULL, pixel_y_size DOUBLE NOT NULL, PRIMARY KEY (table_name, zoom_level));
        CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL, UNIQUE (table_name, column_name, extension_name));
        CREATE TABLE geowps_tileset (layer TEXT NOT NULL, tile_matrix_set TEXT NOT NULL, format TEXT NOT NULL);
        CREATE TABLE geowps_level (id INTEGER PRIMARY KEY AUTOINCREMENT, zoom_level INTEGER NOT NULL, is_live INTEGER NOT NULL, tiles INTEGER NOT NULL);
        CREATE UNIQUE INDEX geowps_level_live ON geowps_level (zoom_level) WHERE is_live = 1;
        CREATE TABLE geowps_content (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, uses INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE TABLE geowps_tile (level INTEGER NOT NULL, tile_row INTEGER NOT NULL, tile_column INTEGER NOT NULL, content INTEGER NOT NULL, made INTEGER NOT NULL, flags INTEGER NOT NULL,
          PRIMARY KEY (level, tile_row, tile_column)) WITHOUT ROWID;
        CREATE TABLE geowps_use (bytes INTEGER NOT NULL);
        INSERT INTO geowps_use VALUES (0);
        CREATE VIEW tiles AS SELECT ((l.zoom_level << 58) | (t.tile_row << 29) | t.tile_column) AS id, l.zoom_level AS zoom_level, t.tile_column AS tile_column, t.tile_row AS tile_row, c.data AS tile_data
          FROM geowps_level l JOIN geowps_tile t ON t.level = l.id JOIN geowps_content c ON c.id = t.content WHERE l.is_live = 1 AND length(c.data) > 0;
        """;

    /// <summary>Makes what is missing: all of it, in a new file.</summary>
    /// <param name="set">The grid; where it is not known, or is none that the standard's tables can hold, the file is ours alone.</param>
    public static void Make(SqliteSession session, TilesetKey tileset, TileMatrixSet? set)
    {
        if (session.Number("SELECT count(*) FROM sqlite_master WHERE name = 'geowps_use'") > 0)
        {
            return;
        }

        session.Run($"BEGIN; {Tables}");
        session.Execute("INSERT INTO geowps_tileset VALUES ($layer, $set, $format)", ("$layer", tileset.Layer), ("$set", tileset.TileMatrixSet), ("$format", tileset.Format.Name));
        if (!tileset.Format.IsVector && set is not null && CanHold(set))
        {
            Describe(session, tileset, set);
        }

        session.Run("COMMIT;");
    }

    // One box and one corner for all levels, and whole columns (2.2.6 and 2.2.7).
    private static bool CanHold(TileMatrixSet set)
    {
        var all = set.Matrices[0].Extent;
        return int.TryParse(set.Crs.Authority == "OGC" ? "4326" : set.Crs.Code, CultureInfo.InvariantCulture, out _)
            && set.Matrices.All(matrix => matrix.CornerOfOrigin == CornerOfOrigin.TopLeft && matrix.VariableMatrixWidths.Count == 0
                && Math.Abs(matrix.Extent.MinX - all.MinX) + Math.Abs(matrix.Extent.MinY - all.MinY) + Math.Abs(matrix.Extent.MaxX - all.MaxX) < matrix.CellSize);
    }

    private static void Describe(SqliteSession session, TilesetKey tileset, TileMatrixSet set)
    {
        var srs = int.Parse(set.Crs.Authority == "OGC" ? "4326" : set.Crs.Code, CultureInfo.InvariantCulture);
        session.Execute("INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES ($name, $id, 'EPSG', $id, 'undefined', NULL)", ("$name", set.Crs.ToString()), ("$id", srs));
        var box = set.Matrices[0].Extent;
        ReadOnlySpan<(string, object?)> place = [("$minX", box.MinX), ("$minY", box.MinY), ("$maxX", box.MaxX), ("$maxY", box.MaxY), ("$srs", srs)];
        session.Execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, min_x, min_y, max_x, max_y, srs_id) VALUES ('tiles', 'tiles', $layer, $minX, $minY, $maxX, $maxY, $srs)",
            [("$layer", tileset.Layer), .. place]);
        session.Execute("INSERT INTO gpkg_tile_matrix_set VALUES ('tiles', $srs, $minX, $minY, $maxX, $maxY)", place);
        for (var level = 0; level < set.Matrices.Count; level++)
        {
            var matrix = set.Matrices[level];
            session.Execute(
                "INSERT INTO gpkg_tile_matrix VALUES ('tiles', $level, $width, $height, $tileWidth, $tileHeight, $cell, $cell)",
                ("$level", level), ("$width", matrix.MatrixWidth), ("$height", matrix.MatrixHeight), ("$tileWidth", matrix.TileWidth), ("$tileHeight", matrix.TileHeight), ("$cell", matrix.CellSize));
        }

        if (set.Matrices.Zip(set.Matrices.Skip(1)).Any(two => Math.Abs((two.First.CellSize / two.Second.CellSize) - 2) > 1e-6))
        {
            session.Execute("INSERT INTO gpkg_extensions VALUES ('tiles', 'tile_data', 'gpkg_zoom_other', 'http://www.geopackage.org/spec/#extension_zoom_other_intervals', 'read-write')");
        }

        if (tileset.Format.Name == "webp")
        {
            session.Execute("INSERT INTO gpkg_extensions VALUES ('tiles', 'tile_data', 'gpkg_webp', 'http://www.geopackage.org/spec/#extension_tiles_webp', 'read-write')");
        }
    }
}
