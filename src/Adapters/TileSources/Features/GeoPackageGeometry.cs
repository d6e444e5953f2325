using System.Buffers.Binary;
using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Features;

/// <summary>What stands before the well-known binary in a GeoPackage: OGC 12-128r18, 2.1.3.</summary>
internal static class GeoPackageGeometry
{
    private const int Fixed = 8;

    /// <returns>The well-known binary; nothing where there is none.</returns>
    public static ReadOnlySpan<byte> Binary(ReadOnlySpan<byte> geometry)
    {
        var envelope = EnvelopeBytes(geometry);
        return envelope < 0 ? [] : geometry[(Fixed + envelope)..];
    }

    /// <summary>The envelope that the header states.</summary>
    /// <returns><see langword="null"/> where it states none, where that of an empty geometry stands (NaN), or what can be none, and where the header is damaged.</returns>
    public static Extent? Envelope(ReadOnlySpan<byte> geometry)
    {
        if (EnvelopeBytes(geometry) <= 0)
        {
            return null;
        }

        var little = (geometry[3] & 1) != 0;
        var envelope = new Extent(Real(geometry[8..], little), Real(geometry[24..], little), Real(geometry[16..], little), Real(geometry[32..], little));
        return envelope.IsEmpty ? null : envelope;
    }

    /// <summary>The length of the envelope in a header that is whole; -1 where it is not.</summary>
    private static int EnvelopeBytes(ReadOnlySpan<byte> geometry)
    {
        var bytes = geometry.Length < Fixed || geometry[0] != 'G' || geometry[1] != 'P' ? -1
            : ((geometry[3] >> 1) & 7) switch { 0 => 0, 1 => 32, 2 or 3 => 48, 4 => 64, _ => -1 };
        return geometry.Length < Fixed + bytes ? -1 : bytes;
    }

    /// <summary>Whether it meets one of some rectangles. Most are told by the envelope that stands before it.</summary>
    public static bool Meets(ReadOnlySpan<byte> geometry, IReadOnlyList<Extent> areas)
    {
        if (Envelope(geometry) is not { } envelope)
        {
            var binary = Binary(geometry);
            return !binary.IsEmpty && RectangleTest.Meets(binary, areas);
        }

        var meets = false;
        for (var i = 0; i < areas.Count; i++)
        {
            if (areas[i].Contains(envelope))
            {
                return true;
            }

            meets |= areas[i].Intersects(envelope);
        }

        return meets && RectangleTest.Meets(Binary(geometry), areas);
    }

    private static double Real(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : BinaryPrimitives.ReadDoubleBigEndian(bytes);
}
