using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>The edge at which a tile's features end: half a step outside of the last grid lines, so that no place is on it.</summary>
/// <param name="box">Between those grid lines.</param>
internal readonly struct TileEdge(Extent box)
{
    private readonly Extent _box = box;
    private readonly Extent _edge = box.Grow(0.5);

    /// <summary>Cuts a ring side after side (Sutherland and Hodgman), at the grid lines.</summary>
    public static IEnumerable<(double X, double Y)> Cut(ReadOnlySpan<double> ring, in Extent box)
    {
        var places = new List<double>(ring.Length);
        places.AddRange(ring);
        for (var side = 0; side < 4 && places.Count > 0; side++)
        {
            var (axis, limit, sign) = side switch { 0 => (1, box.MinY, -1), 1 => (0, box.MaxX, 1), 2 => (1, box.MaxY, 1), _ => (0, box.MinX, -1) };
            places = CutSide(places, axis, limit, sign);
        }

        return places.Chunk(2).Select(place => (Math.Round(place[0]), Math.Round(place[1])));
    }

    /// <summary>Where a line comes in and goes out. Only that which lies outside of the edge is worked out.</summary>
    public bool Crossing(double x1, double y1, double x2, double y2, out Place entry, out Place exit)
    {
        var (dx, dy) = (x2 - x1, y2 - y1);
        var (enter, leave, enterSide, leaveSide) = (0d, 1d, -1, -1);
        var crosses = Side(-dx, x1 - _edge.MinX, 3, ref enter, ref leave, ref enterSide, ref leaveSide)
            && Side(dx, _edge.MaxX - x1, 1, ref enter, ref leave, ref enterSide, ref leaveSide)
            && Side(-dy, y1 - _edge.MinY, 0, ref enter, ref leave, ref enterSide, ref leaveSide)
            && Side(dy, _edge.MaxY - y1, 2, ref enter, ref leave, ref enterSide, ref leaveSide)
            && enter < leave;
        entry = crosses && enterSide >= 0 ? At(enterSide, x1, y1, x2, y2) : default;
        exit = crosses && leaveSide >= 0 ? At(leaveSide, x1, y1, x2, y2) : default;
        return crosses;
    }

    /// <summary>Liang and Barsky, for one side.</summary>
    private static bool Side(double towards, double distance, int side, ref double enter, ref double leave, ref int enterSide, ref int leaveSide)
    {
        if (towards == 0)
        {
            return distance >= 0;
        }

        var at = distance / towards;
        if (towards < 0 && at > enter)
        {
            (enter, enterSide) = (at, side);
        }
        else if (towards > 0 && at < leave)
        {
            (leave, leaveSide) = (at, side);
        }

        return enter <= leave;
    }

    /// <summary>The crossing with one side: its place along the edge, and the grid's place for it. The same for both directions of a line.</summary>
    private Place At(int side, double x1, double y1, double x2, double y2)
    {
        if (x2 < x1 || (x2 == x1 && y2 < y1))
        {
            (x1, y1, x2, y2) = (x2, y2, x1, y1);
        }

        if (side is 1 or 3)
        {
            var (edge, drawn) = side == 1 ? (_edge.MaxX, _box.MaxX) : (_edge.MinX, _box.MinX);
            var slope = (y2 - y1) / (x2 - x1);
            var share = Math.Clamp((y1 + ((edge - x1) * slope) - _edge.MinY) / (_edge.MaxY - _edge.MinY), 0, 1);
            return new Place(side == 1 ? 1 + share : 4 - share, drawn, Math.Clamp(Math.Round(y1 + ((drawn - x1) * slope)), _box.MinY, _box.MaxY));
        }
        else
        {
            var (edge, drawn) = side == 2 ? (_edge.MaxY, _box.MaxY) : (_edge.MinY, _box.MinY);
            var slope = (x2 - x1) / (y2 - y1);
            var share = Math.Clamp((x1 + ((edge - y1) * slope) - _edge.MinX) / (_edge.MaxX - _edge.MinX), 0, 1);
            return new Place(side == 2 ? 3 - share : share, Math.Clamp(Math.Round(x1 + ((drawn - y1) * slope)), _box.MinX, _box.MaxX), drawn);
        }
    }

    private static List<double> CutSide(List<double> ring, int axis, double limit, int sign)
    {
        var cut = new List<double>(ring.Count);
        for (int i = 0, before = ring.Count - 2; i < ring.Count; before = i, i += 2)
        {
            var (from, into) = (sign * (ring[before + axis] - limit), sign * (ring[i + axis] - limit));
            if ((from > 0) != (into > 0))
            {
                var across = ring[before + 1 - axis] + ((ring[i + 1 - axis] - ring[before + 1 - axis]) * from / (from - into));
                cut.AddRange(axis == 0 ? [limit, across] : [across, limit]);
            }

            if (into <= 0)
            {
                cut.AddRange([ring[i], ring[i + 1]]);
            }
        }

        return cut;
    }

    /// <param name="At">Along the edge from its upper left corner, a side each 1.</param>
    public readonly record struct Place(double At, double X, double Y);
}
