namespace GeoWps.Adapters.Formats;

/// <summary>The numbers of FlatGeobuf 3's <c>GeometryType</c>, which are those of WKB.</summary>
public enum GeometryType : byte
{
    Unknown = 0,
    Point = 1,
    LineString = 2,
    Polygon = 3,
    MultiPoint = 4,
    MultiLineString = 5,
    MultiPolygon = 6,
    GeometryCollection = 7,
    CircularString = 8,
    CompoundCurve = 9,
    CurvePolygon = 10,
    MultiCurve = 11,
    MultiSurface = 12,
    Curve = 13,
    Surface = 14,
    PolyhedralSurface = 15,
    Tin = 16,
    Triangle = 17,
}

/// <summary>The numbers of FlatGeobuf 3's <c>ColumnType</c>.</summary>
public enum ColumnType : byte
{
    Byte = 0,
    UByte = 1,
    Bool = 2,
    Short = 3,
    UShort = 4,
    Int = 5,
    UInt = 6,
    Long = 7,
    ULong = 8,
    Float = 9,
    Double = 10,
    String = 11,
    Json = 12,
    DateTime = 13,
    Binary = 14,
}

/// <summary>Which slot of its table holds what.</summary>
internal static class Slot
{
    public const int HeaderName = 0;
    public const int HeaderEnvelope = 1;
    public const int HeaderGeometryType = 2;
    public const int HeaderHasZ = 3;
    public const int HeaderHasM = 4;
    public const int HeaderColumns = 7;
    public const int HeaderFeaturesCount = 8;
    public const int HeaderIndexNodeSize = 9;
    public const int HeaderCrs = 10;

    public const int ColumnName = 0;
    public const int ColumnType = 1;
    public const int ColumnWidth = 4;

    public const int CrsOrganization = 0;
    public const int CrsCode = 1;
    public const int CrsName = 2;
    public const int CrsWkt = 4;
    public const int CrsCodeText = 5;

    public const int FeatureGeometry = 0;
    public const int FeatureProperties = 1;

    public const int GeometryEnds = 0;
    public const int GeometryXy = 1;
    public const int GeometryZ = 2;
    public const int GeometryTypeOf = 6;
    public const int GeometryParts = 7;
}

internal static class FlatGeobufMagic
{
    public const int Length = 8;

    /// <summary>The first seven bytes; the eighth is a patch level that no reader has to look at.</summary>
    public static ReadOnlySpan<byte> Bytes => "fgb\u0003fgb"u8;
}
