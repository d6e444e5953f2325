using System.Data;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoWps.Adapters.TileSources.PostGis;

/// <summary>Looks at tables and queries before they are layers.</summary>
internal sealed partial class PostGisInspector(PostGisDatabases databases, ICoordinateTransforms transforms, ILogger<PostGisInspector> logger) : IPostGisTables
{
    /// <summary>Rows from which CRS and kind of geometry are read where the column does not say.</summary>
    private const int Sample = 1000;

    /// <summary>Fields of dates whose ends are looked for.</summary>
    private const int MostTimes = 8;

    private const string From = "from";
    private const string GeometryColumn = "geometryColumn";

    public IReadOnlyList<string> Connections => databases.Names;

    public async Task<PostGisInspection> InspectAsync(string connection, string from, string? geometryColumn, string? idColumn, CancellationToken cancellationToken)
    {
        if (databases.Find(connection) is not { } database)
        {
            return new PostGisInspection.Refused("connection", $"the settings have none of the name '{connection}' (Sources:Connections)");
        }

        if (!PostGisFrom.TryParse(from, out var parsed))
        {
            return new PostGisInspection.Refused(From, "must be a table (name, or schema.name), or one query in brackets");
        }

        try
        {
            return await InspectAsync(database, connection, from, parsed, geometryColumn, idColumn, cancellationToken);
        }
        catch (RefusedException refusal)
        {
            return new PostGisInspection.Refused(refusal.Place, refusal.Message);
        }
        catch (Exception failure) when (PostGisFailures.IsOfDatabase(failure) && !cancellationToken.IsCancellationRequested)
        {
            LogFailed(connection, failure);
            var (message, retryAfter) = PostGisFailures.Told(failure, databases.TimeLimit);
            return retryAfter is null ? new PostGisInspection.Refused(From, message) : new PostGisInspection.Unavailable(message);
        }
    }

    private async Task<PostGisInspection> InspectAsync(
        NpgsqlDataSource database, string connection, string text, PostGisFrom from, string? geometryColumn, string? idColumn, CancellationToken cancellationToken)
    {
        var columns = await ColumnsAsync(database, from, cancellationToken);
        var geometries = columns.Where(column => column.Type is "geometry" or "geography").Select(column => column.Name).ToArray();
        var geometry = geometryColumn switch
        {
            null when geometries.Length == 1 => geometries[0],
            null when geometries.Length == 0 => throw new RefusedException(From, "has no column of geometries"),
            null => throw new RefusedException(GeometryColumn, $"there are several: {string.Join(", ", geometries)}"),
            _ => geometries.Contains(geometryColumn) ? geometryColumn : throw new RefusedException(GeometryColumn, $"there is no column of geometries '{geometryColumn}'"),
        };
        if (idColumn is not null && !columns.Exists(column => column.Name == idColumn))
        {
            throw new RefusedException("idColumn", $"there is no column '{idColumn}'");
        }

        var id = idColumn ?? (from.IsQuery ? null : await KeyAsync(database, from, columns, cancellationToken));
        var (srid, kind) = await KindAsync(database, from, geometry, cancellationToken);
        var (extent, count) = await MeasureAsync(database, from, geometry, srid, cancellationToken);
        var fields = await WithTimesAsync(database, from, columns, [.. columns.Where(column => column.Name != geometry).Select(FieldOf).OfType<LayerField>()], cancellationToken);
        return new PostGisInspection.Found(
            new LayerSource.PostGis(connection, text.Trim(), geometry, id, srid),
            new LayerContents
            {
                Kind = LayerKind.Vector,
                Crs = PostGisTileQuery.CrsOf(srid),
                Extent = extent,
                GeometryType = kind,
                FeatureCount = count,
                Fields = fields,
            });
    }

    /// <summary>Names and types, as the database describes a statement that gives no rows.</summary>
    private Task<List<Column>> ColumnsAsync(NpgsqlDataSource database, PostGisFrom from, CancellationToken cancellationToken) =>
        databases.ReadAsync(database, $"SELECT * FROM {from.Sql} AS s LIMIT 0", [], (reader, _) => Task.FromResult(
            Enumerable.Range(0, reader.FieldCount).Select(i => new Column(reader.GetName(i), reader.GetDataTypeName(i).Split('.')[^1].Split('(')[0])).ToList()), cancellationToken);

    /// <summary>A primary key that is one whole number.</summary>
    private async Task<string?> KeyAsync(NpgsqlDataSource database, PostGisFrom from, List<Column> columns, CancellationToken cancellationToken)
    {
        const string Sql = """
            SELECT a.attname::text FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = $1::regclass AND i.indisprimary AND i.indnkeyatts = 1
            """;
        var key = await databases.ReadAsync(database, Sql, [from.Sql], async (reader, token) => await reader.ReadAsync(token) ? reader.GetString(0) : null, cancellationToken);
        return columns.Exists(column => column.Name == key && IsWhole(column.Type)) ? key : null;
    }

