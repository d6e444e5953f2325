using System.Runtime.InteropServices;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.Operation.Valid;
using NetTopologySuite.Precision;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>Makes valid polygons, on the grid, of rings that <see cref="RingCheck"/> has doubts about.</summary>
internal sealed class RingRepair
{
    private static readonly GeometryFactory _factory = new(new PrecisionModel(1));

    private readonly RingCheck _check;
    private readonly GridNoder _noder = new();
    private readonly TileShape _simple = new();
    private readonly Dictionary<(int X, int Y), int> _seen = [];
    private readonly List<(int X, int Y)> _open = [];
    private readonly List<TilePart> _rings = [];

    public RingRepair(RingCheck check) => _check = check;

    /// <summary>How often something was repaired, and how often that took the thorough way.</summary>
    public (long All, long Fixed) Repairs { get; private set; }

    public void Run(TileShape shape)
    {
        Repairs = (Repairs.All + 1, Repairs.Fixed);
        _simple.Clear();
        if (_noder.Run(shape, Part) && Arrange() && (_check.IsClear(_simple) || IsValid(_simple)))
        {
            Copy(_simple, shape);
            return;
        }

        Repairs = (Repairs.All, Repairs.Fixed + 1);
        Fix(shape);
    }

    /// <summary>A walk that comes to a place twice is several rings: by their direction shells and holes are known.</summary>
    private void Part(List<(int X, int Y)> walk)
    {
        _seen.Clear();
        _open.Clear();
        foreach (var place in walk)
        {
            if (_seen.TryGetValue(place, out var first))
            {
                for (var loop = first; loop < _open.Count; loop++)
                {
                    _seen.Remove(_open[loop]);
                }

                Close(first);
                _open.RemoveRange(first, _open.Count - first);
            }

            _seen.Add(place, _open.Count);
            _open.Add(place);
        }

        Close(0);
    }

    private void Close(int first)
    {
        var start = _simple.PlaceCount;
        for (var i = first; i < _open.Count; i++)
        {
            _simple.Add(start, _open[i].X, _open[i].Y);
        }

        if (_simple.CloseRing(start, PartRole.Shell) is not 0 and var area && area < 0)
        {
            _simple.Parts[^1] = _simple.Parts[^1] with { Role = PartRole.Hole };
        }
    }

    /// <summary>Puts each hole behind the smallest shell around it.</summary>
    /// <returns><see langword="false"/> when there is a hole without a shell.</returns>
    private bool Arrange()
    {
        _rings.Clear();
        _rings.AddRange(_simple.Parts);
        _simple.Parts.Clear();
        var holes = new List<TilePart>?[_rings.Count];
        for (var hole = 0; hole < _rings.Count; hole++)
        {
            if (_rings[hole].Role != PartRole.Hole)
            {
                continue;
            }

            var (owner, least) = (-1, long.MaxValue);
            for (var shell = 0; shell < _rings.Count; shell++)
            {
                if (_rings[shell].Role == PartRole.Shell && IsIn(_simple.PlacesOf(_rings[hole]), _simple.PlacesOf(_rings[shell]))
                    && TileShape.AreaOf(_simple.PlacesOf(_rings[shell])) is var area && area < least)
                {
                    (owner, least) = (shell, area);
                }
            }

            if (owner < 0)
            {
                return false;
            }

            (holes[owner] ??= []).Add(_rings[hole]);
        }

        for (var shell = 0; shell < _rings.Count; shell++)
        {
            if (_rings[shell].Role == PartRole.Shell)
            {
                _simple.Parts.Add(_rings[shell]);
                _simple.Parts.AddRange(holes[shell] ?? []);
            }
        }

        return true;
    }

    /// <summary>By a place of the hole that is not on the shell.</summary>
    private static bool IsIn(ReadOnlySpan<int> hole, ReadOnlySpan<int> shell)
    {
        for (var i = 0; i < hole.Length; i += 2)
        {
            var on = false;
            for (var j = 0; j < shell.Length && !on; j += 2)
            {
                on = shell[j] == hole[i] && shell[j + 1] == hole[i + 1];
            }

            if (!on)
            {
                return RingCheck.Surrounds(shell, hole[i], hole[i + 1]);
            }
        }

        return false;
    }

    private static void Copy(TileShape from, TileShape to)
    {
        to.Clear();
        foreach (var part in from.Parts)
        {
            var start = to.PlaceCount;
            to.Add(start, from, part.Start, part.Count);
            to.Parts.Add(new TilePart(start, part.Count, part.Role));
        }
    }

    private static bool IsValid(TileShape shape) => shape.Parts.Count == 0 || new IsValidOp(ToGeometry(shape)).IsValid;

    /// <summary>The thorough way: what the rings cover is worked out anew, and put on the grid by snapping.</summary>
    private static void Fix(TileShape shape)
    {
        var made = GeometryPrecisionReducer.Reduce(GeometryFixer.Fix(ToGeometry(shape)), _factory.PrecisionModel);
        shape.Clear();
        for (var i = 0; i < made.NumGeometries; i++)
        {
            if (made.GetGeometryN(i) is not Polygon { IsEmpty: false } polygon)
            {
                continue;
            }

            Add(shape, polygon.ExteriorRing, PartRole.Shell);
            foreach (var hole in polygon.InteriorRings)
            {
                Add(shape, hole, PartRole.Hole);
            }
        }
    }

    private static void Add(TileShape shape, LineString ring, PartRole role)
    {
        var places = ring.CoordinateSequence;
        var turned = NetTopologySuite.Algorithm.Orientation.IsCCW(places) != (role == PartRole.Shell);
        var (start, count) = (shape.PlaceCount, places.Count - 1);
        for (var i = 0; i < count; i++)
        {
            var at = turned ? count - 1 - i : i;
            shape.Add(start, (int)places.GetX(at), (int)places.GetY(at));
        }

        shape.Parts.Add(new TilePart(start, shape.PlaceCount - start, role));
    }

    private static Geometry ToGeometry(TileShape shape)
    {
        var polygons = new List<Polygon>();
        for (var i = 0; i < shape.Parts.Count;)
        {
            var shell = ToRing(shape, shape.Parts[i++]);
            var holes = new List<LinearRing>();
            while (i < shape.Parts.Count && shape.Parts[i].Role == PartRole.Hole)
            {
                holes.Add(ToRing(shape, shape.Parts[i++]));
            }

            polygons.Add(_factory.CreatePolygon(shell, [.. holes]));
        }

        return polygons.Count == 1 ? polygons[0] : _factory.CreateMultiPolygon([.. polygons]);
    }

    private static LinearRing ToRing(TileShape shape, in TilePart part)
    {
        var places = shape.PlacesOf(part);
        var ring = new Coordinate[part.Count + 1];
        for (var i = 0; i < part.Count; i++)
        {
            ring[i] = new Coordinate(places[2 * i], places[(2 * i) + 1]);
        }

        ring[^1] = ring[0].Copy();
        return _factory.CreateLinearRing(ring);
    }
}
