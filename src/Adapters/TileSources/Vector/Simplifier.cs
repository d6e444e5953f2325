using System.Runtime.InteropServices;
using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>
/// Puts shapes on a level's grid and leaves out places that a line can do without, in such a way that a border that two features share is the same line for
/// both, and that a tile never needs to know more than its own data.
/// </summary>
/// <remarks>
/// Lines are cut into runs, and each run is simplified by itself (Douglas and Peucker). A place ends a run when it is a node: when not all who come by go to the
/// same two neighbours, or a line ends there; or when its line goes on into another tile. Which places those are follows from what is inside one tile, and
/// what a run becomes does not depend on the direction in which it is read. See docs/decisions/0012.
/// </remarks>
internal sealed class Simplifier
{
    /// <summary>Places that are simplified together, so that the time for a long run grows with its length only.</summary>
    private const int LongestRun = 1024;

    private readonly LineNodes _nodes = new();
    private readonly List<Part> _parts = [];
    private readonly List<Shape> _shapes = [];
    private readonly Stack<(int From, int To)> _open = new();
    private bool[] _kept = [];
    private double[] _run = [];

    /// <param name="shapes">In CRS units.</param>
    /// <param name="to">Gets them in steps of the grid.</param>
    /// <param name="tolerance">Steps that a line may be away from the true one; 0 keeps all places that the grid tells apart.</param>
    /// <param name="minSize">Steps, square steps: shorter lines and smaller areas are left out.</param>
    public void Run(Shapes shapes, Shapes to, TileGrid grid, double tolerance, double minSize)
    {
        to.Clear();
        to.Borrow(shapes);
        foreach (ref readonly var shape in CollectionsMarshal.AsSpan(shapes.All))
        {
            var first = to.Parts.Count;
            var skip = false;
            foreach (ref readonly var part in shapes.PartsOf(shape))
            {
                // A ring that vanishes takes its holes with it.
                if (part.Role != PartRole.Hole || !skip)
                {
                    skip = !Quantise(shapes.PlacesOf(part), part.Role, part.Reduced, to, grid, minSize) && part.Role != PartRole.Hole;
                }
            }

            to.All.Add(shape with { FirstPart = first, Parts = to.Parts.Count - first, Box = grid.FromCrs(shape.Box) });
        }

        if (tolerance > 0 && shapes.All.Exists(shape => shape.Kind != PartRole.Point))
        {
            Simplify(to, grid, tolerance);
        }
    }

    /// <returns>Whether something is left of it.</returns>
    private static bool Quantise(ReadOnlySpan<double> places, PartRole role, bool reduced, Shapes to, TileGrid grid, double minSize)
    {
        var start = to.PlaceCount;
        var room = to.Room(places.Length / 2);
        var (kept, lastX, lastY, any) = (0, double.NaN, double.NaN, false);
        var (left, top, perX, perY) = (grid.Left, grid.Top, 1 / grid.UnitX, 1 / grid.UnitY);
        for (var i = 0; i < places.Length; i += 2)
        {
            var (x, y) = (Math.Round((places[i] - left) * perX), Math.Round((top - places[i + 1]) * perY));
            if (x == lastX && y == lastY)
            {
                continue;
            }

            if (!double.IsFinite(x + y))
            {
                // The map has no such place: a line ends before it, a ring goes on behind it.
                if (role == PartRole.Line && kept > 0)
                {
                    to.Take(kept);
                    any |= Close(to, start, role, reduced, minSize);
                    (start, kept, lastX) = (to.PlaceCount, 0, double.NaN);
                    room = to.Room((places.Length - i) / 2);
                }

                continue;
            }

            (room[2 * kept], room[(2 * kept) + 1]) = (x, y);
            (kept, lastX, lastY) = (kept + 1, x, y);
        }

        if (role >= PartRole.Shell && kept > 1 && room[0] == lastX && room[1] == lastY)
        {
            kept--;
        }

        to.Take(kept);
        return Close(to, start, role, reduced, minSize) || any;
    }

