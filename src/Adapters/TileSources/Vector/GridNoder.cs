using System.Runtime.InteropServices;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>
/// Works out what muddled rings cover, all in whole numbers: edges are parted where they meet until they meet only at their ends, those that lie on each other are
/// counted, and what has covered ground on one side only is the new edge of it. Covered is what shells go round more often than holes do.
/// </summary>
internal sealed class GridNoder
{
    /// <summary>A crossing is put on the grid, which moves two edges a little, and they may meet others then.</summary>
    private const int MaxRounds = 32;

    private readonly List<Edge> _edges = [];
    private readonly List<Edge> _next = [];
    private readonly List<(int Edge, double Along, int X, int Y)> _splits = [];
    private readonly List<Edge> _border = [];
    private readonly Dictionary<(int X, int Y), int> _firsts = [];
    private readonly List<(int X, int Y)> _walk = [];
    private int[] _winding = [];
    private bool[] _used = [];

    /// <summary>From its lower end (left, then upper) to the other. <paramref name="Times"/> counts how often it is gone that way, less how often back.</summary>
    private readonly record struct Edge(int X1, int Y1, int X2, int Y2, int Times)
    {
        public static Edge Of(int x1, int y1, int x2, int y2, int times) =>
            x1 < x2 || (x1 == x2 && y1 < y2) ? new Edge(x1, y1, x2, y2, times) : new Edge(x2, y2, x1, y1, -times);

        public bool Ends(int x, int y) => (x == X1 && y == Y1) || (x == X2 && y == Y2);
    }

    /// <summary>Walks round what the rings cover, with the covered ground on the side where a shell has it. A walk may pass a place more than once.</summary>
    /// <param name="walk">Is given each walk.</param>
    /// <returns><see langword="false"/> when edges still met after all rounds; nothing has been given then.</returns>
    public bool Run(TileShape shape, Action<List<(int X, int Y)>> walk)
    {
        _edges.Clear();
        foreach (var part in shape.Parts)
        {
            var places = shape.PlacesOf(part);
            var (x, y) = (places[^2], places[^1]);
            for (var i = 0; i < places.Length; i += 2)
            {
                _edges.Add(Edge.Of(x, y, places[i], places[i + 1], 1));
                (x, y) = (places[i], places[i + 1]);
            }
        }

        for (var round = 0; round < MaxRounds; round++)
        {
            Merge();
            if (!FindMeetings())
            {
                FindBorder();
                Walk(walk);
                return true;
            }

            Split();
        }

        return false;
    }

    /// <summary>Sorts the edges by their lower ends, and makes one of those that are the same.</summary>
    private void Merge()
    {
        _edges.Sort(static (one, other) => one.X1 != other.X1 ? one.X1.CompareTo(other.X1) : one.Y1 != other.Y1 ? one.Y1.CompareTo(other.Y1)
            : one.X2 != other.X2 ? one.X2.CompareTo(other.X2) : one.Y2.CompareTo(other.Y2));
        var edges = CollectionsMarshal.AsSpan(_edges);
        var kept = 0;
        for (var i = 0; i < edges.Length;)
        {
            var (edge, times) = (edges[i], 0);
            for (; i < edges.Length && edges[i] with { Times = 0 } == edge with { Times = 0 }; i++)
            {
                times += edges[i].Times;
            }

            if (times != 0)
            {
                edges[kept++] = edge with { Times = times };
            }
        }

        _edges.RemoveRange(kept, _edges.Count - kept);
    }

    private bool FindMeetings()
    {
        _splits.Clear();
        for (var i = 0; i < _edges.Count; i++)
        {
            var one = _edges[i];
            var (low, high) = (Math.Min(one.Y1, one.Y2), Math.Max(one.Y1, one.Y2));
            for (var j = i + 1; j < _edges.Count && _edges[j].X1 <= one.X2; j++)
            {
                var other = _edges[j];
                if (Math.Max(other.Y1, other.Y2) >= low && Math.Min(other.Y1, other.Y2) <= high)
                {
                    Meet(i, one, j, other);
                }
            }
        }

        return _splits.Count > 0;
    }

    private void Meet(int i, in Edge one, int j, in Edge other)
    {
        var (a, b) = (Turn(one, other.X1, other.Y1), Turn(one, other.X2, other.Y2));
        if ((a > 0 && b > 0) || (a < 0 && b < 0))
        {
            return;
        }

        var (c, d) = (Turn(other, one.X1, one.Y1), Turn(other, one.X2, one.Y2));
        if ((c > 0 && d > 0) || (c < 0 && d < 0))
        {
            return;
        }

        if (a != 0 && b != 0 && c != 0 && d != 0)
        {
            var at = (double)c / (c - d);
            var (x, y) = ((int)Math.Round(one.X1 + (at * ((double)one.X2 - one.X1))), (int)Math.Round(one.Y1 + (at * ((double)one.Y2 - one.Y1))));
            SplitAt(i, one, x, y);
            SplitAt(j, other, x, y);
            return;
        }

        // An end lies on the other edge, or both lie on one line.
        if (a == 0 && Spans(one, other.X1, other.Y1))
        {
            SplitAt(i, one, other.X1, other.Y1);
        }

        if (b == 0 && Spans(one, other.X2, other.Y2))
        {
            SplitAt(i, one, other.X2, other.Y2);
        }

        if (c == 0 && Spans(other, one.X1, one.Y1))
        {
            SplitAt(j, other, one.X1, one.Y1);
        }

        if (d == 0 && Spans(other, one.X2, one.Y2))
        {
            SplitAt(j, other, one.X2, one.Y2);
        }
    }

