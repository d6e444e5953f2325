namespace GeoWps.Adapters.Formats;

/// <summary>Writes one feature: its geometry from a buffer, its properties as they are.</summary>
internal static class FeatureWriter
{
    // In the order of the slots: ends, xy, z, m, t, tm, type, parts.
    private const int EndsAt = 4;
    private const int XyAt = 8;
    private const int ZAt = 12;
    private const int PartsAt = 16;
    private const int TypeAt = 20;
    private const int GeometrySize = 24;

    public static void Write(FlatWriter writer, GeometryBuffer geometry, bool hasZ, ReadOnlySpan<byte> properties)
    {
        var hasGeometry = !geometry.IsNull && !IsNothing(geometry.Nodes[0]);
        writer.Begin();
        var feature = writer.Table([Offset(hasGeometry, 4), Offset(!properties.IsEmpty, 8)], 12);
        writer.SetRoot(feature);
        if (hasGeometry)
        {
            WriteGeometry(writer, geometry, 0, feature + 4, hasZ);
        }

        if (!properties.IsEmpty)
        {
            writer.Vector(feature + 8, properties, 1);
        }

        writer.End();
    }

    // A point without a place has no form in FlatGeobuf, and GDAL's GeoJSON driver takes an empty polygon for none at all.
    private static bool IsNothing(GeometryNode node) =>
        node.Type is GeometryType.Point or GeometryType.Polygon && node.FirstVertex == node.VertexEnd;

    private static void WriteGeometry(FlatWriter writer, GeometryBuffer geometry, int index, int field, bool hasZ)
    {
        var node = geometry.Nodes[index];
        var nested = node.Type is GeometryType.MultiPolygon or GeometryType.GeometryCollection;
        // A polygon of one ring needs no end: it is all vertices. GDAL wants the end of a single line.
        var hasEnds = !nested && (node.Type == GeometryType.MultiLineString || node.EndEnd - node.FirstEnd > 1);
        var table = writer.Table(
            [Offset(hasEnds, EndsAt), Offset(!nested, XyAt), Offset(!nested && hasZ, ZAt), 0, 0, 0, TypeAt, Offset(nested, PartsAt)], GeometrySize);
        writer.Point(field, table);
        writer.PutByte(table + TypeAt, (byte)node.Type);
        if (nested)
        {
            WriteParts(writer, geometry, index, table + PartsAt, hasZ);
            return;
        }

        if (hasEnds)
        {
            writer.Vector<uint>(table + EndsAt, geometry.Ends.Items[node.FirstEnd..node.EndEnd], 4);
        }

        writer.Vector<double>(table + XyAt, geometry.Xy.Items[(2 * node.FirstVertex)..(2 * node.VertexEnd)], 8);
        if (hasZ)
        {
            writer.Vector<double>(table + ZAt, geometry.Z.Items[node.FirstVertex..node.VertexEnd], 8);
        }
    }

    private static void WriteParts(FlatWriter writer, GeometryBuffer geometry, int index, int field, bool hasZ)
    {
        var end = geometry.Nodes[index].Next;
        var count = 0;
        for (var part = index + 1; part < end; part = geometry.Nodes[part].Next)
        {
            count += IsNothing(geometry.Nodes[part]) ? 0 : 1;
        }

        var place = writer.Places(field, count);
        for (var part = index + 1; part < end; part = geometry.Nodes[part].Next)
        {
            if (!IsNothing(geometry.Nodes[part]))
            {
                WriteGeometry(writer, geometry, part, place, hasZ);
                place += 4;
            }
        }
    }

    private static ushort Offset(bool present, int offset) => present ? (ushort)offset : (ushort)0;
}
