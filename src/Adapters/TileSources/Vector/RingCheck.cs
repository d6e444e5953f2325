using System.Runtime.InteropServices;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>
/// Finds out, exactly and in one sweep over a feature's edges, whether its rings are beyond doubt: no edge meets another but its neighbours at their common
/// place, each hole lies in a shell and no shell in another.
/// </summary>
internal sealed class RingCheck
{
    private readonly record struct Edge(int X1, int Y1, int X2, int Y2, int Ring, int Place)
    {
        public int MinX => Math.Min(X1, X2);

        public int MaxX => Math.Max(X1, X2);
    }

    private Edge[] _edges = [];
    private Edge[] _sorted = [];
    private int[] _buckets = [];
    private int[] _leftmost = [];
    private int[] _winding = [];

    /// <returns><see langword="false"/> for rings that may be valid, but have to be looked at more closely.</returns>
    public bool IsClear(TileShape shape)
    {
        var parts = CollectionsMarshal.AsSpan(shape.Parts);
        if (_edges.Length < shape.PlaceCount)
        {
            (_edges, _sorted) = (new Edge[2 * shape.PlaceCount], new Edge[2 * shape.PlaceCount]);
        }

        if (_leftmost.Length < parts.Length)
        {
            (_leftmost, _winding) = (new int[2 * parts.Length], new int[2 * parts.Length]);
        }

        var (count, low, high) = (0, int.MaxValue, int.MinValue);
        for (var ring = 0; ring < parts.Length; ring++)
        {
            var places = shape.PlacesOf(parts[ring]);
            var (x1, y1) = (places[^2], places[^1]);
            var (leftX, leftY, left) = (int.MaxValue, 0, 0);
            for (var i = 0; i < places.Length; i += 2)
            {
                var (x2, y2) = (places[i], places[i + 1]);
                if (x2 < leftX || (x2 == leftX && y2 < leftY))
                {
                    (leftX, leftY, left) = (x2, y2, i / 2);
                }

                _edges[count++] = new Edge(x1, y1, x2, y2, ring, i / 2);
                (low, high) = (Math.Min(low, x2), Math.Max(high, x2));
                (x1, y1) = (x2, y2);
            }

            (_leftmost[ring], _winding[ring]) = (left, 0);
        }

        Sort(count, low, high);
        return Sweep(parts, count);
    }

    /// <summary>Whether a place is in a ring; anything for one on its edge.</summary>
    public static bool Surrounds(ReadOnlySpan<int> ring, int x, int y)
    {
        var inside = false;
        var (x1, y1) = (ring[^2], ring[^1]);
        for (var i = 0; i < ring.Length; i += 2)
        {
            var (x2, y2) = (ring[i], ring[i + 1]);
            if ((y1 > y) != (y2 > y) && ((((long)x2 - x1) * (y - y1)) - (((long)x - x1) * (y2 - y1)) > 0) == (y2 > y1))
            {
                inside = !inside;
            }

            (x1, y1) = (x2, y2);
        }

        return inside;
    }

    /// <summary>By their left ends: into as many buckets as there are edges, then those that are near.</summary>
    private void Sort(int count, int low, int high)
    {
        var shift = 0;
        while ((high - low) >> shift > 2 * count)
        {
            shift++;
        }

        var buckets = ((high - low) >> shift) + 1;
        if (_buckets.Length <= buckets)
        {
            _buckets = new int[2 * (buckets + 1)];
        }

        Array.Clear(_buckets, 0, buckets + 1);
        for (var i = 0; i < count; i++)
        {
            _buckets[((_edges[i].MinX - low) >> shift) + 1]++;
        }

        for (var i = 1; i <= buckets; i++)
        {
            _buckets[i] += _buckets[i - 1];
        }

        for (var i = 0; i < count; i++)
        {
            _sorted[_buckets[(_edges[i].MinX - low) >> shift]++] = _edges[i];
        }

        if (shift == 0)
        {
            return;
        }

        for (var i = 1; i < count; i++)
        {
            var edge = _sorted[i];
            var at = i;
            for (; at > 0 && _sorted[at - 1].MinX > edge.MinX; at--)
            {
                _sorted[at] = _sorted[at - 1];
            }

            _sorted[at] = edge;
        }
    }

    private bool Sweep(ReadOnlySpan<TilePart> parts, int count)
    {
        var sorted = _sorted.AsSpan(0, count);
        for (var i = 0; i < sorted.Length; i++)
        {
            ref readonly var edge = ref sorted[i];
            var (maxX, minY, maxY) = (edge.MaxX, Math.Min(edge.Y1, edge.Y2), Math.Max(edge.Y1, edge.Y2));
            for (var j = i + 1; j < sorted.Length; j++)
            {
                ref readonly var other = ref sorted[j];
                if (other.MinX > maxX)
                {
                    break;
                }

                // The edge that ends at a ring's leftmost place counts what lies below it: by then all that reach under it have begun.
                if (other.Place == _leftmost[other.Ring] && edge.Ring != other.Ring && (edge.X1 < other.X2) != (edge.X2 < other.X2) && Below(edge, other.X2, other.Y2))
                {
                    _winding[other.Ring] += edge.X1 < edge.X2 ? 1 : -1;
                }

                if (Math.Max(other.Y1, other.Y2) >= minY && Math.Min(other.Y1, other.Y2) <= maxY && Meet(edge, other, parts))
                {
                    return false;
                }
            }
        }

        for (var ring = 0; ring < parts.Length; ring++)
        {
            if (_winding[ring] != (parts[ring].Role == PartRole.Hole ? 1 : 0))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Below(in Edge edge, int x, int y)
    {
        var (x1, y1, x2, y2) = edge.X1 < edge.X2 ? (edge.X1, edge.Y1, edge.X2, edge.Y2) : (edge.X2, edge.Y2, edge.X1, edge.Y1);
        return Turn(x1, y1, x2, y2, x, y) > 0;
    }

    /// <summary>Whether two edges have a place in common that is not the end of one and the beginning of the next.</summary>
    private static bool Meet(in Edge one, in Edge other, ReadOnlySpan<TilePart> parts)
    {
        if (one.Ring == other.Ring)
        {
            var count = parts[one.Ring].Count;
            if (one.Place + 1 == other.Place || other.Place + 1 == one.Place || (count > 2 && Math.Abs(one.Place - other.Place) == count - 1))
            {
                // They were trimmed: neighbours do not go back on each other.
                return false;
            }
        }

        var (a, b) = (Turn(one.X1, one.Y1, one.X2, one.Y2, other.X1, other.Y1), Turn(one.X1, one.Y1, one.X2, one.Y2, other.X2, other.Y2));
        if ((a > 0 && b > 0) || (a < 0 && b < 0))
        {
            return false;
        }

        var (c, d) = (Turn(other.X1, other.Y1, other.X2, other.Y2, one.X1, one.Y1), Turn(other.X1, other.Y1, other.X2, other.Y2, one.X2, one.Y2));
        return !((c > 0 && d > 0) || (c < 0 && d < 0));
    }

    private static long Turn(int x1, int y1, int x2, int y2, int x, int y) => (((long)x2 - x1) * ((long)y - y1)) - (((long)x - x1) * ((long)y2 - y1));
}
