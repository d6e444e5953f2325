using System.Text;

namespace GeoWps.Adapters.Formats;

/// <summary>Writes magic bytes and header; no index follows.</summary>
internal static class HeaderWriter
{
    private const int Size = 32;
    private const int NameAt = 4;
    private const int EnvelopeAt = 8;
    private const int ColumnsAt = 12;
    private const int CountAt = 16;
    private const int CrsAt = 24;
    private const int NodeSizeAt = 28;
    private const int TypeAt = 30;
    private const int HasZAt = 31;

    public static void Write(FlatWriter writer, string name, LayerSummary layer, Columns columns)
    {
        writer.Append(FlatGeobufMagic.Bytes);
        writer.Append([0]);
        writer.Begin();
        var header = writer.Table(
            [NameAt, layer.Bounds.IsEmpty ? (ushort)0 : (ushort)EnvelopeAt, TypeAt, HasZAt, 0, 0, 0, ColumnsAt, CountAt, NodeSizeAt, CrsAt], Size);
        writer.SetRoot(header);
        writer.PutByte(header + TypeAt, (byte)layer.Type);
        writer.PutByte(header + HasZAt, layer.HasZ ? (byte)1 : (byte)0);
        writer.PutUInt64(header + CountAt, (ulong)layer.Features);
        writer.PutUInt16(header + NodeSizeAt, 0);
        writer.Text(header + NameAt, Encoding.UTF8.GetBytes(name));
        if (!layer.Bounds.IsEmpty)
        {
            writer.Vector<double>(header + EnvelopeAt, [layer.Bounds.West, layer.Bounds.South, layer.Bounds.East, layer.Bounds.North], 8);
        }

        WriteColumns(writer, header + ColumnsAt, columns);
        WriteCrs(writer, header + CrsAt, layer.EpsgCode);
        writer.End();
    }

    private static void WriteColumns(FlatWriter writer, int field, Columns columns)
    {
        var place = writer.Places(field, columns.Count);
        foreach (var column in columns.All)
        {
            // Name, type, title, description, width: GDAL gives a boolean the width 1, and -1 stands for unknown.
            var table = writer.Table([4, 12, 0, 0, 8], 16);
            writer.Point(place, table);
            writer.PutInt32(table + 8, column.Type == ColumnType.Bool ? 1 : -1);
            writer.PutByte(table + 12, (byte)column.Type);
            writer.Text(table + 4, column.Name);
            place += 4;
        }
    }

    private static void WriteCrs(FlatWriter writer, int field, int epsgCode)
    {
        var table = writer.Table([4, 8], 12);
        writer.Point(field, table);
        writer.PutInt32(table + 8, epsgCode);
        writer.Text(table + 4, "EPSG"u8);
    }
}
