namespace GeoWps.Adapters.Formats;

/// <summary>Turns arcs into lines: chords over 4 degrees at most, as GDAL's default, through all given points.</summary>
internal sealed class CurveLine : IDisposable
{
    private const double Step = 4 * Math.PI / 180;

    private readonly Pooled<double> _xy = new();
    private readonly Pooled<double> _z = new();

    public ReadOnlySpan<double> Xy => _xy.Items;

    public ReadOnlySpan<double> Z => _z.Items;

    public void Clear()
    {
        _xy.Clear();
        _z.Clear();
    }

    public void AddLine(ReadOnlySpan<double> xy, ReadOnlySpan<double> z)
    {
        for (var i = 0; 2 * i < xy.Length; i++)
        {
            Add(xy[2 * i], xy[(2 * i) + 1], z.IsEmpty ? 0 : z[i]);
        }
    }

    /// <summary>Each second point begins an arc through the next to the one after.</summary>
    public void AddArcs(ReadOnlySpan<double> xy, ReadOnlySpan<double> z)
    {
        if (xy.Length < 6 || xy.Length % 4 != 2)
        {
            AddLine(xy, z);
            return;
        }

        Add(xy[0], xy[1], z.IsEmpty ? 0 : z[0]);
        for (var i = 0; (2 * i) + 5 < xy.Length; i += 2)
        {
            AddArc(xy.Slice(2 * i, 6), z.IsEmpty ? [0, 0, 0] : z.Slice(i, 3));
        }
    }

    public void Dispose()
    {
        _xy.Dispose();
        _z.Dispose();
    }

    private void AddArc(ReadOnlySpan<double> xy, ReadOnlySpan<double> z)
    {
        // Relative to the first point, so that large coordinates lose no digits.
        var (bx, by, cx, cy) = (xy[2] - xy[0], xy[3] - xy[1], xy[4] - xy[0], xy[5] - xy[1]);
        var isCircle = cx == 0 && cy == 0;
        var cross = 2 * ((bx * cy) - (by * cx));
        var (b, c) = ((bx * bx) + (by * by), (cx * cx) + (cy * cy));
        // When the arc ends where it began, the point between is opposite.
        var (x, y) = isCircle ? (bx / 2, by / 2) : (((cy * b) - (by * c)) / cross, ((bx * c) - (cx * b)) / cross);
        if (double.IsFinite(x) && double.IsFinite(y) && b > 0)
        {
            var left = isCircle || cross > 0;
            AddChords(xy[0] + x, xy[1] + y, xy[0], xy[1], xy[2], xy[3], z[0], z[1], left);
            Add(xy[2], xy[3], z[1]);
            AddChords(xy[0] + x, xy[1] + y, xy[2], xy[3], xy[4], xy[5], z[1], z[2], left);
        }
        else
        {
            Add(xy[2], xy[3], z[1]);
        }

        Add(xy[4], xy[5], z[2]);
    }

    /// <summary>Adds the points strictly between two points on a circle.</summary>
    private void AddChords(double x, double y, double fromX, double fromY, double toX, double toY, double fromZ, double toZ, bool left)
    {
        var (dx, dy) = (fromX - x, fromY - y);
        var radius = Math.Sqrt((dx * dx) + (dy * dy));
        var start = Math.Atan2(dy, dx);
        var sweep = Math.Atan2(toY - y, toX - x) - start;
        sweep += left && sweep <= 0 ? 2 * Math.PI : !left && sweep >= 0 ? -2 * Math.PI : 0;
        var count = (int)Math.Ceiling((Math.Abs(sweep) / Step) - 1e-9);
        for (var i = 1; i < count; i++)
        {
            var part = (double)i / count;
            var angle = start + (sweep * part);
            Add(x + (radius * Math.Cos(angle)), y + (radius * Math.Sin(angle)), fromZ + ((toZ - fromZ) * part));
        }
    }

    private void Add(double x, double y, double z)
    {
        // Where two pieces meet they share a point.
        if (_z.Count > 0 && _xy[_xy.Count - 2] == x && _xy[_xy.Count - 1] == y)
        {
            return;
        }

        _xy.Add(x);
        _xy.Add(y);
        _z.Add(z);
    }
}
