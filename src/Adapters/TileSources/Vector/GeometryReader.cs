using System.Buffers.Binary;
using System.Runtime.InteropServices;
using GeoWps.Adapters.TileSources.Features;
using GeoWps.Application.Ports;
using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>
/// Reads GeoPackage geometries (OGC 12-128r18, 2.1.3: a header, then ISO WKB) out of a row's own bytes into <see cref="Shapes"/>. Z and M are left out. Rings
/// get their direction by their role. One at a time.
/// </summary>
internal sealed class GeometryReader(Shapes shapes)
{
    private const int MaxDepth = 8;

    private Extent _window;
    private bool _windowed;
    private ICoordinateTransform? _transform;
    private Extent _box;

    /// <summary>How what is read goes into the shapes.</summary>
    /// <param name="transform">What places are passed through; <see langword="null"/>: they stay.</param>
    /// <param name="window">What is to be seen, in the geometries' own coordinates; only with a transform that keeps meridians and parallels straight. <see langword="null"/>: everything is kept.</param>
    public void Set(ICoordinateTransform? transform, Extent? window) => (_transform, _window, _windowed) = (transform, window ?? default, window is not null);

    /// <summary>The envelope that a header states, as far as it does.</summary>
    public static Extent? Envelope(ReadOnlySpan<byte> geometry) => GeoPackageGeometry.Envelope(geometry);

    /// <summary>Adds a geometry's parts; none when it is empty or out of the window.</summary>
    /// <returns>Where all of it is, in the target's coordinates; empty for an empty one.</returns>
    /// <exception cref="TileSourceException">It is damaged, or has curves.</exception>
    public Extent Read(ReadOnlySpan<byte> geometry)
    {
        _box = Extent.Empty;

        // Nothing behind the header is damaged, too.
        var rest = GeoPackageGeometry.Binary(geometry);
        var first = shapes.Parts.Count;
        Geometry(ref rest, 0);
        if (!_windowed || _transform is null || _box.IsEmpty)
        {
            return _box;
        }

        // Straight stays straight here: two corners are enough, and a point that was kept is known already.
        if (shapes.Parts.Count == first + 1 && shapes.Parts[first] is { Role: PartRole.Point } point)
        {
            return point.Box;
        }

        Span<double> corners = [_box.MinX, _box.MinY, _box.MaxX, _box.MaxY];
        _transform.Apply(corners);
        return new Extent(corners[0], corners[1], corners[2], corners[3]);
    }

    private void Geometry(ref ReadOnlySpan<byte> bytes, int depth)
    {
        if (bytes.Length < 5 || depth > MaxDepth)
        {
            throw Damaged();
        }

        var little = bytes[0] == 1;
        var code = little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]) : BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
        bytes = bytes[5..];
        var numbers = 2 + (((code & 0x8000_0000) != 0 || (code & 0xFFFF) / 1000 is 1 or 3) ? 1 : 0) + (((code & 0x4000_0000) != 0 || (code & 0xFFFF) / 1000 is 2 or 3) ? 1 : 0);
        if ((code & 0x2000_0000) != 0)
        {
            bytes = bytes[Math.Min(4, bytes.Length)..];
        }

        switch ((code & 0xFFFF) % 1000)
        {
            case 1:
                Places(ref bytes, 1, numbers, little, PartRole.Point);
                break;
            case 2:
                Places(ref bytes, Count(ref bytes, little, 8 * numbers), numbers, little, PartRole.Line);
                break;
            case 3:
                // An outer ring that is not to be seen takes its holes with it.
                var seen = true;
                for (int rings = Count(ref bytes, little, 4), ring = 0; ring < rings; ring++)
                {
                    var count = Count(ref bytes, little, 8 * numbers);
                    if (ring == 0 || seen)
                    {
                        seen = Places(ref bytes, count, numbers, little, ring == 0 ? PartRole.Shell : PartRole.Hole) || ring > 0;
                    }
                    else
                    {
                        bytes = bytes[(8 * numbers * count)..];
                    }
                }

                break;
            case 4 or 5 or 6 or 7:
                for (var rest = Count(ref bytes, little, 5); rest > 0; rest--)
                {
                    Geometry(ref bytes, depth + 1);
                }

                break;
            case 8 or 9 or 10 or 11 or 12 or 13 or 14 or 15 or 16 or 17:
                throw new TileSourceException("The layer has curves or surfaces that vector tiles can't be made of; store it with straight lines.");
            default:
                throw Damaged();
        }
    }

    /// <returns>Whether something of it is to be seen.</returns>
    private bool Places(ref ReadOnlySpan<byte> bytes, int count, int numbers, bool little, PartRole role)
    {
        var length = 8 * numbers * count;
        if (bytes.Length < length)
        {
            throw Damaged();
        }

        var start = shapes.PlaceCount;
        ReadOnlySpan<double> places;
        if (little && numbers == 2 && BitConverter.IsLittleEndian)
        {
            places = MemoryMarshal.Cast<byte, double>(bytes[..length]);
        }
        else
        {
            var to = shapes.Room(count);
            for (var i = 0; i < count; i++)
            {
                (to[2 * i], to[(2 * i) + 1]) = (Number(bytes[(8 * numbers * i)..], little), Number(bytes[((8 * numbers * i) + 8)..], little));
            }

            places = to[..(2 * count)];
        }

        bytes = bytes[length..];
        if (role >= PartRole.Shell && places.Length >= 4 && places[0] == places[^2] && places[1] == places[^1])
        {
            places = places[..^2];
        }

        // An empty point is one of NaN.
        if (places.Length == 0 || (role == PartRole.Point && !(double.IsFinite(places[0]) && double.IsFinite(places[1]))))
        {
            return false;
        }

        return Keep(places, role, start);
    }

    private bool Keep(ReadOnlySpan<double> places, PartRole role, int start)
    {
        var box = Shapes.BoxOf(places);
        if (_windowed && role != PartRole.Hole)
        {
            _box = _box.Join(box);
        }

        var kept = places.Length / 2;
        if (_windowed && Window.SidesOf(_window, box) != 0)
        {
            return false;
        }

        var turned = role >= PartRole.Shell && (Shapes.AreaOf(places) > 0) == (role == PartRole.Shell);
        var room = shapes.Room(kept);
        var reduced = _windowed && !_window.Contains(box);
        if (reduced)
        {
            // Places that were turned into the room are read there and written there: never before they are read.
            kept = Window.Reduce(places, [], _window, room);
            if (kept == 0)
            {
                return false;
            }
        }
        else
        {
            places.CopyTo(room);
        }

        if (turned)
        {
            Shapes.Turn(room[..(2 * kept)]);
        }

        shapes.Take(kept);
        _transform?.Apply(shapes.PlacesFrom(start));
        shapes.AddPart(start, role, reduced);
        if (!_windowed)
        {
            _box = _box.Join(shapes.Parts[^1].Box);
        }

        return true;
    }

    private static int Count(ref ReadOnlySpan<byte> bytes, bool little, int least)
    {
        if (bytes.Length < 4)
        {
            throw Damaged();
        }

        var count = little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
        bytes = bytes[4..];
        return count <= (uint)(bytes.Length / least) ? (int)count : throw Damaged();
    }

    private static double Number(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : BinaryPrimitives.ReadDoubleBigEndian(bytes);

    private static TileSourceException Damaged() => new("A geometry of the layer is damaged.");
}
