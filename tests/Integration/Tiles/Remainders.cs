using NetTopologySuite.Geometries;

namespace GeoWps.Tests.Integration.Tiles;

/// <summary>What one tile has and another of the same place has not.</summary>
internal static class Remainders
{
    /// <param name="alone">What of a geometry lies outside of the other one's surroundings.</param>
    /// <param name="dimension">The whole geometry's.</param>
    /// <param name="step">Of quantisation, in the geometry's units.</param>
    public static void ShouldBeWithinSteps(this Geometry alone, Dimension dimension, double step, string what)
    {
        switch (dimension)
        {
            case Dimension.Surface:
                // A shape of a few steps may vanish in one of them.
                alone.Area.ShouldBeLessThan(9 * step * step, what);
                break;
            case Dimension.Curve:
                alone.Length.ShouldBeLessThan(4 * step, what);
                break;
            default:
                alone.IsEmpty.ShouldBeTrue(what);
                break;
        }
    }
}
