using System.Globalization;
using GeoWps.Domain.Records;
using GeoWps.Domain.Spatial;

namespace GeoWps.Application.Records;

/// <summary>Geometries of a filter as well-known text (OGC 21-065r2, clause 6.3.4), made into GeoJSON. Heights are left out.</summary>
internal sealed class Cql2Shapes(Cql2Cursor cursor, bool isLatitudeFirst)
{
    private const int MaxDepth = 8;

    // Its name in GeoJSON, how deep its positions are within parentheses, and how many positions make one row of it.
    private static readonly (string Name, string Type, int Depth, int Least)[] _types =
    [
        ("POINT", "Point", 1, 1), ("LINESTRING", "LineString", 1, 2), ("POLYGON", "Polygon", 2, 4),
        ("MULTIPOINT", "MultiPoint", 1, 1), ("MULTILINESTRING", "MultiLineString", 2, 2), ("MULTIPOLYGON", "MultiPolygon", 3, 4),
    ];

    public RecordFilter.Meets Read()
    {
        var (area, json) = Geometry(0);
        return area is { Width: 0, Height: 0 } ? new RecordFilter.Meets(area) : new RecordFilter.Meets(area, json);
    }

    private (Extent Area, string Json) Geometry(int depth)
    {
        if (depth > MaxDepth)
        {
            throw new Cql2Exception(cursor.Current.At, $"geometries are within each other at most {MaxDepth} times");
        }

        if (!Cql2Literals.IsShape(cursor.Current) || cursor.Current.Is("BBOX"))
        {
            throw cursor.Expected("a geometry");
        }

        var name = cursor.Current;
        cursor.Move();
        _ = cursor.Take("Z");
        if (name.Is("GEOMETRYCOLLECTION"))
        {
            var (all, members) = Members(() => Geometry(depth + 1));
            return (all, $"{{\"type\":\"GeometryCollection\",\"geometries\":[{string.Join(',', members)}]}}");
        }

        var type = _types.First(one => name.Is(one.Name));
        var (area, coordinates) = Coordinates(type.Name, type.Depth, type.Least);
        return (area, $"{{\"type\":\"{type.Type}\",\"coordinates\":{coordinates}}}");
    }

    private (Extent Area, string Json) Coordinates(string type, int depth, int least)
    {
        var at = cursor.Current.At;
        if (depth > 1)
        {
            var (area, rows) = Members(() => Coordinates(type, depth - 1, least));
            return (area, $"[{string.Join(',', rows)}]");
        }

        // (1 2, 3 4) is also written ((1 2), (3 4)).
        var (all, positions) = Members(() => type == "MULTIPOINT" && cursor.TakeSign("(") ? InParentheses() : Position());
        if (positions.Count < least || (type == "POINT" && positions.Count > 1))
        {
            throw new Cql2Exception(at, type == "POINT" ? "a POINT has one position" : $"{least} positions are needed here at least");
        }

        if (least == 4 && positions[0] != positions[^1])
        {
            throw new Cql2Exception(at, "a ring ends where it begins");
        }

        return (all, type == "POINT" ? positions[0] : $"[{string.Join(',', positions)}]");
    }

    private (Extent Area, List<string> Json) Members(Func<(Extent Area, string Json)> member)
    {
        cursor.ExpectSign("(");
        var (area, json) = member();
        List<string> all = [json];
        while (cursor.TakeSign(","))
        {
            var (next, nextJson) = member();
            area = area.Join(next);
            all.Add(nextJson);
        }

        cursor.ExpectSign(")");
        return (area, all);
    }

    private (Extent Area, string Json) InParentheses()
    {
        var position = Position();
        cursor.ExpectSign(")");
        return position;
    }

    private (Extent Area, string Json) Position()
    {
        var (x, y) = (Cql2Literals.Number(cursor), Cql2Literals.Number(cursor));
        if (cursor.Current.Kind == Cql2TokenKind.Number)
        {
            cursor.Move();
        }

        (x, y) = isLatitudeFirst ? (y, x) : (x, y);
        return (new Extent(x, y, x, y), string.Create(CultureInfo.InvariantCulture, $"[{x:R},{y:R}]"));
    }
}
