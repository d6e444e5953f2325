namespace GeoWps.Adapters.Formats;

/// <summary>Takes a feature's properties as they are read. The first pass collects columns, the second writes values.</summary>
internal interface IPropertySink
{
    void Begin();

    /// <summary>The cursor stands before the value and takes it.</summary>
    void Property(ref JsonCursor cursor, JsonString name);

    /// <summary>The feature's own <c>id</c>; it may come before, between or after the properties.</summary>
    void Id(ref JsonCursor cursor);

    void End();
}

/// <summary>Reads one GeoJSON feature (RFC 7946, 3.2), its members in any order.</summary>
internal static class FeatureParser
{
    // Collection, its array, the feature.
    private const int DepthOfMembers = 3;

    public static void Read(ReadOnlySpan<byte> text, GeoJsonKind kind, GeometryBuffer geometry, IPropertySink properties)
    {
        var cursor = new JsonCursor(text);
        geometry.Clear();
        properties.Begin();
        if (kind == GeoJsonKind.Geometry)
        {
            GeometryParser.Read(ref cursor, geometry, 0);
        }
        else
        {
            ReadFeature(ref cursor, geometry, properties);
        }

        properties.End();
    }

    private static void ReadFeature(ref JsonCursor cursor, GeometryBuffer geometry, IPropertySink properties)
    {
        cursor.Take((byte)'{', "a feature");
        if (!cursor.TryTake((byte)'}'))
        {
            do
            {
                ReadMember(ref cursor, geometry, properties);
            }
            while (cursor.More((byte)'}'));
        }
    }

    private static void ReadMember(ref JsonCursor cursor, GeometryBuffer geometry, IPropertySink properties)
    {
        var name = cursor.TakeName();
        if (name.Is("geometry"u8))
        {
            geometry.Clear();
            if (!TakeNull(ref cursor))
            {
                GeometryParser.Read(ref cursor, geometry, DepthOfMembers);
            }
        }
        else if (name.Is("properties"u8))
        {
            if (!TakeNull(ref cursor))
            {
                ReadProperties(ref cursor, properties);
            }
        }
        else if (name.Is("id"u8))
        {
            properties.Id(ref cursor);
        }
        else if (name.Is("type"u8))
        {
            CheckType(ref cursor);
        }
        else
        {
            cursor.Skip(DepthOfMembers);
        }
    }

    private static void ReadProperties(ref JsonCursor cursor, IPropertySink properties)
    {
        cursor.Take((byte)'{', "an object of properties or null");
        if (!cursor.TryTake((byte)'}'))
        {
            do
            {
                var name = cursor.TakeName();
                properties.Property(ref cursor, name);
            }
            while (cursor.More((byte)'}'));
        }
    }

    private static void CheckType(ref JsonCursor cursor)
    {
        cursor.Peek();
        var at = cursor.Position;
        if (!cursor.TakeString("\"Feature\"").Is("Feature"u8))
        {
            cursor.Position = at;
            cursor.Fail("a member of \"features\" must be of type \"Feature\"");
        }
    }

    private static bool TakeNull(ref JsonCursor cursor)
    {
        if (cursor.Peek() != 'n')
        {
            return false;
        }

        cursor.TakeWord("null"u8);
        return true;
    }
}
