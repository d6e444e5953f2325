using System.Text.RegularExpressions;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;
using Microsoft.Data.Sqlite;

namespace GeoWps.Adapters.Storage.Layers;

/// <summary>Reads what GeoPackages (OGC 12-128r18) hold. Files may be of strangers: they are opened for reading, and functions in their schema are not run.</summary>
internal sealed partial class GeoPackages : IVectorStores
{
    private const int HeaderBytes = 100;

    /// <summary>Fields of dates whose ends are looked for.</summary>
    private const int MostTimes = 8;

    /// <summary>In the header of a SQLite file, the versions for reading and writing: 2 is a write-ahead log.</summary>
    private const int FormatVersions = 18;

    /// <summary>R-trees hold single floats, rounded outwards: a box that differs from one by less is the same.</summary>
    private const double Rounding = 1e-6;

    public Task<VectorInspection> InspectAsync(string path, string? table, CancellationToken cancellationToken)
    {
        var kind = DataFileHead.KindOf(path);
        if (kind != DataFileKind.Sqlite)
        {
            return Task.FromResult<VectorInspection>(new VectorInspection.Other(kind));
        }

        try
        {
            using var connection = Open(path, SqliteOpenMode.ReadOnly);
            return Task.FromResult(Inspect(connection, table));
        }
        catch (SqliteException damage)
        {
            return Task.FromResult<VectorInspection>(new VectorInspection.Refused($"is a damaged GeoPackage (SQLite error {damage.SqliteErrorCode})"));
        }
    }

    public async Task CopyAsync(string path, string copy, CancellationToken cancellationToken)
    {
        if (DataFileHead.KindOf(path) == DataFileKind.Sqlite && (File.Exists(path + "-wal") || File.Exists(path + "-journal")))
        {
            // Only SQLite knows what belongs together.
            using var source = Open(path, SqliteOpenMode.ReadOnly);
            using var target = Open(copy, SqliteOpenMode.ReadWriteCreate);
            source.BackupDatabase(target);
        }
        else
        {
            await using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, useAsync: false);
            await using var target = new FileStream(copy, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: false);
            await source.CopyToAsync(target, cancellationToken);
        }

