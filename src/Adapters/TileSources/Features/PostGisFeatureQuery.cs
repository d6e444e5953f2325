using System.Globalization;
using GeoWps.Adapters.TileSources.PostGis;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;

namespace GeoWps.Adapters.TileSources.Features;

/// <summary>The statements that read features: each goes by the index of the ids or of the geometries, and what comes before a page is not read.</summary>
internal static class PostGisFeatureQuery
{
    /// <summary>Rows of id, well-known binary, and the fields as one JSON object.</summary>
    /// <param name="limit">Rows of one statement.</param>
    public static (string Sql, List<object?> Parameters) Read(Layer layer, FeatureQuery query, string? after, long limit)
    {
        var source = (LayerSource.PostGis)layer.Source;
        var parameters = new List<object?>();
        var geometry = $"s.{PostGisFrom.Quote(source.GeometryColumn)}::geometry";
        var fields = (query.Fields ?? layer.Contents.Fields).Select(Written).ToArray();
        var json = fields.Length == 0 ? "'{}'" : $"(SELECT row_to_json(f)::text FROM (SELECT {string.Join(", ", fields)}) AS f)";
        var id = Id(layer, source);
        var sql = $"""
            SELECT {id}, ST_AsBinary(CASE WHEN ST_HasArc({geometry}) THEN ST_CurveToLine({geometry}) ELSE {geometry} END, 'NDR'), {json}
            FROM {From(source)} AS s{Where(layer, source, query, after, parameters)} ORDER BY {id} LIMIT {limit.ToString(CultureInfo.InvariantCulture)}
            """;
        return (sql, parameters);
    }

    /// <param name="most">Where counting ends; <see langword="null"/>: nowhere.</param>
    public static (string Sql, List<object?> Parameters) Count(Layer layer, FeatureQuery query, long? most)
    {
        var source = (LayerSource.PostGis)layer.Source;
        var parameters = new List<object?>();
        var limit = most is { } end ? $" LIMIT {end.ToString(CultureInfo.InvariantCulture)}" : "";
        return ($"SELECT count(*) FROM (SELECT 1 FROM {From(source)} AS s{Where(layer, source, query, null, parameters)}{limit}) AS c", parameters);
    }

    /// <summary>Whether the ids are whole numbers; else they are texts, whatever the database has them as.</summary>
    public static bool IsWhole(Layer layer) =>
        layer.Contents.Fields.Any(field => field.Name == ((LayerSource.PostGis)layer.Source).IdColumn && field.Type == "integer");

    private static string From(LayerSource.PostGis source) =>
        PostGisFrom.TryParse(source.From, out var from) ? from.Sql : throw new FeatureStoreException("the layer's source is no table and no query in brackets");

    private static string Id(Layer layer, LayerSource.PostGis source) => $"s.{PostGisFrom.Quote(source.IdColumn!)}{(IsWhole(layer) ? "" : "::text")}";

    private static string Where(Layer layer, LayerSource.PostGis source, FeatureQuery query, string? after, List<object?> parameters)
    {
        // What has no id can't be asked for again.
        var where = new List<string> { $"{Id(layer, source)} IS NOT NULL" };
        if (after is not null)
        {
            where.Add($"{Id(layer, source)} > {Bind(IdOf(layer, after))}");
        }

        if (query.Ids is { } ids)
        {
            where.Add($"{Id(layer, source)} = ANY ({Bind(IsWhole(layer) ? ids.Where(text => GeoPackageFeatureStore.TryId(text, out _)).Select(text => (long)IdOf(layer, text)).ToArray() : ids.ToArray())})");
        }

        if (query.Areas is { } areas)
        {
            where.Add(areas.Count == 0 ? "false" : $"({string.Join(" OR ", areas.Select(area => Meets($"s.{PostGisFrom.Quote(source.GeometryColumn)}", source.Srid, [Bind(area.MinX), Bind(area.MinY), Bind(area.MaxX), Bind(area.MaxY)])))})");
        }

        where.AddRange(query.Matches.Select(match => $"{Value(match.Field)} = {Bind(match.Value is DateTimeOffset time ? time.ToUniversalTime() : match.Value)}"));
        if (query.Time is { } asked)
        {
            var isDate = asked.Field.Format == "date";
            where.Add($"{Value(asked.Field)} IS NOT NULL");
            if (asked.Interval.From is { } from)
            {
                where.Add($"{Value(asked.Field)} >= {Bind(isDate ? DateOnly.FromDateTime(from.UtcDateTime) : from.ToUniversalTime())}");
            }

            if (asked.Interval.To is { } to)
            {
                where.Add($"{Value(asked.Field)} <= {Bind(isDate ? DateOnly.FromDateTime(to.UtcDateTime) : to.ToUniversalTime())}");
            }
        }

        return " WHERE " + string.Join(" AND ", where);

        string Bind(object value)
        {
            parameters.Add(value);
            return $"${parameters.Count.ToString(CultureInfo.InvariantCulture)}";
        }
    }

    /// <summary>By the index first; exactly then, where a geometry is valid enough to be asked.</summary>
    private static string Meets(string geometry, int srid, string[] corners)
    {
        // A rectangle without width is a line or a point; as a polygon it would meet nothing.
        var envelope = $"ST_SetSRID(ST_Envelope(ST_MakeLine(ST_MakePoint({corners[0]}, {corners[1]}), ST_MakePoint({corners[2]}, {corners[3]}))), {srid.ToString(CultureInfo.InvariantCulture)})";
        return $"({geometry}::geometry && {envelope} AND ST_Intersects({geometry}::geometry, {envelope}))";
    }

    private static object IdOf(Layer layer, string text) => IsWhole(layer) ? long.Parse(text, CultureInfo.InvariantCulture) : text;

    /// <summary>What is said to be a text is one in JSON, too.</summary>
    private static string Written(LayerField field) => field is { Type: "string", Format: null }
        ? $"s.{PostGisFrom.Quote(field.Name)}::text AS {PostGisFrom.Quote(field.Name)}" : $"s.{PostGisFrom.Quote(field.Name)}";

    /// <summary>Numbers as they are said in a request; a time without a zone is one of UTC.</summary>
    private static string Value(LayerField field) => (field.Type, field.Format) switch
    {
        ("integer" or "boolean", _) => $"s.{PostGisFrom.Quote(field.Name)}",
        ("number", _) => $"s.{PostGisFrom.Quote(field.Name)}::float8",
        (_, "date" or "date-time") => $"s.{PostGisFrom.Quote(field.Name)}",
        _ => $"s.{PostGisFrom.Quote(field.Name)}::text",
    };
}
