namespace GeoWps.Adapters.TileSources.Projections;

/// <summary>The figure that coordinates lie on, and the latitudes that projections count with. Angles in radians.</summary>
/// <param name="A">Half of the long axis, metres.</param>
/// <param name="InverseFlattening">0 for a sphere.</param>
internal readonly record struct Ellipsoid(double A, double InverseFlattening)
{
    public static Ellipsoid Wgs84 { get; } = new(6378137, 298.257223563);

    public static Ellipsoid Grs80 { get; } = new(6378137, 298.257222101);

    public double Flattening => InverseFlattening == 0 ? 0 : 1 / InverseFlattening;

    /// <summary>The square of the eccentricity.</summary>
    public double E2 => Flattening * (2 - Flattening);

    public double E => Math.Sqrt(E2);

    /// <summary>The isometric latitude: what Mercator's projection has as y on a sphere of radius 1. Infinite at the poles.</summary>
    public double Isometric(double latitude)
    {
        var sine = Math.Sin(latitude);
        return Math.Asinh(Math.Tan(latitude)) - (E * Math.Atanh(E * sine));
    }

    /// <summary>The latitude of an isometric one: Newton's method on the tangent, which is at its end after two or three steps everywhere.</summary>
    public double FromIsometric(double isometric)
    {
        var conformal = Math.Sinh(isometric);
        return double.IsInfinity(conformal) ? Math.CopySign(Math.PI / 2, conformal) : Math.Atan(FromConformalTangent(conformal));
    }

    /// <summary>The tangent of the conformal latitude of the latitude with this tangent (Karney 2011, equations 7 to 9).</summary>
    public double ConformalTangent(double tangent)
    {
        var root = Math.Sqrt(1 + (tangent * tangent));
        var sigma = Math.Sinh(E * Math.Atanh(E * tangent / root));
        return (tangent * Math.Sqrt(1 + (sigma * sigma))) - (sigma * root);
    }

    /// <summary>The inverse of <see cref="ConformalTangent"/> (Karney 2011, equations 19 to 21).</summary>
    public double FromConformalTangent(double conformal)
    {
        var tangent = conformal / (1 - E2);
        if (!(Math.Abs(tangent) < 1e9))
        {
            // Within metres of a pole: there the two differ by a factor alone.
            return conformal * Math.Exp(E * Math.Atanh(E));
        }

        for (var step = 0; step < 8; step++)
        {
            var found = ConformalTangent(tangent);
            var change = (conformal - found) / Math.Sqrt(1 + (found * found)) * (1 + ((1 - E2) * tangent * tangent)) / ((1 - E2) * Math.Sqrt(1 + (tangent * tangent)));
            tangent += change;
            if (Math.Abs(change) <= 1e-15 * Math.Max(1, Math.Abs(tangent)))
            {
                break;
            }
        }

        return tangent;
    }

    /// <summary>The radius of a parallel, in half long axes.</summary>
    public double Parallel(double latitude)
    {
        var sine = Math.Sin(latitude);
        return Math.Cos(latitude) / Math.Sqrt(1 - (E2 * sine * sine));
    }

    /// <summary>Twice the area between the equator and a parallel, by radian of longitude, in squares of half the long axis.</summary>
    public double Area(double latitude)
    {
        var sine = Math.Sin(latitude);
        return InverseFlattening == 0 ? 2 * sine : (1 - E2) * ((sine / (1 - (E2 * sine * sine))) + (Math.Atanh(E * sine) / E));
    }

    /// <summary>The latitude of an <see cref="Area"/>, where its part of the hemisphere is the sine of <paramref name="authalic"/>.</summary>
    public double FromAuthalic(double authalic)
    {
        var (e2, e4, e6) = (E2, E2 * E2, E2 * E2 * E2);
        var latitude = authalic
            + (((e2 / 3) + (31 * e4 / 180) + (517 * e6 / 5040)) * Math.Sin(2 * authalic))
            + (((23 * e4 / 360) + (251 * e6 / 3780)) * Math.Sin(4 * authalic))
            + (761 * e6 / 45360 * Math.Sin(6 * authalic));
        if (InverseFlattening == 0 || Math.Cos(latitude) < 1e-3)
        {
            // Beside a pole the series is exact, and the step below would divide by nothing.
            return latitude;
        }

        var wanted = Area(Math.PI / 2) * Math.Sin(authalic);
        for (var step = 0; step < 2; step++)
        {
            var sine = Math.Sin(latitude);
            var part = 1 - (e2 * sine * sine);
            latitude += part * part / (2 * Math.Cos(latitude) * (1 - e2)) * (wanted - Area(latitude));
        }

        return latitude;
    }
}