    private static bool Close(Shapes to, int start, PartRole role, bool reduced, double minSize)
    {
        var places = to.PlacesFrom(start);
        var area = role >= PartRole.Shell && places.Length >= 6 ? Shapes.AreaOf(places) : 0;
        if (role switch
            {
                PartRole.Point => places.Length >= 2,
                PartRole.Line => places.Length >= 4 && (minSize <= 0 || Length(places) >= minSize),
                PartRole.Shell or PartRole.Hole => places.Length >= 6 && (reduced || (area != 0 && Math.Abs(area) / 2 >= minSize)),
            })
        {
            if (role >= PartRole.Shell && !reduced && (area > 0) != (role == PartRole.Shell))
            {
                // The grid has turned it inside out.
                Shapes.Turn(places);
            }

            to.AddPart(start, role, reduced);
            return true;
        }

        to.Cut(start);
        return false;
    }

    private void Simplify(Shapes shapes, TileGrid grid, double tolerance)
    {
        if (_kept.Length < shapes.PlaceCount)
        {
            _kept = new bool[2 * shapes.PlaceCount];
        }

        _nodes.Find(shapes, _kept);
        _parts.Clear();
        _parts.AddRange(shapes.Parts);
        _shapes.Clear();
        _shapes.AddRange(shapes.All);
        shapes.Parts.Clear();
        shapes.All.Clear();
        shapes.Boxes.Clear();
        var all = shapes.Places;
        shapes.Cut(0);
        foreach (var shape in _shapes)
        {
            var first = shapes.Parts.Count;
            for (var i = shape.FirstPart; i < shape.FirstPart + shape.Parts; i++)
            {
                var part = _parts[i];
                var places = all.Slice(2 * part.Start, 2 * part.Count);
                var kept = _kept.AsSpan(part.Start, part.Count);
                Mark(places, part, grid.Units, tolerance, kept);

                // Forwards within the same array: what is written has been read.
                var start = shapes.PlaceCount;
                var to = all[(2 * start)..];
                var count = 0;
                for (var place = 0; place < part.Count; place++)
                {
                    if (kept[place])
                    {
                        (to[2 * count], to[(2 * count) + 1]) = (places[2 * place], places[(2 * place) + 1]);
                        count++;
                    }
                }

                shapes.Take(count);
                shapes.AddPart(start, part.Role, part.Reduced);
            }

            shapes.All.Add(shape with { FirstPart = first });
        }
    }

    /// <summary>Says which places of a part stay.</summary>
    /// <param name="kept">Which are nodes; then, which stay.</param>
    private void Mark(ReadOnlySpan<double> places, in Part part, int units, double tolerance, Span<bool> kept)
    {
        var count = part.Count;
        if (part.Role == PartRole.Point || count <= (part.IsRing ? 3 : 2))
        {
            kept.Fill(true);
            return;
        }

        // Where a line crosses into another tile both of its ends stay.
        if (!InOneTile(part.Box, units))
        {
            var (column, row) = Cell(places, count - 1, units);
            for (var i = 0; i < count; i++)
            {
                var (nextColumn, nextRow) = Cell(places, i, units);
                if ((column != nextColumn || row != nextRow) && (part.IsRing || i > 0))
                {
                    kept[i] = true;
                    kept[i == 0 ? count - 1 : i - 1] = true;
                }

                (column, row) = (nextColumn, nextRow);
            }
        }

        var from = kept.IndexOf(true);
        if (from < 0)
        {
            // A ring without any node: it begins at its lowest place, and the farthest from that divides it.
            from = Lowest(places);
            kept[from] = true;
            kept[Farthest(places, from)] = true;
        }

        // A line's ends are nodes; a ring is walked round from one of them.
        var start = from;
        var last = part.IsRing ? start + count : count - 1;
        for (var i = start + 1; i <= last; i++)
        {
            if (kept[i % count])
            {
                Run(places, start, i, tolerance, kept);
                start = i;
            }
        }

        if (part.IsRing && !part.Reduced && !Lives(places, kept, part.Role))
        {
            // Too small for the tolerance, but not for the grid: it stays as it is.
            kept.Fill(true);
        }
    }

    private void Run(ReadOnlySpan<double> places, int from, int to, double tolerance, Span<bool> kept)
    {
        var (count, inside) = (places.Length / 2, to - from + 1);
        if (inside <= 2)
        {
            return;
        }

        if (_run.Length < 2 * inside)
        {
            _run = new double[4 * inside];
        }

        // In the direction that begins at the lower end, so that both sides of a border do the same.
        var forward = !Lower(places, to % count, from % count);
        for (var i = 0; i < inside; i++)
        {
            var place = (forward ? from + i : to - i) % count;
            (_run[2 * i], _run[(2 * i) + 1]) = (places[2 * place], places[(2 * place) + 1]);
        }

        var run = _run.AsSpan(0, 2 * inside);
        for (var begin = 0; begin < inside - 1; begin += LongestRun)
        {
            var end = Math.Min(begin + LongestRun, inside - 1);
            kept[(forward ? from + end : to - end) % count] = true;
            _open.Push((begin, end));
            while (_open.TryPop(out var open))
            {
                var far = FarthestFrom(run, open.From, open.To, tolerance * tolerance);
                if (far > 0)
                {
                    kept[(forward ? from + far : to - far) % count] = true;
                    _open.Push((open.From, far));
                    _open.Push((far, open.To));
                }
            }
        }
    }