    private static bool Spans(in Edge edge, int x, int y) =>
        x >= edge.X1 && x <= edge.X2 && y >= Math.Min(edge.Y1, edge.Y2) && y <= Math.Max(edge.Y1, edge.Y2);

    private void SplitAt(int index, in Edge edge, int x, int y)
    {
        if (!edge.Ends(x, y))
        {
            var (dx, dy) = ((double)edge.X2 - edge.X1, (double)edge.Y2 - edge.Y1);
            _splits.Add((index, ((x - edge.X1) * dx) + ((y - edge.Y1) * dy), x, y));
        }
    }

    private void Split()
    {
        _splits.Sort();
        _next.Clear();
        var split = 0;
        for (var i = 0; i < _edges.Count; i++)
        {
            var edge = _edges[i];
            var (x, y) = (edge.X1, edge.Y1);
            for (; split < _splits.Count && _splits[split].Edge == i; split++)
            {
                var (_, _, nextX, nextY) = _splits[split];
                Piece(x, y, nextX, nextY, edge.Times);
                (x, y) = (nextX, nextY);
            }

            Piece(x, y, edge.X2, edge.Y2, edge.Times);
        }

        _edges.Clear();
        _edges.AddRange(_next);

        void Piece(int x1, int y1, int x2, int y2, int times)
        {
            if (x1 != x2 || y1 != y2)
            {
                _next.Add(Edge.Of(x1, y1, x2, y2, times));
            }
        }
    }

    /// <summary>Counts for each edge how often the ground beside its middle is gone round, and keeps those with cover on one side.</summary>
    private void FindBorder()
    {
        if (_winding.Length < _edges.Count)
        {
            (_winding, _used) = (new int[2 * _edges.Count], new bool[2 * _edges.Count]);
        }

        Array.Clear(_winding, 0, _edges.Count);
        for (var i = 0; i < _edges.Count; i++)
        {
            var one = _edges[i];
            for (var j = i + 1; j < _edges.Count && _edges[j].X1 <= one.X2; j++)
            {
                var other = _edges[j];
                _winding[j] += IsUnder(one, other) ? one.Times : 0;
                _winding[i] += IsUnder(other, one) ? other.Times : 0;
            }
        }

        _border.Clear();
        for (var i = 0; i < _edges.Count; i++)
        {
            // Along an edge, the left side (with y up) is gone round so many times more often. Beside an upright edge the right side was counted.
            var (edge, right) = (_edges[i], _winding[i]);
            var left = right + edge.Times;
            if ((left > 0) != (right > 0))
            {
                _border.Add(left > 0 ? edge : new Edge(edge.X2, edge.Y2, edge.X1, edge.Y1, 0));
            }
        }
    }

    /// <summary>Whether an edge passes below the middle of another: on the right of an upright one.</summary>
    private static bool IsUnder(in Edge edge, in Edge other)
    {
        // In half steps.
        var (x, y) = ((long)other.X1 + other.X2, (long)other.Y1 + other.Y2);
        return 2L * edge.X1 <= x && x < 2L * edge.X2
            && ((2L * edge.X2) - (2L * edge.X1)) * (y - (2L * edge.Y1)) > (x - (2L * edge.X1)) * ((2L * edge.Y2) - (2L * edge.Y1));
    }

    private void Walk(Action<List<(int X, int Y)>> walk)
    {
        _border.Sort(static (one, other) => one.X1 != other.X1 ? one.X1.CompareTo(other.X1) : one.Y1.CompareTo(other.Y1));
        _firsts.Clear();
        for (var i = _border.Count - 1; i >= 0; i--)
        {
            _firsts[(_border[i].X1, _border[i].Y1)] = i;
            _used[i] = false;
        }

        for (var first = 0; first < _border.Count; first++)
        {
            if (_used[first])
            {
                continue;
            }

            _walk.Clear();
            for (var at = first; !_used[at]; at = Next(_border[at]))
            {
                _used[at] = true;
                _walk.Add((_border[at].X1, _border[at].Y1));
            }

            walk(_walk);
        }
    }

    /// <summary>Of the edges that go on from an edge's end the one that keeps to the same covered ground: the first to the left of the way back.</summary>
    private int Next(in Edge edge)
    {
        var first = _firsts[(edge.X2, edge.Y2)];
        var (best, backX, backY) = (first, (long)edge.X1 - edge.X2, (long)edge.Y1 - edge.Y2);
        for (var i = first + 1; i < _border.Count && _border[i].X1 == edge.X2 && _border[i].Y1 == edge.Y2; i++)
        {
            if (ClockwiseBefore(backX, backY, _border[i], _border[best]))
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>Whether, turning clockwise (with y up) from a direction, one edge comes before another.</summary>
    private static bool ClockwiseBefore(long x, long y, in Edge one, in Edge other)
    {
        var (x1, y1, x2, y2) = ((long)one.X2 - one.X1, (long)one.Y2 - one.Y1, (long)other.X2 - other.X1, (long)other.Y2 - other.Y1);
        var (half1, half2) = (Half(x, y, x1, y1), Half(x, y, x2, y2));
        return half1 != half2 ? half1 < half2 : (x1 * y2) - (x2 * y1) < 0;
    }

    /// <summary>0 for the half turn to the right of a direction, 1 for the other.</summary>
    private static int Half(long x, long y, long dx, long dy)
    {
        var cross = (x * dy) - (dx * y);
        return cross < 0 || (cross == 0 && (x * dx) + (y * dy) < 0) ? 0 : 1;
    }

    private static long Turn(in Edge edge, int x, int y) => (((long)edge.X2 - edge.X1) * ((long)y - edge.Y1)) - (((long)x - edge.X1) * ((long)edge.Y2 - edge.Y1));
}
