using GeoWps.Domain.Spatial;

namespace GeoWps.Application.Ports;

/// <summary>Knows how coordinates of one CRS are coordinates of another.</summary>
public interface ICoordinateTransforms
{
    /// <summary>The same pair gives the same transform, which may be used by many at once.</summary>
    /// <returns><see langword="null"/> when one of the two is not known here.</returns>
    ICoordinateTransform? Between(Crs from, Crs to);

    /// <summary>
    /// The rectangle that holds an extent in another CRS. Its edges are followed, because straight edges bend; what the target CRS has no place for (the poles
    /// in Mercator) is cut off.
    /// </summary>
    /// <returns><see langword="null"/> when one of the two is not known here; empty when nothing of it has a place.</returns>
    Extent? Extent(in Extent extent, Crs from, Crs to);

    /// <summary>What one unit of a CRS is in scales (OGC 17-083r4, 6.1.1): for degrees, the length of one along the equator.</summary>
    /// <returns><see langword="null"/> when the CRS is not known here.</returns>
    double? MetresPerUnit(Crs crs) => null;
}

/// <summary>From one CRS to another, x before y on both sides.</summary>
public interface ICoordinateTransform
{
    /// <summary>Replaces pairs (x, y, x, y, …) in place. A place that the target has no coordinates for becomes NaN.</summary>
    void Apply(Span<double> pairs);

    /// <summary>Whether it changes nothing.</summary>
    bool IsIdentity => false;
}
