using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Projections;

/// <summary>
/// The rectangle around an area whose straight edges bend in another CRS. What becomes of an area is bounded by what becomes of its edges, and of what in it is an end of
/// one of the planes: a pole, a parallel or a meridian up to which a plane is used, the place that is all of a rim.
/// </summary>
internal sealed class BentExtent
{
    /// <summary>Of degrees that were brought to another datum and back.</summary>
    private const double Exactness = 1e-7;

    /// <summary>Degrees that datums lie beside each other, and more.</summary>
    private const double FarthestDatum = 0.02;

    private readonly CrsDefinition _from;
    private readonly CrsDefinition _to;
    private readonly Extent _area;
    private readonly Extent _around;
    private readonly Extent _degrees;
    private readonly Outline _outline = new();

    /// <param name="degrees">In which the area lies.</param>
    private BentExtent(CrsDefinition from, CrsDefinition to, in Extent area, in Extent degrees)
    {
        (_from, _to, _area, _degrees) = (from, to, area, degrees);
        // What lies on an edge may be computed to lie beside it.
        _around = area.Grow((area.Width + area.Height) * 1e-12);
    }

    /// <returns>In degrees an area that lies on both sides of 180 degrees, or holds a pole, has all longitudes.</returns>
    public static Extent Of(in Extent extent, CrsDefinition from, CrsDefinition to)
    {
        var (south, north) = to.Latitudes;
        var isDegrees = from == CrsDefinition.Degrees;
        var area = isDegrees ? extent.Meet(new Extent(double.NegativeInfinity, south, double.PositiveInfinity, north)) : extent.Meet(from.Projection?.Plane ?? extent);
        return area.IsEmpty
            ? area
            : new BentExtent(from, to, area, isDegrees ? area : to == CrsDefinition.Degrees ? Extent.World : Of(extent, from, CrsDefinition.Degrees)).Found(isDegrees ? [to] : to.Projection is null ? [from] : [from, to]);
    }

    private Extent Found(ReadOnlySpan<CrsDefinition> planes)
    {
        _outline.Follow(_area, Become);
        foreach (var plane in planes)
        {
            FollowParallel(plane, plane.Latitudes.South);
            FollowParallel(plane, plane.Latitudes.North);
            if (plane.Projection?.Longitudes is var (meridian, reach))
            {
                FollowMeridian(plane, OnTurn(meridian - reach));
                FollowMeridian(plane, OnTurn(meridian + reach));
            }
        }

        if (_to.Projection?.Opposite is var (longitude, latitude) && Holds(_to.DatumToWgs84(longitude, latitude)))
        {
            _outline.Add(_to.Projection.Plane);
        }

        foreach (var pole in _to.Projection is null ? (ReadOnlySpan<double>)[-90, 90] : [])
        {
            if (Holds(_to.DatumToWgs84(0, pole)))
            {
                _outline.Add(new Extent(-180, pole, 180, pole));
            }
        }

        if (_to.Projection is { MayFold: true })
        {
            TakeGrid(32);
        }
        else if (_from.Projection is { MayFold: true })
        {
            TakeGrid(16);
        }

        var found = _outline.Close();
        return _to.Projection is null ? found.Meet(Extent.World) : found;
    }

    private void FollowParallel(CrsDefinition plane, double latitude)
    {
        if (_degrees.MinY - FarthestDatum <= latitude && latitude <= _degrees.MaxY + FarthestDatum)
        {
            _outline.Follow((_degrees.MinX, latitude), (_degrees.MaxX, latitude), (x, y) => BecomeInside(plane, x, y));
        }
    }

    private void FollowMeridian(CrsDefinition plane, double longitude)
    {
        if (longitude <= _degrees.MaxX)
        {
            _outline.Follow((longitude, _degrees.MinY), (longitude, _degrees.MaxY), (x, y) => BecomeInside(plane, x, y));
        }
    }

    private void TakeGrid(int parts)
    {
        for (var i = 1; i < parts; i++)
        {
            for (var j = 1; j < parts; j++)
            {
                _outline.Take(Become(_area.MinX + (_area.Width * i / parts), _area.MinY + (_area.Height * j / parts)));
            }
        }
    }

    /// <summary>The longitude on the turn of the world on which the area lies, which may be any.</summary>
    private double OnTurn(double longitude) => longitude + (360 * Math.Ceiling((_degrees.MinX - longitude) / 360));

    private bool Holds((double Longitude, double Latitude) place)
    {
        var (x, y) = _from.FromWgs84(OnTurn(place.Longitude), place.Latitude);
        return _around.Contains(new Extent(x, y, x, y));
    }

    private (double X, double Y) Become(double x, double y)
    {
        var (longitude, latitude) = _from.ToWgs84(x, y);
        return Place(longitude, latitude);
    }

    private (double X, double Y) BecomeInside(CrsDefinition plane, double longitude, double latitude)
    {
        var place = plane.DatumToWgs84(longitude, latitude);
        return Holds(place) ? Place(place.Longitude, place.Latitude) : (double.NaN, double.NaN);
    }

    /// <returns>NaN beyond the target's use, too.</returns>
    private (double X, double Y) Place(double longitude, double latitude)
    {
        (longitude, latitude) = _to.DatumFromWgs84(longitude, latitude);
        var (south, north) = _to.Latitudes;
        var isUsed = latitude >= south - Exactness && latitude <= north + Exactness
            && !(_to.Projection?.Longitudes is var (meridian, reach) && Math.Abs(Math.IEEERemainder(longitude - meridian, 360)) > reach + Exactness);
        return isUsed ? _to.Projection?.Forward(longitude, latitude) ?? (longitude, latitude) : (double.NaN, double.NaN);
    }
}
