using System.Runtime.InteropServices;
using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>
/// Cuts a feature at a tile's edges (with what reaches over them). A ring's ways through the tile are joined along its edge, each exit with the entry that
/// follows it, so that a polygon that leaves a tile in several places comes apart there and does not hang together by lines of no width.
/// </summary>
internal sealed class TileCutter
{
    private readonly TileShape _paths = new();
    private readonly List<(int Start, int Count)> _ways = [];
    private readonly List<(double At, int Way, bool Exit)> _crossings = [];
    private readonly List<Part> _inside = [];
    private double[] _reduced = [];

    // The edge lies between grid lines, so that no place is on it; what is cut off there is drawn on the last grid line inside.
    private Extent _edge;
    private Extent _box;
    private TileEdge _sides;
    private double _left;
    private double _top;

    /// <summary>Sets the tile.</summary>
    /// <param name="box">With what reaches over its edges, in steps.</param>
    /// <param name="left">The tile itself: its left edge.</param>
    /// <param name="top">Its upper edge.</param>
    public void Set(in Extent box, double left, double top) => (_box, _edge, _sides, _left, _top) = (box, box.Grow(0.5), new TileEdge(box), left, top);

    /// <summary>Where a shape of one point is in the tile.</summary>
    /// <returns>Whether it is there at all.</returns>
    public bool Place(Shapes shapes, in Shape shape, out int x, out int y)
    {
        var place = shapes.PlacesOf(shapes.PartsOf(shape)[0]);
        (x, y) = ((int)(place[0] - _left), (int)(place[1] - _top));
        return Window.SidesOf(_edge, place[0], place[1]) == 0;
    }

    /// <summary>Cuts the parts of one kind.</summary>
    /// <param name="to">Cleared before.</param>
    /// <returns>Whether its rings are known to be muddled.</returns>
    public bool Cut(Shapes shapes, in Shape shape, PartRole kind, TileShape to)
    {
        to.Clear();
        var parts = shapes.PartsOf(shape);
        var muddled = false;
        for (var i = 0; i < parts.Length; i++)
        {
            ref readonly var part = ref parts[i];
            if (part.Role != kind)
            {
                continue;
            }

            var rings = 1;
            while (kind == PartRole.Shell && i + rings < parts.Length && parts[i + rings].Role == PartRole.Hole)
            {
                rings++;
            }

            if (Window.SidesOf(_edge, part.Box) != 0)
            {
                continue;
            }

            switch (kind)
            {
                case PartRole.Point:
                    var place = shapes.PlacesOf(part);
                    to.Add(to.PlaceCount, (int)(place[0] - _left), (int)(place[1] - _top));
                    to.Parts.Add(new TilePart(to.PlaceCount - 1, 1, PartRole.Point));
                    break;
                case PartRole.Line:
                    CutLine(shapes, part, to);
                    break;
                case PartRole.Shell or PartRole.Hole:
                    muddled |= !CutPolygon(shapes, parts.Slice(i, rings), to);
                    break;
            }
        }

        return muddled;
    }

    private void CutLine(Shapes shapes, in Part part, TileShape to)
    {
        var places = See(shapes, part);
        var start = to.PlaceCount;
        for (var i = 0; i + 3 < places.Length; i += 2)
        {
            var (x1, y1, x2, y2) = (places[i], places[i + 1], places[i + 2], places[i + 3]);
            var (from, into) = (Window.SidesOf(_edge, x1, y1), Window.SidesOf(_edge, x2, y2));
            if ((from | into) == 0)
            {
                Add(to, start, x1, y1);
                Add(to, start, x2, y2);
                continue;
            }

            if ((from & into) != 0 || !_sides.Crossing(x1, y1, x2, y2, out var entry, out var exit))
            {
                continue;
            }

            if (from != 0)
            {
                to.CloseLine(start);
                start = to.PlaceCount;
                AddCrossing(to, start, entry);
            }
            else
            {
                Add(to, start, x1, y1);
            }

            if (into != 0)
            {
                AddCrossing(to, start, exit);
                to.CloseLine(start);
                start = to.PlaceCount;
            }
            else
            {
                Add(to, start, x2, y2);
            }
        }

        to.CloseLine(start);
    }

