namespace GeoWps.Adapters.Formats;

/// <summary>Reads the <c>coordinates</c> of all types but GeometryCollection. Numbers behind the third are left out, as RFC 7946 advises.</summary>
internal static class CoordinatesParser
{
    public static void Read(ref JsonCursor cursor, GeometryType type, GeometryBuffer into)
    {
        var node = into.Open(type);
        switch (type)
        {
            case GeometryType.Point:
                ReadPoint(ref cursor, into);
                break;
            case GeometryType.LineString:
            case GeometryType.MultiPoint:
                ReadPositions(ref cursor, type, into);
                break;
            case GeometryType.Polygon:
            case GeometryType.MultiLineString:
                ReadLines(ref cursor, type, node, into);
                break;
            default:
                ReadPolygons(ref cursor, into);
                break;
        }

        into.Close(node);
    }

    /// <summary><c>[]</c> is a point without a place.</summary>
    private static void ReadPoint(ref JsonCursor cursor, GeometryBuffer into)
    {
        var start = cursor.Position;
        Open(ref cursor, GeometryType.Point);
        if (!cursor.TryTake((byte)']'))
        {
            cursor.Position = start;
            ReadPosition(ref cursor, GeometryType.Point, into);
        }
    }

    private static void ReadPositions(ref JsonCursor cursor, GeometryType type, GeometryBuffer into)
    {
        Open(ref cursor, type);
        if (!cursor.TryTake((byte)']'))
        {
            do
            {
                ReadPosition(ref cursor, type, into);
            }
            while (cursor.More((byte)']'));
        }
    }

    private static void ReadLines(ref JsonCursor cursor, GeometryType type, int node, GeometryBuffer into)
    {
        Open(ref cursor, type);
        if (!cursor.TryTake((byte)']'))
        {
            do
            {
                ReadPositions(ref cursor, type, into);
                into.EndPart(node);
            }
            while (cursor.More((byte)']'));
        }
    }

    private static void ReadPolygons(ref JsonCursor cursor, GeometryBuffer into)
    {
        Open(ref cursor, GeometryType.MultiPolygon);
        if (!cursor.TryTake((byte)']'))
        {
            do
            {
                var polygon = into.Open(GeometryType.Polygon);
                ReadLines(ref cursor, GeometryType.MultiPolygon, polygon, into);
                into.Close(polygon);
            }
            while (cursor.More((byte)']'));
        }
    }

    private static void ReadPosition(ref JsonCursor cursor, GeometryType type, GeometryBuffer into)
    {
        Open(ref cursor, type);
        var x = ReadNumber(ref cursor, type);
        if (!cursor.TryTake((byte)','))
        {
            cursor.Fail("a position needs two numbers or more");
        }

        var y = ReadNumber(ref cursor, type);
        var z = 0.0;
        if (!cursor.TryTake((byte)']'))
        {
            for (var dimension = 2; cursor.More((byte)']'); dimension++)
            {
                var value = ReadNumber(ref cursor, type);
                if (dimension == 2)
                {
                    z = value;
                    into.HasZ = true;
                }
            }
        }

        var xy = into.Xy.Extend(2);
        xy[1] = y;
        xy[0] = x;
        into.Z.Add(z);
    }

    private static double ReadNumber(ref JsonCursor cursor, GeometryType type)
    {
        if (cursor.Peek() == '[')
        {
            FailShape(ref cursor, type);
        }

        var start = cursor.Position;
        var value = cursor.TakeNumber("a number").ToDouble();
        if (!double.IsFinite(value))
        {
            cursor.Position = start;
            cursor.Fail("a coordinate that is too large");
        }

        return value;
    }

    private static void Open(ref JsonCursor cursor, GeometryType type)
    {
        if (!cursor.TryTake((byte)'['))
        {
            FailShape(ref cursor, type);
        }
    }

    private static void FailShape(ref JsonCursor cursor, GeometryType type)
    {
        if (cursor.Peek() == 0)
        {
            cursor.FailExpected("coordinates");
        }

        cursor.Fail($"coordinates of a {type} must be " + type switch
        {
            GeometryType.Point => "a position",
            GeometryType.LineString or GeometryType.MultiPoint => "an array of positions",
            GeometryType.Polygon => "an array of rings, each an array of positions",
            GeometryType.MultiLineString => "an array of lines, each an array of positions",
            _ => "an array of polygons, each an array of rings, each an array of positions",
        });
    }
}
