using System.Runtime.InteropServices;

namespace GeoWps.Adapters.Formats;

/// <summary>Writes positions and arrays of them, and notes numbers that JSON has not.</summary>
internal sealed class VertexWriter(Pooled<byte> output, int maxDecimals)
{
    private const int Most = (3 * NumberText.Longest) + 4;

    // Room is asked for once for so many positions.
    private const int Chunk = 128;

    /// <summary>An x or y was infinite or not a number.</summary>
    public bool SawNonFinite { get; set; }

    /// <summary>Writes one position; see <see cref="Line"/>.</summary>
    public void Position(double x, double y, double z, bool hasZ)
    {
        var into = output.Extend(Most);
        output.Truncate(output.Count - Most + Position(x, y, z, hasZ, into));
    }

    /// <summary>Writes an array of positions: <c>[x,y]</c>, or <c>[x,y,z]</c> where z is a number (QGIS has none for unknown heights).</summary>
    public void Line(ReadOnlySpan<double> xy, ReadOnlySpan<double> z)
    {
        var points = MemoryMarshal.Cast<double, (double X, double Y)>(xy);
        output.Add((byte)'[');
        for (var first = 0; first < points.Length; first += Chunk)
        {
            var end = Math.Min(first + Chunk, points.Length);
            var room = (end - first) * (Most + 1);
            var into = output.Extend(room);
            var at = 0;
            for (var i = first; i < end; i++)
            {
                at += Position(points[i].X, points[i].Y, z.IsEmpty ? 0 : z[i], !z.IsEmpty, into[at..]);
                into[at++] = (byte)',';
            }

            output.Truncate(output.Count - room + at);
        }

        // The last comma makes place for the bracket.
        output.Truncate(output.Count - (points.Length > 0 ? 1 : 0));
        output.Add((byte)']');
    }

    private int Position(double x, double y, double z, bool hasZ, Span<byte> into)
    {
        if (!double.IsFinite(x) || !double.IsFinite(y))
        {
            SawNonFinite = true;
            return 0;
        }

        into[0] = (byte)'[';
        var at = 1 + NumberText.Write(x, maxDecimals, into[1..]);
        into[at++] = (byte)',';
        at += NumberText.Write(y, maxDecimals, into[at..]);
        if (hasZ && double.IsFinite(z))
        {
            into[at++] = (byte)',';
            at += NumberText.Write(z, maxDecimals, into[at..]);
        }

        into[at++] = (byte)']';
        return at;
    }
}