    /// <param name="rings">A shell and its holes.</param>
    /// <returns>Whether entries and exits take turns along the edge, as those of a valid polygon do.</returns>
    private bool CutPolygon(Shapes shapes, ReadOnlySpan<Part> rings, TileShape to)
    {
        _paths.Clear();
        _ways.Clear();
        _crossings.Clear();
        _inside.Clear();
        var (around, begin) = (false, false);
        foreach (ref readonly var ring in rings)
        {
            if (Window.SidesOf(_edge, ring.Box) != 0)
            {
                continue;
            }

            if (_edge.Contains(ring.Box))
            {
                _inside.Add(ring);
                continue;
            }

            var places = See(shapes, ring);
            if (places.Length >= 6)
            {
                var ways = _ways.Count;
                Follow(places);
                begin ^= Window.Surrounds(places, _edge.MinX, _edge.MinY);
                around ^= _ways.Count == ways && Window.Surrounds(places, (_edge.MinX + _edge.MaxX) / 2, (_edge.MinY + _edge.MaxY) / 2);
            }
        }

        var first = to.Parts.Count;
        var clear = true;
        if (_ways.Count > 0)
        {
            if (!TakeTurns(begin))
            {
                CutEach(shapes, rings, to);
                return false;
            }

            clear = Join(to);
        }
        else if (around)
        {
            var start = to.PlaceCount;
            for (var corner = 0; corner < 4; corner++)
            {
                AddCorner(to, start, corner);
            }

            to.CloseRing(start, PartRole.Shell);
        }

        AddInside(shapes, to, first);
        return clear;
    }

    /// <summary>Adds the rings that need no cutting. A hole goes behind the shell that it is in.</summary>
    private void AddInside(Shapes shapes, TileShape to, int first)
    {
        foreach (var ring in _inside)
        {
            var start = to.PlaceCount;
            var places = shapes.PlacesOf(ring);
            for (var i = 0; i < places.Length; i += 2)
            {
                to.Add(start, (int)(places[i] - _left), (int)(places[i + 1] - _top));
            }

            if (to.CloseRing(start, ring.Role) == 0 || ring.Role == PartRole.Shell)
            {
                continue;
            }

            // Usually there is one shell, or the last one it is.
            var hole = to.Parts[^1];
            var shells = 0;
            for (var i = first; i < to.Parts.Count - 1; i++)
            {
                shells += to.Parts[i].Role == PartRole.Shell ? 1 : 0;
            }

            if (shells == 0)
            {
                // Its shell is gone, as something of no width.
                to.Parts.RemoveAt(to.Parts.Count - 1);
            }

            if (shells < 2)
            {
                continue;
            }

            var place = to.PlacesOf(hole);
            for (var i = first; i < to.Parts.Count - 1; i++)
            {
                if (to.Parts[i].Role == PartRole.Shell && RingCheck.Surrounds(to.PlacesOf(to.Parts[i]), place[0], place[1]))
                {
                    to.Parts.RemoveAt(to.Parts.Count - 1);
                    to.Parts.Insert(i + 1, hole);
                    break;
                }
            }
        }
    }

    /// <summary>What of a part may be seen.</summary>
    private ReadOnlySpan<double> See(Shapes shapes, in Part part)
    {
        var places = shapes.PlacesOf(part);
        if (part.Boxes < 0)
        {
            return places;
        }

        if (_reduced.Length < places.Length)
        {
            _reduced = new double[2 * places.Length];
        }

        return _reduced.AsSpan(0, 2 * Window.Reduce(places, shapes.BoxesOf(part), _edge, _reduced));
    }