    /// <returns>The place that is farthest from the line between two others; 0 when none is farther than allowed. Of equally far ones the lowest.</returns>
    private static int FarthestFrom(ReadOnlySpan<double> run, int from, int to, double allowed)
    {
        var (x, y, farthest, far) = (run[2 * from], run[(2 * from) + 1], allowed, 0);
        var (dx, dy) = (run[2 * to] - x, run[(2 * to) + 1] - y);
        var length = (dx * dx) + (dy * dy);
        for (var i = from + 1; i < to; i++)
        {
            var (px, py) = (run[2 * i] - x, run[(2 * i) + 1] - y);
            var along = (px * dx) + (py * dy);
            double distance;
            if (along <= 0)
            {
                distance = (px * px) + (py * py);
            }
            else if (along >= length)
            {
                distance = ((px - dx) * (px - dx)) + ((py - dy) * (py - dy));
            }
            else
            {
                var across = (px * dy) - (py * dx);
                distance = across * across / length;
            }

            if (distance > farthest || (distance == farthest && far > 0 && Lower(run, i, far)))
            {
                (farthest, far) = (distance, i);
            }
        }

        return far;
    }

    /// <summary>Whether a ring still has an area, and its direction, with the places that stay.</summary>
    private static bool Lives(ReadOnlySpan<double> places, ReadOnlySpan<bool> kept, PartRole role)
    {
        var (count, area, firstX, firstY, lastX, lastY) = (0, 0d, 0d, 0d, 0d, 0d);
        for (var i = 0; i < kept.Length; i++)
        {
            if (!kept[i])
            {
                continue;
            }

            var (x, y) = (places[2 * i], places[(2 * i) + 1]);
            if (count++ == 0)
            {
                (firstX, firstY) = (x, y);
            }

            area += ((lastX - firstX) * (y - firstY)) - ((x - firstX) * (lastY - firstY));
            (lastX, lastY) = (x, y);
        }

        return count >= 3 && (role == PartRole.Shell ? area > 0 : area < 0);
    }

    private static bool InOneTile(in Extent box, int units) =>
        Math.Floor(box.MinX / units) == Math.Floor(box.MaxX / units) && Math.Floor(box.MinY / units) == Math.Floor(box.MaxY / units);

    private static (double Column, double Row) Cell(ReadOnlySpan<double> places, int place, int units) =>
        (Math.Floor(places[2 * place] / units), Math.Floor(places[(2 * place) + 1] / units));

    private static bool Lower(ReadOnlySpan<double> places, int place, int than) =>
        places[2 * place] < places[2 * than] || (places[2 * place] == places[2 * than] && places[(2 * place) + 1] < places[(2 * than) + 1]);

    private static int Lowest(ReadOnlySpan<double> places)
    {
        var lowest = 0;
        for (var i = 1; i < places.Length / 2; i++)
        {
            lowest = Lower(places, i, lowest) ? i : lowest;
        }

        return lowest;
    }

    private static int Farthest(ReadOnlySpan<double> places, int from)
    {
        var (farthest, far) = (-1d, 0);
        for (var i = 0; i < places.Length / 2; i++)
        {
            var (dx, dy) = (places[2 * i] - places[2 * from], places[(2 * i) + 1] - places[(2 * from) + 1]);
            var distance = (dx * dx) + (dy * dy);
            if (distance > farthest || (distance == farthest && Lower(places, i, far)))
            {
                (farthest, far) = (distance, i);
            }
        }

        return far;
    }

    private static double Length(ReadOnlySpan<double> line)
    {
        var length = 0d;
        for (var i = 2; i < line.Length; i += 2)
        {
            length += Math.Sqrt(((line[i] - line[i - 2]) * (line[i] - line[i - 2])) + ((line[i + 1] - line[i - 1]) * (line[i + 1] - line[i - 1])));
        }

        return length;
    }
}
