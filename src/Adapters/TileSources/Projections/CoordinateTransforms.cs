using System.Collections.Concurrent;
using GeoWps.Application.Ports;
using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Projections;

/// <summary>Transforms between the CRSs that it knows by itself and from files of the operator's.</summary>
/// <param name="given">Definitions of the operator's (WKT 1), by CRS; they go before all others.</param>
internal sealed class CoordinateTransforms(IReadOnlyDictionary<Crs, string> given) : ICoordinateTransforms
{
    /// <summary>Pieces of an edge; what a bent one goes beyond its pieces' ends is less than <see cref="Sag"/> of the whole.</summary>
    private const int Pieces = 128;

    private const double Sag = 1e-4;

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
        return target.IsCylindrical ? Stretched(source.IsCylindrical ? Corners(extent, source) : Degrees(extent, source), target) : Bent(extent, source, target);
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

    private static Extent Corners(in Extent extent, CrsDefinition from)
    {
        var (west, south) = from.ToWgs84(extent.MinX, extent.MinY);
        var (east, north) = from.ToWgs84(extent.MaxX, extent.MaxY);
        return new Extent(west, double.IsNaN(south) ? -90 : south, east, double.IsNaN(north) ? 90 : north);
    }

    /// <summary>From degrees to a cylinder, without what is too near to the poles for it.</summary>
    private static Extent Stretched(Extent degrees, CrsDefinition to)
    {
        var (south, north) = to.Projection?.Latitudes ?? (-90, 90);
        var inside = degrees.Meet(new Extent(double.NegativeInfinity, south, double.PositiveInfinity, north));
        if (inside.IsEmpty)
        {
            return Domain.Spatial.Extent.Empty;
        }

        var (minX, minY) = to.FromWgs84(inside.MinX, inside.MinY);
        var (maxX, maxY) = to.FromWgs84(inside.MaxX, inside.MaxY);
        return new Extent(minX, minY, maxX, maxY);
    }

    /// <summary>Longitudes and latitudes of a rectangle whose edges are bent there: all longitudes when it holds a pole, or lies on both sides of 180 degrees.</summary>
    private static Extent Degrees(in Extent extent, CrsDefinition from)
    {
        var found = Domain.Spatial.Extent.Empty;
        var turns = false;
        var before = double.NaN;
        for (var i = 0; i <= 4 * Pieces; i++)
        {
            var (x, y) = OnEdge(extent, i);
            var (longitude, latitude) = from.ToWgs84(x, y);
            if (double.IsNaN(longitude + latitude))
            {
                continue;
            }

            turns |= Math.Abs(longitude - before) > 180;
            before = longitude;
            found = found.Join(new Extent(longitude, latitude, longitude, latitude));
        }

        for (var i = 1; i < 16; i++)
        {
            for (var j = 1; j < 16; j++)
            {
                var (longitude, latitude) = from.ToWgs84(extent.MinX + (extent.Width * i / 16), extent.MinY + (extent.Height * j / 16));
                found = double.IsNaN(longitude + latitude) ? found : found.Join(new Extent(longitude, latitude, longitude, latitude));
            }
        }

        if (found.IsEmpty)
        {
            return found;
        }

        var (margin, rise) = (found.Width * Sag, found.Height * Sag);
        found = new Extent(found.MinX - margin, Math.Max(-90, found.MinY - rise), found.MaxX + margin, Math.Min(90, found.MaxY + rise));
        foreach (var pole in (ReadOnlySpan<double>)[-90, 90])
        {
            var (x, y) = from.FromWgs84(from.Projection?.Longitudes?.Meridian ?? 0, pole);
            if (extent.Contains(new Extent(x, y, x, y)))
            {
                (found, turns) = (found with { MinY = Math.Min(found.MinY, pole), MaxY = Math.Max(found.MaxY, pole) }, true);
            }
        }

        return turns
            ? found with { MinX = -180, MaxX = 180 }
            : found with { MinX = Math.Max(-180, found.MinX), MaxX = Math.Min(180, found.MaxX) };
    }

    /// <summary>To a plane on which straight edges are bent: edges and a grid inside are followed.</summary>
    private static Extent Bent(in Extent extent, CrsDefinition from, CrsDefinition to)
    {
        var (south, north) = to.Projection!.Latitudes;
        var part = from.Projection is null ? extent.Meet(Reach(to.Projection, extent)) : extent;
        if (part.IsEmpty)
        {
            return Domain.Spatial.Extent.Empty;
        }

        var found = Domain.Spatial.Extent.Empty;
        for (var i = 0; i <= 4 * Pieces; i++)
        {
            var (x, y) = OnEdge(part, i);
            Take(x, y);
        }

        for (var i = 1; i < 32; i++)
        {
            for (var j = 1; j < 32; j++)
            {
                Take(part.MinX + (part.Width * i / 32), part.MinY + (part.Height * j / 32));
            }
        }

        return found.IsEmpty
            ? found
            : new Extent(found.MinX - (found.Width * Sag), found.MinY - (found.Height * Sag), found.MaxX + (found.Width * Sag), found.MaxY + (found.Height * Sag));

        void Take(double x, double y)
        {
            var (longitude, latitude) = from.ToWgs84(x, y);
            if (!(latitude >= south - 1e-9 && latitude <= north + 1e-9)
                || (to.Projection.Longitudes is { } used && Math.Abs(Math.IEEERemainder(longitude - used.Meridian, 360)) > used.Reach + 1e-9))
            {
                return;
            }

            var (placeX, placeY) = to.FromWgs84(longitude, latitude);
            found = double.IsNaN(placeX + placeY) ? found : found.Join(new Extent(placeX, placeY, placeX, placeY));
        }
    }

    /// <summary>Where a projection is used, in degrees, on the turn of the world on which the extent lies.</summary>
    private static Extent Reach(Projection to, in Extent extent)
    {
        var (south, north) = to.Latitudes;
        if (to.Longitudes is not var (meridian, reach))
        {
            return new Extent(double.NegativeInfinity, south, double.PositiveInfinity, north);
        }

        // A zone at 180 degrees reaches over it: an extent of the whole world then keeps its longitudes, and points outside are left out one by one.
        var whole = meridian - reach < -180 || meridian + reach > 180 || extent.MinX < -180 || extent.MaxX > 180;
        return whole ? new Extent(double.NegativeInfinity, south, double.PositiveInfinity, north) : new Extent(meridian - reach, south, meridian + reach, north);
    }

    private static (double X, double Y) OnEdge(in Extent extent, int i)
    {
        var part = i % Pieces / (double)Pieces;
        return (i / Pieces % 4) switch
        {
            0 => (extent.MinX + (extent.Width * part), extent.MinY),
            1 => (extent.MaxX, extent.MinY + (extent.Height * part)),
            2 => (extent.MaxX - (extent.Width * part), extent.MaxY),
            _ => (extent.MinX, extent.MaxY - (extent.Height * part)),
        };
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