        WithoutLog(copy);
    }

    /// <summary>A file in that mode can't be read without writing beside it.</summary>
    private static void WithoutLog(string path)
    {
        var header = new byte[HeaderBytes];
        using (var file = File.OpenRead(path))
        {
            if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !DataFileHead.IsSqlite(header) || header[FormatVersions] != 2)
            {
                return;
            }
        }

        using var connection = Open(path, SqliteOpenMode.ReadWrite);
        Run(connection, "PRAGMA journal_mode = DELETE");
    }

    private static VectorInspection Inspect(SqliteConnection connection, string? table)
    {
        if (Scalar(connection, "SELECT count(*) FROM sqlite_master WHERE name IN ('gpkg_contents', 'gpkg_geometry_columns', 'gpkg_spatial_ref_sys')") is not 3L)
        {
            return new VectorInspection.Other(DataFileKind.Sqlite);
        }

        var tables = Texts(
            connection,
            "SELECT c.table_name FROM gpkg_contents c JOIN gpkg_geometry_columns g ON g.table_name = c.table_name WHERE c.data_type = 'features' ORDER BY c.rowid");
        var name = table is null ? tables.FirstOrDefault() : tables.Find(known => known.Equals(table, StringComparison.OrdinalIgnoreCase));
        return name is not null ? Read(connection, name)
            : new VectorInspection.Refused(tables.Count == 0 ? "holds no table of features" : $"has no table {table}; there are: {string.Join(", ", tables.Take(20))}");
    }

    private static VectorInspection Read(SqliteConnection connection, string table)
    {
        using var command = Command(
            connection,
            """
            SELECT coalesce(c.identifier, ''), g.column_name, g.geometry_type_name, s.organization, s.organization_coordsys_id, s.definition, c.min_x, c.min_y, c.max_x, c.max_y, g.srs_id
            FROM gpkg_contents c JOIN gpkg_geometry_columns g ON g.table_name = c.table_name LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
            WHERE c.table_name = @table
            """,
            table);
        using var row = command.ExecuteReader();
        if (!row.Read())
        {
            return new VectorInspection.Refused($"has no table {table}");
        }

        var (title, geometry) = (row.GetString(0), row.GetString(1));
        var system = row.GetValue(10).ToString() ?? "";
        if (row.IsDBNull(3) || row.IsDBNull(4) || system is "-1" or "0")
        {
            // Requirement 11: -1 and 0 are planes and degrees of which nothing is known.
            return new VectorInspection.Refused($"does not say which coordinate reference system its table {table} is in (srs_id {system})");
        }

        var (organization, code) = (row.GetString(3), row.GetValue(4).ToString() ?? "");
        var crs = CrsOf(organization, code, row.IsDBNull(5) ? "" : row.GetString(5));
        var (fields, key) = Columns(connection, table, geometry);
        var unfit = Unfit(connection, table, geometry, key);
        var count = (long)Scalar(connection, $"SELECT count(*) FROM {Quoted(table)}")!;
        var stated = Enumerable.Range(6, 4).Any(row.IsDBNull) ? Extent.Empty : new Extent(row.GetDouble(6), row.GetDouble(7), row.GetDouble(8), row.GetDouble(9));
        return new VectorInspection.Found(new VectorTable(
            table,
            title.Length > 0 ? title : table,
            geometry,
            unfit,
            crs,
            unfit is null ? Exact(stated, IndexedExtent(connection, table, geometry)) : stated,
            TypeOf(row.GetString(2)),
            count,
            unfit is null ? WithTimes(connection, table, fields) : fields)
        {
            CrsName = $"{organization}:{code}",
        });
    }

    /// <summary>Fields of dates with their first and last: one look at the table, which has no index of them. What is no date is passed over.</summary>
    private static LayerField[] WithTimes(SqliteConnection connection, string table, List<LayerField> fields)
    {
        LayerField[] dates = [.. fields.Where(field => field.Format is not null).Take(MostTimes)];
        if (dates.Length == 0)
        {
            return [.. fields];
        }

        var ends = dates.Select(field => $"CASE WHEN {Quoted(field.Name)} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*' THEN {Quoted(field.Name)} END").SelectMany(date => (string[])[$"min({date})", $"max({date})"]);
        using var command = Command(connection, $"SELECT {string.Join(", ", ends)} FROM {Quoted(table)}", null);
        using var row = command.ExecuteReader();
        row.Read();
        return [.. fields.Select(field => Array.IndexOf(dates, field) is >= 0 and var at ? field with { Range = RangeOf(row.GetValue(2 * at) as string, row.GetValue((2 * at) + 1) as string) } : field)];
    }

    private static TimeInterval? RangeOf(string? first, string? last) =>
        TimeInterval.TryParse(first ?? "", out var from) && TimeInterval.TryParse(last ?? "", out var to) && from.From <= to.To ? new TimeInterval(from.From, to.To) : null;

    private static Crs? CrsOf(string organization, string code, string definition) =>
        organization.ToUpperInvariant() is "EPSG" or "OGC" or "ESRI" or "IGNF" && Crs.TryParse($"{organization}:{code}", out var named) ? named
        : Authority().Match(definition) is { Success: true } stated && Crs.TryParse($"{stated.Groups[1].Value}:{stated.Groups[2].Value}", out var known) ? known
        : null;

    /// <returns>The fields that are no geometry, and the name of the primary key when that is one whole number.</returns>
    private static (List<LayerField> Fields, string? Key) Columns(SqliteConnection connection, string table, string geometry)
    {
        var (fields, keys) = (new List<LayerField>(), new List<(string Name, string Type)>());
        using var command = Command(connection, "SELECT name, type, pk FROM pragma_table_info(@table)", table);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var (name, type) = (row.GetString(0), row.GetString(1));
            if (row.GetInt64(2) > 0)
            {
                keys.Add((name, type));
            }
            else if (!name.Equals(geometry, StringComparison.OrdinalIgnoreCase) && FieldOf(name, type) is { } field)
            {
                fields.Add(field);
            }
        }

        return (fields, keys is [(var key, var keyType)] && keyType.StartsWith("INTEGER", StringComparison.OrdinalIgnoreCase) ? key : null);
    }

    /// <returns><see langword="null"/> for bytes, which no map shows.</returns>
    private static LayerField? FieldOf(string name, string type) => type.ToUpperInvariant().Split('(')[0].Trim() switch
    {
        "BLOB" => null,
        "BOOLEAN" => new LayerField(name, "boolean"),
        "TINYINT" or "SMALLINT" or "MEDIUMINT" or "INT" or "INTEGER" => new LayerField(name, "integer"),
        "FLOAT" or "DOUBLE" or "REAL" => new LayerField(name, "number"),
        "DATE" => new LayerField(name, "string", "date"),
        "DATETIME" => new LayerField(name, "string", "date-time"),
        _ => new LayerField(name, "string"),
    };

    private static string? Unfit(SqliteConnection connection, string table, string geometry, string? key)
    {
        if (key is null || Scalar(connection, "SELECT type FROM sqlite_master WHERE name = @table", table) is not "table")
        {
            return "has no primary key of one whole number";
        }

        var index = RTree(table, geometry);
        if (Scalar(connection, "SELECT count(*) FROM sqlite_master WHERE name = @table AND sql LIKE 'CREATE VIRTUAL TABLE%rtree%'", index) is not 1L)
        {
            return "has no R-tree";
        }

        // One that lost its triggers is behind its table; empty geometries are in none.
        var filled = (long)Scalar(connection, $"SELECT count(*) FROM {Quoted(table)} WHERE {Quoted(geometry)} IS NOT NULL")!;
        var indexed = (long)Scalar(connection, $"SELECT count(*) FROM {Quoted(index)}")!;
        return indexed > filled || (indexed == 0 && filled > 0) ? "has an R-tree of other features" : null;
    }

    private static Extent IndexedExtent(SqliteConnection connection, string table, string geometry)
    {
        using var command = Command(connection, $"SELECT min(minx), min(miny), max(maxx), max(maxy) FROM {Quoted(RTree(table, geometry))}", null);
        using var row = command.ExecuteReader();
        return row.Read() && !row.IsDBNull(0) ? new Extent(row.GetDouble(0), row.GetDouble(1), row.GetDouble(2), row.GetDouble(3)) : Extent.Empty;
    }

    /// <summary>What the file says of itself may be old, but is exact where it is not.</summary>
    private static Extent Exact(Extent stated, Extent indexed) => stated.IsEmpty || indexed.IsEmpty ? indexed : new Extent(
        Exact(stated.MinX, indexed.MinX), Exact(stated.MinY, indexed.MinY), Exact(stated.MaxX, indexed.MaxX), Exact(stated.MaxY, indexed.MaxY));

    private static double Exact(double stated, double indexed) => Math.Abs(stated - indexed) <= Rounding * Math.Max(1, Math.Abs(indexed)) ? stated : indexed;

    private static string? TypeOf(string type) => type.ToUpperInvariant() switch
    {
        "POINT" or "MULTIPOINT" => "Point",
        "LINESTRING" or "MULTILINESTRING" or "CIRCULARSTRING" or "COMPOUNDCURVE" or "CURVE" or "MULTICURVE" => "LineString",
        "POLYGON" or "MULTIPOLYGON" or "CURVEPOLYGON" or "SURFACE" or "MULTISURFACE" => "Polygon",
        _ => null,
    };

    private static string RTree(string table, string geometry) => $"rtree_{table}_{geometry}";

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Run(connection, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = Command(connection, sql, null);
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql, string? table = null)
    {
        using var command = Command(connection, sql, table);
        return command.ExecuteScalar();
    }

    private static List<string> Texts(SqliteConnection connection, string sql)
    {
        using var command = Command(connection, sql, null);
        using var row = command.ExecuteReader();
        var texts = new List<string>();
        while (row.Read())
        {
            texts.Add(row.GetString(0));
        }

        return texts;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, string? table)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        if (table is not null)
        {
            command.Parameters.AddWithValue("@table", table);
        }

        return command;
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The last authority of a WKT: that of the whole.</summary>
    [GeneratedRegex("""(?:AUTHORITY\["|ID\[")([A-Za-z]+)"\s*,\s*"?(\w+)"?\]\s*\]\s*$""", RegexOptions.CultureInvariant)]
    private static partial Regex Authority();
}
