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

    public bool IsCylindrical => Projection is null || (Projection.IsCylindrical && Shift is null);

    public (double Longitude, double Latitude) ToWgs84(double x, double y)
    {
        var (longitude, latitude) = Projection?.Inverse(x, y) ?? (x, y);
        return Shift?.ToWgs84(longitude, latitude) ?? (longitude, latitude);
    }

    public (double X, double Y) FromWgs84(double longitude, double latitude)
    {
        if (Shift is not null)
        {
            (longitude, latitude) = Shift.FromWgs84(longitude, latitude);
        }

        return Projection?.Forward(longitude, latitude) ?? (longitude, latitude);
    }
}
