using System.Runtime.InteropServices;

namespace GeoWps.Adapters.Formats;

/// <summary>Writes positions and arrays of them, and notes numbers that JSON has not.</summary>
internal sealed class VertexWriter(Pooled<byte> output, int maxDecimals)
{
    /// <summary>An x or y was infinite or not a number.</summary>
    public bool SawNonFinite { get; set; }

    /// <summary>Writes <c>[x,y]</c> or <c>[x,y,z]</c>; a z that is not a number, as QGIS has it for unknown heights, is left out.</summary>
    public void Position(double x, double y, double z, bool hasZ)
    {
        const int Most = (3 * NumberText.Longest) + 4;
        if (!double.IsFinite(x) || !double.IsFinite(y))
        {
            SawNonFinite = true;
            return;
        }

        var start = output.Count;
        var into = output.Extend(Most);
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
        output.Truncate(start + at);
    }

    /// <summary>Writes an array of positions.</summary>
    public void Line(ReadOnlySpan<double> xy, ReadOnlySpan<double> z)
    {
        var points = MemoryMarshal.Cast<double, (double X, double Y)>(xy);
        output.Add((byte)'[');
        for (var i = 0; i < points.Length; i++)
        {
            if (i > 0)
            {
                output.Add((byte)',');
            }

            Position(points[i].X, points[i].Y, z.IsEmpty ? 0 : z[i], !z.IsEmpty);
        }

        output.Add((byte)']');
    }
}