    /// <summary>The SRID and the kind of geometry: what the column is declared as, or what the first rows have.</summary>
    private async Task<(int Srid, string? Kind)> KindAsync(NpgsqlDataSource database, PostGisFrom from, string geometry, CancellationToken cancellationToken)
    {
        var column = PostGisFrom.Quote(geometry);
        var declared = from.IsQuery ? (0, null) : await databases.ReadAsync(
            database,
            "SELECT postgis_typmod_srid(atttypmod), postgis_typmod_type(atttypmod) FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2 AND atttypmod > 0",
            [from.Sql, geometry],
            async (reader, token) => await reader.ReadAsync(token) ? (reader.GetInt32(0), reader.GetString(1)) : (0, (string?)null),
            cancellationToken);
        var seen = await databases.ReadAsync(
            database,
            $"SELECT DISTINCT ST_SRID(g), GeometryType(g) FROM (SELECT s.{column}::geometry AS g FROM {from.Sql} AS s WHERE s.{column} IS NOT NULL LIMIT {Sample}) AS x",
            [],
            async (reader, token) =>
            {
                var found = new List<(int Srid, string Kind)>();
                while (await reader.ReadAsync(token))
                {
                    found.Add((reader.GetInt32(0), reader.GetString(1)));
                }

                return found;
            },
            cancellationToken);
        var srids = declared.Item1 > 0 ? [declared.Item1] : seen.Select(one => one.Srid).Distinct().ToArray();
        if (srids is not [> 0 and var srid])
        {
            throw new RefusedException(From, srids.Length > 1 ? "its geometries have different SRIDs" : seen.Count == 0 ? "nothing says which SRID it has" : "its geometries have no SRID");
        }

        string?[] kinds = [.. (KindOf(declared.Item2) is { } one ? [one] : seen.Select(row => KindOf(row.Kind))).Distinct()];
        return (srid, kinds is [var kind] ? kind : null);
    }

    /// <summary>Where the features are, and how many: the planner's estimates where it has any, else all of them are looked at.</summary>
    private async Task<(Extent Extent, long Count)> MeasureAsync(NpgsqlDataSource database, PostGisFrom from, string geometry, int srid, CancellationToken cancellationToken)
    {
        var (extent, count) = from.IsQuery ? (Extent.Empty, 0L) : await EstimateAsync(database, from, geometry, cancellationToken);
        if (extent.IsEmpty)
        {
            (extent, count) = await databases.ReadAsync(
                database,
                $"SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e), c FROM (SELECT ST_Extent(s.{PostGisFrom.Quote(geometry)}::geometry) AS e, count(*) AS c FROM {from.Sql} AS s) AS x",
                [],
                ReadAsync,
                cancellationToken);
        }

        var crs = PostGisTileQuery.CrsOf(srid);
        var degrees = extent.IsEmpty ? Extent.Empty : transforms.Extent(extent, crs, Crs.Crs84) ?? await DegreesAsync(database, extent, srid, cancellationToken);
        return (degrees, count);
    }

    private async Task<(Extent Extent, long Count)> EstimateAsync(NpgsqlDataSource database, PostGisFrom from, string geometry, CancellationToken cancellationToken)
    {
        // Only tables have statistics, and only since they were analysed; for others the function fails, so it is not asked.
        const string Sql = """
            SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e), n FROM (
              SELECT CASE WHEN EXISTS (SELECT FROM pg_stats AS p WHERE p.schemaname = s.nspname AND p.tablename = c.relname AND p.attname = $2)
                     THEN ST_EstimatedExtent(s.nspname::text, c.relname::text, $2) END AS e, c.reltuples::int8 AS n
              FROM pg_class AS c JOIN pg_namespace AS s ON s.oid = c.relnamespace
              WHERE c.oid = $1::regclass AND c.relkind = 'r' AND c.reltuples > 0) AS x
            """;
        try
        {
            return await databases.ReadAsync(database, Sql, [from.Sql, geometry], ReadAsync, cancellationToken);
        }
        catch (PostgresException)
        {
            return (Extent.Empty, 0);
        }
    }

    private async Task<Extent> DegreesAsync(NpgsqlDataSource database, Extent extent, int srid, CancellationToken cancellationToken)
    {
        const string Sql = """
            SELECT ST_XMin(g), ST_YMin(g), ST_XMax(g), ST_YMax(g), 0::int8
            FROM (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1, $2, $3, $4, $5), $6), 4326) AS g) AS x
            """;
        var step = Math.Max(Math.Max(extent.Width, extent.Height) / 64, 1e-9);
        return (await databases.ReadAsync(database, Sql, [extent.MinX, extent.MinY, extent.MaxX, extent.MaxY, srid, step], ReadAsync, cancellationToken)).Extent;
    }

