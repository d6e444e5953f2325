namespace GeoWps.Adapters.TileSources.Projections;

/// <summary>What is known of a CRS.</summary>
/// <param name="Projection"><see langword="null"/> for degrees.</param>
/// <param name="Shift"><see langword="null"/> where its datum is WGS 84, or one that was made to differ from it by less than a metre.</param>
internal sealed record CrsDefinition(Projection? Projection, DatumShift? Shift = null)
{
    /// <summary>Along the equator of WGS 84 (OGC 17-083r4, 6.1.1).</summary>
    public const double MetresPerDegree = 6_378_137 * Math.PI / 180;

    public static CrsDefinition Degrees { get; } = new((Projection?)null);

    public double MetresPerUnit => Projection?.MetresPerUnit ?? MetresPerDegree;

    /// <summary>
    /// Whether it is known how its datum lies to WGS 84: it names its shift, or stands on the figure of the earth that datums have which were made to agree with WGS 84.
    /// Otherwise places are tens to hundreds of metres beside where they are.
    /// </summary>
    public bool IsPlaced { get; init; } = true;

    /// <summary>Between which it is used, degrees of its datum.</summary>
    public (double South, double North) Latitudes => Projection?.Latitudes ?? (-90, 90);

    /// <summary>Whether rectangles of degrees on WGS 84 are rectangles: another datum bends their edges.</summary>
    public bool IsCylindrical => Projection is not { IsCylindrical: false } && Shift is null;

    public (double Longitude, double Latitude) ToWgs84(double x, double y)
    {
        var (longitude, latitude) = Projection?.Inverse(x, y) ?? (x, y);
        return DatumToWgs84(longitude, latitude);
    }

    public (double X, double Y) FromWgs84(double longitude, double latitude)
    {
        (longitude, latitude) = DatumFromWgs84(longitude, latitude);
        return Projection?.Forward(longitude, latitude) ?? (longitude, latitude);
    }

    /// <summary>From degrees of its datum.</summary>
    public (double Longitude, double Latitude) DatumToWgs84(double longitude, double latitude) => Shift?.ToWgs84(longitude, latitude) ?? (longitude, latitude);

    /// <summary>To degrees of its datum.</summary>
    public (double Longitude, double Latitude) DatumFromWgs84(double longitude, double latitude) => Shift?.FromWgs84(longitude, latitude) ?? (longitude, latitude);
}