    /// <summary>Notes a ring's ways through the tile.</summary>
    private void Follow(ReadOnlySpan<double> ring)
    {
        var count = ring.Length / 2;
        var begin = 0;
        while (begin < count && Window.SidesOf(_edge, ring[2 * begin], ring[(2 * begin) + 1]) == 0)
        {
            begin++;
        }

        if (begin == count)
        {
            return;
        }

        var (start, at) = (_paths.PlaceCount, begin);
        var (x1, y1) = (ring[2 * begin], ring[(2 * begin) + 1]);
        var from = Window.SidesOf(_edge, x1, y1);
        for (var step = 0; step < count; step++)
        {
            at = at + 1 == count ? 0 : at + 1;
            var (x2, y2) = (ring[2 * at], ring[(2 * at) + 1]);
            var into = Window.SidesOf(_edge, x2, y2);
            if ((from | into) == 0)
            {
                Add(_paths, start, x2, y2);
            }
            else if ((from & into) == 0 && _sides.Crossing(x1, y1, x2, y2, out var entry, out var exit))
            {
                if (from != 0)
                {
                    start = _paths.PlaceCount;
                    _crossings.Add((entry.At, _ways.Count, false));
                    AddCrossing(_paths, start, entry);
                }

                if (into != 0)
                {
                    AddCrossing(_paths, start, exit);
                    _crossings.Add((exit.At, _ways.Count, true));
                    _ways.Add((start, _paths.PlaceCount - start));
                }
                else
                {
                    Add(_paths, start, x2, y2);
                }
            }

            (x1, y1, from) = (x2, y2, into);
        }
    }

    /// <summary>Sorts entries and exits along the edge.</summary>
    /// <param name="inside">Whether the edge begins inside.</param>
    /// <returns>Whether they alternate, and the last was an exit where the edge begins inside: behind an exit along the edge is the inside.</returns>
    private bool TakeTurns(bool inside)
    {
        _crossings.Sort(static (one, other) => one.At.CompareTo(other.At));
        var last = inside;
        foreach (var (_, _, exit) in CollectionsMarshal.AsSpan(_crossings))
        {
            if (exit == last)
            {
                return false;
            }

            last = exit;
        }

        return true;
    }

    /// <summary>Rings that cross themselves: each by itself, which is right whatever their ways are. The lines along the edge that this makes are for the repair.</summary>
    private void CutEach(Shapes shapes, ReadOnlySpan<Part> rings, TileShape to)
    {
        foreach (ref readonly var ring in rings)
        {
            var start = to.PlaceCount;
            foreach (var (x, y) in TileEdge.Cut(See(shapes, ring), _box))
            {
                Add(to, start, x, y);
            }

            to.CloseRing(start, ring.Role);
        }
    }

    /// <summary>Joins the ways: from each exit along the edge, with the inside on the same hand, to the next entry.</summary>
    private bool Join(TileShape to)
    {
        var crossings = CollectionsMarshal.AsSpan(_crossings);
        Span<bool> done = _ways.Count <= 256 ? stackalloc bool[_ways.Count] : new bool[_ways.Count];
        done.Clear();
        Span<int> exits = _ways.Count <= 256 ? stackalloc int[_ways.Count] : new int[_ways.Count];
        for (var i = 0; i < crossings.Length; i++)
        {
            if (crossings[i].Exit)
            {
                exits[crossings[i].Way] = i;
            }
        }

        var clear = true;
        for (var first = 0; first < _ways.Count; first++)
        {
            if (done[first])
            {
                continue;
            }

            var start = to.PlaceCount;
            for (var way = first; !done[way];)
            {
                done[way] = true;
                to.Add(start, _paths, _ways[way].Start, _ways[way].Count);
                var exit = exits[way];
                var entry = (exit + 1) % crossings.Length;
                AddCorners(to, start, crossings[exit].At, crossings[entry].At);
                way = crossings[entry].Way;
            }

            clear &= to.CloseRing(start, PartRole.Shell) >= 0;
        }

        return clear;
    }

    private void AddCorners(TileShape to, int start, double from, double into)
    {
        into += into < from ? 4 : 0;
        for (var corner = (int)from + 1; corner <= (int)into; corner++)
        {
            AddCorner(to, start, corner & 3);
        }
    }

    private void AddCorner(TileShape to, int start, int corner) =>
        Add(to, start, corner is 1 or 2 ? _box.MaxX : _box.MinX, corner is 2 or 3 ? _box.MaxY : _box.MinY);

    private void Add(TileShape to, int start, double x, double y) => to.Add(start, (int)(x - _left), (int)(y - _top));

    private void AddCrossing(TileShape to, int start, in TileEdge.Place place) => Add(to, start, place.X, place.Y);
}
