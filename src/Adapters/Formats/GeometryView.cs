namespace GeoWps.Adapters.Formats;

/// <summary>A geometry table of a feature, with what its parts and vertices may not exceed.</summary>
internal readonly ref struct GeometryView
{
    private readonly FlatTable _table;

    public GeometryView(FlatTable table, GeometryType type, bool hasZ)
    {
        _table = table;
        Type = type == GeometryType.Unknown ? (GeometryType)table.Byte(Slot.GeometryTypeOf) : type;
        Xy = table.Vector<double>(Slot.GeometryXy);
        Z = hasZ ? table.Vector<double>(Slot.GeometryZ) : default;
        Ends = table.Vector<uint>(Slot.GeometryEnds);
        Parts = table.TableCount(Slot.GeometryParts);
        if ((Xy.Length & 1) != 0 || (!Z.IsEmpty && Z.Length != Xy.Length / 2))
        {
            throw new DamagedFlatBufferException("the numbers of x, y and z differ");
        }
    }

    public GeometryType Type { get; }

    public ReadOnlySpan<double> Xy { get; }

    public ReadOnlySpan<double> Z { get; }

    public ReadOnlySpan<uint> Ends { get; }

    public int Parts { get; }

    public int Vertices => Xy.Length / 2;

    /// <summary>Rings, lines or triangles; a geometry without ends is one, unless it is empty.</summary>
    public int Lines => Ends.Length > 0 ? Ends.Length : Vertices > 0 ? 1 : 0;

    public GeometryView Part(int index, GeometryType type, bool hasZ)
    {
        var table = _table.TableAt(Slot.GeometryParts, index);
        var own = (GeometryType)table.Byte(Slot.GeometryTypeOf);
        return new GeometryView(table, own == GeometryType.Unknown ? type : own, hasZ);
    }

    public void Line(int index, out ReadOnlySpan<double> xy, out ReadOnlySpan<double> z)
    {
        var start = index == 0 ? 0 : Ends[index - 1];
        var end = Ends.Length == 0 ? (uint)Vertices : Ends[index];
        if (start > end || end > Vertices)
        {
            throw new DamagedFlatBufferException("the ends of rings or lines are out of order");
        }

        xy = Xy[(2 * (int)start)..(2 * (int)end)];
        z = Z.IsEmpty ? default : Z[(int)start..(int)end];
    }
}
