using System.Globalization;
using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Projections;

/// <summary>
/// The CRSs that need no definition from outside: those of the registered tile matrix sets, UTM, the grids of CGCS2000, and what continents use. The numbers are
/// those of the EPSG Geodetic Parameter Dataset (IOGP).
/// </summary>
internal static class KnownCrs
{
    /// <summary>Degrees on WGS 84, or on a datum that the dataset takes for the same within a metre: ETRS89, NAD83, CGCS2000, GDA94, SIRGAS 2000, ….</summary>
    private static readonly HashSet<int> _degrees =
        [4140, 4148, 4152, 4167, 4171, 4258, 4269, 4283, 4326, 4490, 4612, 4617, 4619, 4659, 4661, 4669, 4670, 4674, 4755, 4759, 4937, 4979, 6318, 6668, 6783, 7844, 9057];

    public static CrsDefinition? Find(Crs crs) => crs.Authority switch
    {
        "OGC" => crs.Code is "CRS84" or "CRS84H" or "CRS83" ? CrsDefinition.Degrees : null,
        "EPSG" => int.TryParse(crs.Code, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? Epsg(code) : null,
        "ESRI" => crs.Code is "102100" or "102113" ? new CrsDefinition(new WebMercatorProjection()) : null,
        _ => null,
    };

    private static CrsDefinition? Epsg(int code) => _degrees.Contains(code) ? CrsDefinition.Degrees : Projected(code) is { } projection ? new CrsDefinition(projection) : null;

    private static Projection? Projected(int code)
    {
        var (wgs, grs) = (Ellipsoid.Wgs84, Ellipsoid.Grs80);
        return code switch
        {
            // The world
            3857 => new WebMercatorProjection(),
            3395 => new MercatorProjection(wgs, 0, 1, 0, 0),
            4087 => new EquidistantProjection(Ellipsoid.Wgs84.A),

            // UTM, by datum: WGS 84, ETRS89, NAD83, NAD83(2011), SIRGAS 2000, GDA94, GDA2020
            >= 32601 and <= 32660 => Utm(wgs, code - 32600),
            >= 32701 and <= 32760 => Utm(wgs, code - 32700, south: true),
            >= 25828 and <= 25838 => Utm(grs, code - 25800),
            >= 26901 and <= 26923 => Utm(grs, code - 26900),
            >= 6330 and <= 6348 => Utm(grs, code - 6329),
            >= 31965 and <= 31976 => Utm(grs, code - 31954),
            >= 31977 and <= 31985 => Utm(grs, code - 31960, south: true),
            >= 28348 and <= 28358 => Utm(grs, code - 28300, south: true),
            >= 7846 and <= 7859 => Utm(grs, code - 7800, south: true),

            // CGCS2000: Gauß-Krüger by 6 and by 3 degrees, with the zone before the easting and without
            >= 4491 and <= 4501 => Gauss(grs, ((code - 4478) * 6) - 3, ((code - 4478) * 1e6) + 5e5),
            >= 4502 and <= 4512 => Gauss(grs, ((code - 4489) * 6) - 3, 5e5),
            >= 4513 and <= 4533 => Gauss(grs, (code - 4488) * 3, ((code - 4488) * 1e6) + 5e5),
            >= 4534 and <= 4554 => Gauss(grs, (code - 4509) * 3, 5e5),

            // Europe
            3034 => new LambertConicProjection(grs, 10, 52, 35, 65, 1, 4e6, 2.8e6),
            3035 => new LambertAzimuthalProjection(grs, 10, 52, 4321000, 3210000),
            2154 => new LambertConicProjection(grs, 3, 46.5, 49, 44, 1, 7e5, 6.6e6),
            2180 => new TransverseMercatorProjection(grs, 19, 0, 0.9993, 5e5, -5.3e6),
            3006 => Utm(grs, 33),
            3067 => Utm(grs, 35),
            3763 => new TransverseMercatorProjection(grs, -(8 + (7 / 60d) + (59.19 / 3600)), 39 + (40 / 60d) + (5.73 / 3600), 1, 0, 0),
            5110 => new TransverseMercatorProjection(grs, 10.5, 58, 1, 1e5, 1e6),

            // America
            3978 or 3979 => new LambertConicProjection(grs, -95, 49, 49, 77, 1, 0, 0),
            3347 or 3348 => new LambertConicProjection(grs, -(91 + (52 / 60d)), 63.390675, 49, 77, 1, 6.2e6, 3e6),
            5070 or 6350 => new AlbersProjection(grs, -96, 23, 29.5, 45.5, 0, 0),
            3005 => new AlbersProjection(grs, -126, 45, 50, 58.5, 1e6, 0),

            // Australia, New Zealand
            3577 or 9473 => new AlbersProjection(grs, 132, 0, -18, -36, 0, 0),
            2193 => new TransverseMercatorProjection(grs, 173, 0, 0.9996, 1.6e6, 1e7),

            // The poles
            5041 or 32661 => PolarStereographicProjection.OfScale(wgs, north: true, 0, 0.994, 2e6, 2e6),
            5042 or 32761 => PolarStereographicProjection.OfScale(wgs, north: false, 0, 0.994, 2e6, 2e6),
            3031 => PolarStereographicProjection.OfParallel(wgs, -71, 0, 0, 0),
            3976 => PolarStereographicProjection.OfParallel(wgs, -70, 0, 0, 0),
            3413 => PolarStereographicProjection.OfParallel(wgs, 70, -45, 0, 0),
            3995 => PolarStereographicProjection.OfParallel(wgs, 71, 0, 0, 0),
            3571 => new LambertAzimuthalProjection(wgs, 180, 90, 0, 0),
            3572 => new LambertAzimuthalProjection(wgs, -150, 90, 0, 0),
            3573 => new LambertAzimuthalProjection(wgs, -100, 90, 0, 0),
            3574 => new LambertAzimuthalProjection(wgs, -40, 90, 0, 0),
            3575 => new LambertAzimuthalProjection(wgs, 10, 90, 0, 0),
            3576 => new LambertAzimuthalProjection(wgs, 90, 90, 0, 0),
            6931 => new LambertAzimuthalProjection(wgs, 0, 90, 0, 0),
            6932 => new LambertAzimuthalProjection(wgs, 0, -90, 0, 0),
            _ => null,
        };
    }

    private static TransverseMercatorProjection Utm(Ellipsoid ellipsoid, int zone, bool south = false) => new(ellipsoid, (zone * 6) - 183, 0, 0.9996, 5e5, south ? 1e7 : 0);

    private static TransverseMercatorProjection Gauss(Ellipsoid ellipsoid, double meridian, double falseEasting) => new(ellipsoid, meridian, 0, 1, falseEasting, 0);
}
