using System.Collections.Concurrent;
using GeoWps.Application.Ports;
using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Projections;

/// <summary>Transforms between the CRSs that it knows by itself and from files of the operator's.</summary>
/// <param name="given">Definitions of the operator's (WKT 1), by CRS; they go before all others.</param>
internal sealed class CoordinateTransforms(IReadOnlyDictionary<Crs, string> given) : ICoordinateTransforms
{
    private readonly ConcurrentDictionary<(Crs, Crs), ICoordinateTransform> _transforms = new();
    private readonly ConcurrentDictionary<Crs, CrsDefinition> _known = new();

    public CoordinateTransforms()
        : this(new Dictionary<Crs, string>())
    {
    }

    public ICoordinateTransform? Between(Crs from, Crs to)
    {
        if (_transforms.TryGetValue((from, to), out var known))
        {
            return known;
        }

        return Find(from) is { } source && Find(to) is { } target
            ? _transforms.GetOrAdd((from, to), from.SameAs(to) ? NoTransform.Instance : Make(source, target))
            : null;
    }

    public double? MetresPerUnit(Crs crs) => Find(crs)?.MetresPerUnit;

    public Extent? Extent(in Extent extent, Crs from, Crs to)
    {
        if (Find(from) is not { } source || Find(to) is not { } target)
        {
            return null;
        }

        if (extent.IsEmpty || from.SameAs(to))
        {
            return extent.IsEmpty ? Domain.Spatial.Extent.Empty : extent;
        }

        // Between rectangles of degrees and those of cylinders edges stay straight, and a turn of the world stays one.
        var (area, its) = source.IsCylindrical ? (Corners(extent, source), CrsDefinition.Degrees) : (extent, source);
        return target.IsCylindrical
            ? Stretched(source.IsCylindrical ? area : BentExtent.Of(area, its, CrsDefinition.Degrees), target)
            : BentExtent.Of(area, its, target);
    }

    private CrsDefinition? Find(Crs crs)
    {
        if (_known.TryGetValue(crs, out var known))
        {
            return known;
        }

        var definition = given.TryGetValue(crs, out var wkt) ? WktDefinition.Read(wkt) : KnownCrs.Find(crs);
        return definition is null ? null : _known.GetOrAdd(crs, definition);
    }

    private static ICoordinateTransform Make(CrsDefinition from, CrsDefinition to) => (from, to) switch
    {
        ({ Projection: null, Shift: null }, { Projection: null, Shift: null }) => NoTransform.Instance,
        ({ Projection: null, Shift: null }, { Shift: null }) => new ForwardTransform(to.Projection!),
        ({ Shift: null }, { Projection: null, Shift: null }) => new InverseTransform(from.Projection!),
        _ => new DatumTransform(from, to),
    };

    /// <summary>From a cylinder to degrees, without what is beyond the poles.</summary>
    private static Extent Corners(in Extent extent, CrsDefinition from)
    {
        var (_, equator) = from.FromWgs84(0, 0);
        var (west, south) = (from.ToWgs84(extent.MinX, equator).Longitude, from.ToWgs84(extent.MinX, extent.MinY).Latitude);
        var (east, north) = (from.ToWgs84(extent.MaxX, equator).Longitude, from.ToWgs84(extent.MaxX, extent.MaxY).Latitude);
        return new Extent(west, double.IsNaN(south) ? Pole(extent.MinY) : south, east, double.IsNaN(north) ? Pole(extent.MaxY) : north);

        double Pole(double y) => y < equator ? -90 : 90;
    }

    /// <summary>From degrees to a cylinder, without what is too near to the poles for it.</summary>
    private static Extent Stretched(Extent degrees, CrsDefinition to)
    {
        var (south, north) = to.Latitudes;
        var inside = degrees.Meet(new Extent(double.NegativeInfinity, south, double.PositiveInfinity, north));
        if (inside.IsEmpty)
        {
            return Domain.Spatial.Extent.Empty;
        }

        var (minX, minY) = to.FromWgs84(inside.MinX, inside.MinY);
        var (maxX, maxY) = to.FromWgs84(inside.MaxX, inside.MaxY);
        return new Extent(minX, minY, maxX, maxY);
    }

    private sealed class NoTransform : ICoordinateTransform
    {
        public static NoTransform Instance { get; } = new();

        public bool IsIdentity => true;

        public void Apply(Span<double> pairs)
        {
        }
    }

    private sealed class ForwardTransform(Projection to) : ICoordinateTransform
    {
        public void Apply(Span<double> pairs)
        {
            for (var i = 0; i + 1 < pairs.Length; i += 2)
            {
                (pairs[i], pairs[i + 1]) = to.Forward(pairs[i], pairs[i + 1]);
            }
        }
    }

    private sealed class InverseTransform(Projection from) : ICoordinateTransform
    {
        public void Apply(Span<double> pairs)
        {
            for (var i = 0; i + 1 < pairs.Length; i += 2)
            {
                (pairs[i], pairs[i + 1]) = from.Inverse(pairs[i], pairs[i + 1]);
            }
        }
    }

    private sealed class DatumTransform(CrsDefinition from, CrsDefinition to) : ICoordinateTransform
    {
        public void Apply(Span<double> pairs)
        {
            for (var i = 0; i + 1 < pairs.Length; i += 2)
            {
                var (longitude, latitude) = from.ToWgs84(pairs[i], pairs[i + 1]);
                (pairs[i], pairs[i + 1]) = to.FromWgs84(longitude, latitude);
            }
        }
    }
}