    /// <summary>Fields of dates with their first and last, where the database finds them in time: without an index it looks at all rows.</summary>
    private async Task<LayerField[]> WithTimesAsync(NpgsqlDataSource database, PostGisFrom from, List<Column> columns, LayerField[] fields, CancellationToken cancellationToken)
    {
        LayerField[] dates = [.. fields.Where(field => field.Format is not null).Take(MostTimes)];
        if (dates.Length == 0)
        {
            return fields;
        }

        var ends = dates.SelectMany(field => (string[])["min", "max"], (field, end) => EndOf(field, columns.Find(column => column.Name == field.Name)!.Type, end));
        try
        {
            var ranges = await databases.ReadAsync(
                database,
                $"SELECT {string.Join(", ", ends)} FROM {from.Sql} AS s",
                [],
                async (reader, token) => await reader.ReadAsync(token)
                    ? Enumerable.Range(0, dates.Length).Select(i => RangeOf(reader.GetValue(2 * i) as string, reader.GetValue((2 * i) + 1) as string)).ToArray()
                    : new TimeInterval?[dates.Length],
                cancellationToken);
            return [.. fields.Select(field => Array.IndexOf(dates, field) is >= 0 and var at ? field with { Range = ranges[at] } : field)];
        }
        catch (Exception failure) when (PostGisFailures.IsOfDatabase(failure) && !cancellationToken.IsCancellationRequested)
        {
            // A layer does as well without.
            return fields;
        }
    }

    /// <summary>The first or last time of a column as text; times without a zone are UTC, as everywhere here.</summary>
    private static string EndOf(LayerField field, string type, string end)
    {
        var column = $"s.{PostGisFrom.Quote(field.Name)}";
        var value = $"{end}({column}) FILTER (WHERE isfinite({column}))";
        return type switch
        {
            "date" => $"to_char({value}, 'YYYY-MM-DD')",
            "timestamp with time zone" => $"to_char(({value}) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
            _ => $"to_char({value}, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
        };
    }

    private static TimeInterval? RangeOf(string? first, string? last) =>
        TimeInterval.TryParse(first ?? "", out var from) && TimeInterval.TryParse(last ?? "", out var to) && from.From <= to.To ? new TimeInterval(from.From, to.To) : null;

    private static async Task<(Extent Extent, long Count)> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        !await reader.ReadAsync(cancellationToken) ? (Extent.Empty, 0)
        : reader.IsDBNull(0) ? (Extent.Empty, reader.GetInt64(4))
        : (new Extent(reader.GetDouble(0), reader.GetDouble(1), reader.GetDouble(2), reader.GetDouble(3)), reader.GetInt64(4));

    private static string? KindOf(string? type) => type?.ToUpperInvariant() switch
    {
        "POINT" or "MULTIPOINT" or "POINTZ" or "MULTIPOINTZ" or "POINTM" or "POINTZM" => "Point",
        "LINESTRING" or "MULTILINESTRING" or "LINESTRINGZ" or "MULTILINESTRINGZ" or "COMPOUNDCURVE" or "MULTICURVE" or "CIRCULARSTRING" => "LineString",
        "POLYGON" or "MULTIPOLYGON" or "POLYGONZ" or "MULTIPOLYGONZ" or "CURVEPOLYGON" or "MULTISURFACE" => "Polygon",
        _ => null,
    };

    private static bool IsWhole(string type) => type is "smallint" or "integer" or "bigint";

    /// <summary>As JSON Schema knows it; <see langword="null"/> for what no tile and no GeoJSON can hold.</summary>
    private static LayerField? FieldOf(Column column) => column.Type switch
    {
        "smallint" or "integer" or "bigint" => new LayerField(column.Name, "integer"),
        "real" or "double precision" or "numeric" => new LayerField(column.Name, "number"),
        "boolean" => new LayerField(column.Name, "boolean"),
        "date" => new LayerField(column.Name, "string", "date"),
        "timestamp with time zone" or "timestamp without time zone" => new LayerField(column.Name, "string", "date-time"),
        "geometry" or "geography" or "raster" or "bytea" => null,
        _ => new LayerField(column.Name, "string"),
    };

    [LoggerMessage(EventId = 4221, Level = LogLevel.Warning, Message = "The database {Connection} could not be looked at")]
    private partial void LogFailed(string connection, Exception failure);

    private sealed record Column(string Name, string Type);

    private sealed class RefusedException(string place, string message) : Exception(message)
    {
        public string Place { get; } = place;
    }
}
