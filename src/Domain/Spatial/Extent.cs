namespace GeoWps.Domain.Spatial;

/// <summary>
/// A rectangle in the units of some CRS, always x before y (longitude before latitude, easting before northing), whatever that CRS's own order of
/// axes is. Closed on all sides; a point is a rectangle without width.
/// </summary>
public readonly record struct Extent(double MinX, double MinY, double MaxX, double MaxY)
{
    /// <summary>The world in degrees.</summary>
    public static Extent World { get; } = new(-180, -90, 180, 90);

    /// <summary>Holds nothing; what is joined with it stays as it is.</summary>
    public static Extent Empty { get; } = new(double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity);

    public double Width => MaxX - MinX;

    public double Height => MaxY - MinY;

    public bool IsEmpty => !(MinX <= MaxX && MinY <= MaxY);

    public bool Intersects(in Extent other) => MinX <= other.MaxX && other.MinX <= MaxX && MinY <= other.MaxY && other.MinY <= MaxY;

    public bool Contains(in Extent other) => MinX <= other.MinX && other.MaxX <= MaxX && MinY <= other.MinY && other.MaxY <= MaxY;

    public Extent Join(in Extent other) =>
        new(Math.Min(MinX, other.MinX), Math.Min(MinY, other.MinY), Math.Max(MaxX, other.MaxX), Math.Max(MaxY, other.MaxY));

    /// <returns>What both hold; empty where they do not meet.</returns>
    public Extent Meet(in Extent other)
    {
        var both = new Extent(Math.Max(MinX, other.MinX), Math.Max(MinY, other.MinY), Math.Min(MaxX, other.MaxX), Math.Min(MaxY, other.MaxY));
        return both.IsEmpty ? Empty : both;
    }

    public Extent Grow(double by) => new(MinX - by, MinY - by, MaxX + by, MaxY + by);
}
