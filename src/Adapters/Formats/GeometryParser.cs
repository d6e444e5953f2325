using System.Text;

namespace GeoWps.Adapters.Formats;

/// <summary>Reads a GeoJSON geometry object (RFC 7946, 3.1) into a <see cref="GeometryBuffer"/>. Unclosed rings stay as they are.</summary>
internal static class GeometryParser
{
    public static void Read(ref JsonCursor cursor, GeometryBuffer into, int depth)
    {
        cursor.CheckDepth(depth);
        cursor.Take((byte)'{', "a geometry object or null");
        var type = GeometryType.Unknown;
        int coordinates = -1, geometries = -1;
        var done = false;
        if (!cursor.TryTake((byte)'}'))
        {
            do
            {
                var name = cursor.TakeName();
                if (name.Is("type"u8))
                {
                    type = TakeType(ref cursor, type);
                }
                else if (name.Is("coordinates"u8))
                {
                    CheckOnce(ref cursor, coordinates);
                    coordinates = cursor.Position;
                    done = IsPlain(type);
                    ReadOrSkip(ref cursor, done, type, into, depth);
                }
                else if (name.Is("geometries"u8))
                {
                    CheckOnce(ref cursor, geometries);
                    geometries = cursor.Position;
                    done = type == GeometryType.GeometryCollection;
                    ReadOrSkip(ref cursor, done, type, into, depth);
                }
                else
                {
                    cursor.Skip(depth);
                }
            }
            while (cursor.More((byte)'}'));
        }

        if (!done)
        {
            ReadRemembered(ref cursor, type, IsPlain(type) ? coordinates : geometries, into, depth);
        }
    }

    public static bool TryParseType(JsonString name, out GeometryType type)
    {
        type = name.Is("Point"u8) ? GeometryType.Point
            : name.Is("LineString"u8) ? GeometryType.LineString
            : name.Is("Polygon"u8) ? GeometryType.Polygon
            : name.Is("MultiPoint"u8) ? GeometryType.MultiPoint
            : name.Is("MultiLineString"u8) ? GeometryType.MultiLineString
            : name.Is("MultiPolygon"u8) ? GeometryType.MultiPolygon
            : name.Is("GeometryCollection"u8) ? GeometryType.GeometryCollection
            : GeometryType.Unknown;
        return type != GeometryType.Unknown;
    }

    /// <summary>A text from the input as a message may show it.</summary>
    public static string Shown(JsonString text) => Encoding.UTF8.GetString(text.Raw[..Math.Min(text.Raw.Length, 40)]);

    private static bool IsPlain(GeometryType type) => type is not (GeometryType.Unknown or GeometryType.GeometryCollection);

    private static GeometryType TakeType(ref JsonCursor cursor, GeometryType before)
    {
        cursor.Peek();
        var at = cursor.Position;
        var name = cursor.TakeString("the name of a geometry type");
        if (!TryParseType(name, out var type) || before != GeometryType.Unknown)
        {
            cursor.Position = at;
            cursor.Fail(before != GeometryType.Unknown
                ? "a geometry with two types"
                : $"unknown geometry type \"{Shown(name)}\"");
        }

        return type;
    }

    private static void CheckOnce(ref JsonCursor cursor, int before)
    {
        if (before >= 0)
        {
            cursor.Fail("a geometry with its coordinates or geometries twice");
        }
    }

    private static void ReadOrSkip(ref JsonCursor cursor, bool read, GeometryType type, GeometryBuffer into, int depth)
    {
        if (read)
        {
            ReadParts(ref cursor, type, into, depth);
        }
        else
        {
            cursor.Skip(depth);
        }
    }

    /// <summary>The type came behind the coordinates, so go back to them.</summary>
    private static void ReadRemembered(ref JsonCursor cursor, GeometryType type, int at, GeometryBuffer into, int depth)
    {
        if (type == GeometryType.Unknown)
        {
            cursor.Fail("a geometry needs a \"type\"");
        }

        if (at < 0)
        {
            cursor.Fail($"a {type} needs \"{(IsPlain(type) ? "coordinates" : "geometries")}\"");
        }

        var behind = cursor.Position;
        cursor.Position = at;
        ReadParts(ref cursor, type, into, depth);
        cursor.Position = behind;
    }

    private static void ReadParts(ref JsonCursor cursor, GeometryType type, GeometryBuffer into, int depth)
    {
        if (type != GeometryType.GeometryCollection)
        {
            CoordinatesParser.Read(ref cursor, type, into);
            return;
        }

        var node = into.Open(type);
        cursor.Take((byte)'[', "an array of geometries");
        if (!cursor.TryTake((byte)']'))
        {
            do
            {
                Read(ref cursor, into, depth + 1);
            }
            while (cursor.More((byte)']'));
        }

        into.Close(node);
    }
}
