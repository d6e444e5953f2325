using System.Text;

namespace GeoWps.Adapters.Formats;

/// <param name="Width">Characters at most, or <see langword="null"/> when that is not known.</param>
public sealed record FlatGeobufColumn(string Name, ColumnType Type, int? Width);

/// <param name="Organization">Such as EPSG.</param>
/// <param name="Code">Such as 3857; empty when the CRS has only <paramref name="Wkt"/>.</param>
public sealed record FlatGeobufCrs(string Organization, string Code, string? Name, string? Wkt)
{
    /// <summary>Longitude and latitude on WGS 84, which GeoJSON means when it names no CRS; 4979 is the same with heights.</summary>
    public bool IsWgs84 =>
        (Organization.Equals("EPSG", StringComparison.OrdinalIgnoreCase) && Code is "4326" or "4979")
        || (Organization.Equals("OGC", StringComparison.OrdinalIgnoreCase) && Code is "CRS84" or "CRS84h");
}

/// <summary>What the header of a FlatGeobuf file says.</summary>
/// <param name="FeatureCount"><see langword="null"/> when the writer did not know.</param>
/// <param name="GeometryType">Unknown when each geometry says it.</param>
/// <param name="Bbox">West, south, east, north in the units of the CRS; <see langword="null"/> when the header has none.</param>
/// <param name="IndexNodeSize">Items in a node of the spatial index; 0 when there is none.</param>
public sealed record FlatGeobufInfo(
    string Name,
    long? FeatureCount,
    GeometryType GeometryType,
    bool HasZ,
    bool HasM,
    FlatGeobufCrs? Crs,
    IReadOnlyList<FlatGeobufColumn> Columns,
    IReadOnlyList<double>? Bbox,
    int IndexNodeSize)
{
    /// <summary>Reads the header and leaves the stream somewhere behind it.</summary>
    /// <exception cref="InvalidDataException">There is no header, or it is damaged.</exception>
    public static async Task<FlatGeobufInfo> ReadAsync(Stream flatGeobuf, CancellationToken cancellationToken)
    {
        using var reader = new FlatGeobufReader(flatGeobuf);
        return await reader.OpenAsync(cancellationToken);
    }

    internal static FlatGeobufInfo Parse(ReadOnlySpan<byte> header)
    {
        var table = FlatTable.Root(header);
        var count = table.UInt64(Slot.HeaderFeaturesCount);
        if (count > long.MaxValue)
        {
            throw new DamagedFlatBufferException("an impossible number of features");
        }

        var envelope = table.Vector<double>(Slot.HeaderEnvelope);
        var columns = new FlatGeobufColumn[table.TableCount(Slot.HeaderColumns)];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = ParseColumn(table.TableAt(Slot.HeaderColumns, i));
        }

        return new FlatGeobufInfo(
            Text(table.Vector<byte>(Slot.HeaderName)),
            count == 0 ? null : (long)count,
            (GeometryType)table.Byte(Slot.HeaderGeometryType),
            table.Byte(Slot.HeaderHasZ) != 0,
            table.Byte(Slot.HeaderHasM) != 0,
            table.TryTable(Slot.HeaderCrs, out var crs) ? ParseCrs(crs) : null,
            columns,
            envelope.Length >= 4 ? envelope[..4].ToArray() : null,
            table.UInt16(Slot.HeaderIndexNodeSize, absent: 16));
    }

    private static FlatGeobufColumn ParseColumn(FlatTable column)
    {
        var type = (ColumnType)column.Byte(Slot.ColumnType);
        if (type > ColumnType.Binary)
        {
            throw new DamagedFlatBufferException($"a column of unknown type {(int)type}");
        }

        var width = column.Int32(Slot.ColumnWidth);
        return new FlatGeobufColumn(Text(column.Vector<byte>(Slot.ColumnName)), type, width > 0 ? width : null);
    }

    private static FlatGeobufCrs? ParseCrs(FlatTable crs)
    {
        var organization = Text(crs.Vector<byte>(Slot.CrsOrganization));
        var code = crs.Int32(Slot.CrsCode);
        var name = Text(crs.Vector<byte>(Slot.CrsName));
        var wkt = Text(crs.Vector<byte>(Slot.CrsWkt));
        var result = new FlatGeobufCrs(
            organization.Length > 0 ? organization : "EPSG",
            code != 0 ? code.ToString(System.Globalization.CultureInfo.InvariantCulture) : Text(crs.Vector<byte>(Slot.CrsCodeText)),
            name.Length > 0 ? name : null,
            wkt.Length > 0 ? wkt : null);
        return result is { Code: "", Wkt: null } ? null : result;
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
