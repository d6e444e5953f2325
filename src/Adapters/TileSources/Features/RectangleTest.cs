using System.Buffers.Binary;
using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Features;

/// <summary>
/// Whether a geometry (well-known binary) meets a rectangle: it touches it, crosses it, or holds it. By the places themselves; nothing is made of them. Of
/// what it does not know (curves) or can't read it says that it does: only what may be there is asked.
/// </summary>
internal ref struct RectangleTest(in Extent rectangle)
{
    private const int MaxDepth = 16;

    private readonly Extent _box = rectangle;
    private bool _isUnknown;

    public static bool Meets(ReadOnlySpan<byte> geometry, IReadOnlyList<Extent> areas)
    {
        for (var i = 0; i < areas.Count; i++)
        {
            var test = new RectangleTest(areas[i]);
            var rest = geometry;
            if (test.Geometry(ref rest, 0) || test._isUnknown)
            {
                return true;
            }
        }

        return false;
    }

    private bool Geometry(ref ReadOnlySpan<byte> bytes, int depth)
    {
        if (bytes.Length < 5 || depth > MaxDepth)
        {
            return Unknown();
        }

        var little = bytes[0] == 1;
        var code = Number(bytes[1..], little);
        bytes = bytes[5..];
        var thousands = (code & 0xFFFF) / 1000;
        var size = 8 * (2 + ((code & 0x8000_0000) != 0 || thousands is 1 or 3 ? 1 : 0) + ((code & 0x4000_0000) != 0 || thousands is 2 or 3 ? 1 : 0));
        if ((code & 0x2000_0000) != 0)
        {
            bytes = bytes[Math.Min(4, bytes.Length)..];
        }

        switch ((code & 0xFFFF) % 1000)
        {
            case 1:
                return Places(ref bytes, 1, size, little, out _);
            case 2:
                return Count(ref bytes, little, size, out var places) && Places(ref bytes, places, size, little, out _);
            case 3 or 17:
                return Polygon(ref bytes, size, little);
            case 4 or 5 or 6 or 7 or 15 or 16:
                if (!Count(ref bytes, little, 5, out var parts))
                {
                    return false;
                }

                for (; parts > 0; parts--)
                {
                    if (Geometry(ref bytes, depth + 1) || _isUnknown)
                    {
                        return true;
                    }
                }

                return false;
            default:
                return Unknown();
        }
    }

    /// <summary>A ring goes through the rectangle, or the rectangle lies within the shell and in no hole.</summary>
    private bool Polygon(ref ReadOnlySpan<byte> bytes, int size, bool little)
    {
        if (!Count(ref bytes, little, 4, out var rings))
        {
            return false;
        }

        var isWithin = false;
        for (; rings > 0; rings--)
        {
            if (!Count(ref bytes, little, size, out var count))
            {
                return false;
            }

            if (Places(ref bytes, count, size, little, out var turns))
            {
                return true;
            }

            isWithin ^= turns;
        }

        return isWithin;
    }

    /// <param name="turns">Whether what the places enclose holds the rectangle's first corner: how often an edge crosses the ray from there is odd.</param>
    private bool Places(ref ReadOnlySpan<byte> bytes, int count, int size, bool little, out bool turns)
    {
        turns = false;
        if (bytes.Length < (long)size * count)
        {
            return Unknown();
        }

        var (lastX, lastY, lastSide) = (0.0, 0.0, 0);
        for (var i = 0; i < count; i++)
        {
            var place = bytes[(i * size)..];
            var (x, y) = (Real(place, little), Real(place[8..], little));
            var side = Side(x, y);
            if (side == 0 || (i > 0 && (side & lastSide) == 0 && Crosses(lastX, lastY, x, y)))
            {
                return true;
            }

            if (i > 0 && lastY > _box.MinY != y > _box.MinY && _box.MinX < lastX + ((_box.MinY - lastY) / (y - lastY) * (x - lastX)))
            {
                turns = !turns;
            }

            (lastX, lastY, lastSide) = (x, y, side);
        }

        bytes = bytes[(size * count)..];
        return false;
    }

    /// <returns>On which sides a place is out: 0 for none. What is no place (NaN) is out on all.</returns>
    private readonly int Side(double x, double y) => double.IsNaN(x) || double.IsNaN(y) ? 15
        : (x < _box.MinX ? 1 : 0) | (x > _box.MaxX ? 2 : 0) | (y < _box.MinY ? 4 : 0) | (y > _box.MaxY ? 8 : 0);

    /// <summary>Whether a line between two places out on different sides has corners of the rectangle on both of its own.</summary>
    private readonly bool Crosses(double x1, double y1, double x2, double y2)
    {
        var (dx, dy) = (x2 - x1, y2 - y1);
        var a = (dx * (_box.MinY - y1)) - (dy * (_box.MinX - x1));
        var b = (dx * (_box.MinY - y1)) - (dy * (_box.MaxX - x1));
        var c = (dx * (_box.MaxY - y1)) - (dy * (_box.MinX - x1));
        var d = (dx * (_box.MaxY - y1)) - (dy * (_box.MaxX - x1));
        return !((a > 0 && b > 0 && c > 0 && d > 0) || (a < 0 && b < 0 && c < 0 && d < 0));
    }

    private bool Unknown()
    {
        _isUnknown = true;
        return false;
    }

    private bool Count(ref ReadOnlySpan<byte> bytes, bool little, int least, out int count)
    {
        count = 0;
        if (bytes.Length < 4)
        {
            return Unknown();
        }

        var number = Number(bytes, little);
        bytes = bytes[4..];
        count = (int)Math.Min(number, int.MaxValue);
        return number <= (uint)(bytes.Length / least) || Unknown();
    }

    private static uint Number(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private static double Real(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : BinaryPrimitives.ReadDoubleBigEndian(bytes);
}
