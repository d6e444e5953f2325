namespace GeoWps.Adapters.Formats;

/// <summary>What encloses all vertices seen so far, in the units and axis order of the data.</summary>
internal readonly record struct Bounds(double West, double South, double East, double North)
{
    public static Bounds Nothing { get; } =
        new(double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity);

    public bool IsEmpty => West > East;

    public Bounds With(ReadOnlySpan<double> xy)
    {
        var (west, south, east, north) = this;
        for (var i = 0; i + 1 < xy.Length; i += 2)
        {
            var (x, y) = (xy[i], xy[i + 1]);
            west = x < west ? x : west;
            south = y < south ? y : south;
            east = x > east ? x : east;
            north = y > north ? y : north;
        }

        return new Bounds(west, south, east, north);
    }
}

/// <summary>What the header tells about all features; the first pass finds it.</summary>
internal sealed class LayerSummary
{
    private bool _sawGeometry;

    public long Features { get; private set; }

    /// <summary>The type that all geometries have, or Unknown.</summary>
    public GeometryType Type { get; private set; }

    public bool HasZ { get; private set; }

    public Bounds Bounds { get; private set; } = Bounds.Nothing;

    public int EpsgCode { get; set; } = 4326;

    public void Add(GeometryBuffer geometry)
    {
        Features++;
        if (geometry.IsNull)
        {
            return;
        }

        var type = geometry.Nodes[0].Type;
        Type = _sawGeometry && Type != type ? GeometryType.Unknown : type;
        _sawGeometry = true;
        HasZ |= geometry.HasZ;
        Bounds = Bounds.With(geometry.Xy.Items);
    }
}
