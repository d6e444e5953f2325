using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using GeoWps.Application.Ports;

namespace GeoWps.Application.Features;

/// <summary>
/// Writes well-known binary (ISO's and PostGIS's) as GeoJSON (RFC 7946), by way of plain numbers: no objects are made of a geometry. Shells go round against the
/// clock and holes with it; heights are kept, measures are not. What is empty, damaged, curved, or has no place in the target's CRS is <c>null</c>.
/// </summary>
/// <param name="transform">What places are passed through.</param>
/// <param name="yFirst">The target's latitude or northing stands first.</param>
/// <param name="decimals">To which places that were transformed are rounded.</param>
internal sealed class GeoJsonGeometry(ICoordinateTransform transform, bool yFirst, int decimals) : IDisposable
{
    private const int MaxDepth = 16;
    private const int Point = 1;
    private const int Line = 2;
    private const int Polygon = 3;
    private const int Collection = 7;

    private readonly bool _isIdentity = transform.IsIdentity;

    /// <summary>What was read: a kind, how many parts or places it has, and the same of each part.</summary>
    private int[] _form = ArrayPool<int>.Shared.Rent(64);

    private double[] _places = ArrayPool<double>.Shared.Rent(256);
    private double[] _heights = ArrayPool<double>.Shared.Rent(128);
    private int _formLength;
    private int _count;
    private bool _hasHeights;

    /// <returns>Whether there was something to write and it could be written; an empty geometry could.</returns>
    public bool Write(Utf8JsonWriter json, ReadOnlySpan<byte> geometry)
    {
        (_formLength, _count, _hasHeights) = (0, 0, true);
        var isRead = geometry.IsEmpty || Read(ref geometry, 0, out _);
        if (!isRead || _count == 0 || !Transform())
        {
            json.WriteNullValue();
            return isRead && _count == 0;
        }

        var (form, place) = (0, 0);
        WriteGeometry(json, ref form, ref place);
        return true;
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_form);
        ArrayPool<double>.Shared.Return(_places);
        ArrayPool<double>.Shared.Return(_heights);
        (_form, _places, _heights) = ([], [], []);
    }

    /// <param name="isEmptyPoint">It was a point without a place.</param>
    private bool Read(ref ReadOnlySpan<byte> bytes, int depth, out bool isEmptyPoint)
    {
        isEmptyPoint = false;
        if (bytes.Length < 5 || depth > MaxDepth)
        {
            return false;
        }

        var little = bytes[0] == 1;
        var code = Number(bytes[1..], little);
        bytes = bytes[5..];
        var thousands = (code & 0xFFFF) / 1000;
        var hasHeights = (code & 0x8000_0000) != 0 || thousands is 1 or 3;
        var numbers = 2 + (hasHeights ? 1 : 0) + ((code & 0x4000_0000) != 0 || thousands is 2 or 3 ? 1 : 0);
        if ((code & 0x2000_0000) != 0)
        {
            bytes = bytes[Math.Min(4, bytes.Length)..];
        }

        _hasHeights &= hasHeights;
        switch ((code & 0xFFFF) % 1000)
        {
            case 1:
                Note(Point);
                if (!Places(ref bytes, 1, numbers, little))
                {
                    return false;
                }

                isEmptyPoint = double.IsNaN(_places[(2 * _count) - 2]) || double.IsNaN(_places[(2 * _count) - 1]);
                _count -= isEmptyPoint ? 1 : 0;
                return true;
            case 2:
                Note(Line);
                return Part(ref bytes, numbers, little);
            // A triangle is a polygon of one ring.
            case 3 or 17:
                Note(Polygon);
                if (!Count(ref bytes, little, 4, out var rings))
                {
                    return false;
                }

                Note(rings);
                for (; rings > 0; rings--)
                {
                    if (!Part(ref bytes, numbers, little))
                    {
                        return false;
                    }
                }

                return true;
            // Surfaces of polygons and of triangles are polygons.
            case var kind and (4 or 5 or 6 or 7 or 15 or 16):
                Note((int)(kind is 15 or 16 ? 6 : kind));
                return Count(ref bytes, little, 5, out var parts) && Parts(ref bytes, parts, depth, kind);
            default:
                return false;
        }
    }

    private bool Parts(ref ReadOnlySpan<byte> bytes, int parts, int depth, uint kind)
    {
        var at = _formLength;
        Note(parts);
        for (var part = 0; part < parts; part++)
        {
            var start = _formLength;
            if (!Read(ref bytes, depth + 1, out var isEmptyPoint))
            {
                return false;
            }

            if (isEmptyPoint)
            {
                _formLength = start;
                _form[at]--;
            }
            else if (kind != Collection && _form[start] != (kind is 15 or 16 ? Polygon : (int)kind - 3))
            {
                return false;
            }
        }

        return true;
    }

    private bool Part(ref ReadOnlySpan<byte> bytes, int numbers, bool little)
    {
        if (!Count(ref bytes, little, 8 * numbers, out var count))
        {
            return false;
        }

        Note(count);
        return Places(ref bytes, count, numbers, little);
    }

    private bool Places(ref ReadOnlySpan<byte> bytes, int count, int numbers, bool little)
    {
        var size = 8 * numbers;
        if (bytes.Length < (long)size * count)
        {
            return false;
        }

        Room(ref _places, 2 * (_count + count), 2 * _count);
        Room(ref _heights, _count + count, _count);
        for (var i = 0; i < count; i++, _count++)
        {
            var place = bytes[(size * i)..];
            _places[2 * _count] = Real(place, little);
            _places[(2 * _count) + 1] = Real(place[8..], little);
            _heights[_count] = _hasHeights ? Real(place[16..], little) : 0;
        }

        bytes = bytes[(size * count)..];
        return true;
    }

    /// <returns>Whether every place has one in the target.</returns>
    private bool Transform()
    {
        var places = _places.AsSpan(0, 2 * _count);
        if (!_isIdentity)
        {
            transform.Apply(places);
        }

        for (var i = 0; i < places.Length; i++)
        {
            if (!double.IsFinite(places[i]))
            {
                return false;
            }

            if (!_isIdentity)
            {
                places[i] = Math.Round(places[i], decimals);
            }
        }

        // Files that declare heights and have none are common.
        for (var i = 0; i < _count && _hasHeights; i++)
        {
            _hasHeights = double.IsFinite(_heights[i]);
        }

        return true;
    }

    private void WriteGeometry(Utf8JsonWriter json, ref int form, ref int place)
    {
        var kind = _form[form];
        json.WriteStartObject();
        json.WriteString("type"u8, kind switch
        {
            Point => "Point"u8,
            Line => "LineString"u8,
            Polygon => "Polygon"u8,
            4 => "MultiPoint"u8,
            5 => "MultiLineString"u8,
            6 => "MultiPolygon"u8,
            _ => "GeometryCollection"u8,
        });
        json.WritePropertyName(kind == Collection ? "geometries"u8 : "coordinates"u8);
        if (kind == Collection)
        {
            var parts = _form[form + 1];
            form += 2;
            json.WriteStartArray();
            for (; parts > 0; parts--)
            {
                WriteGeometry(json, ref form, ref place);
            }

            json.WriteEndArray();
        }
        else
        {
            WriteCoordinates(json, ref form, ref place);
        }

        json.WriteEndObject();
    }

    private void WriteCoordinates(Utf8JsonWriter json, ref int form, ref int place)
    {
        switch (_form[form++])
        {
            case Point:
                WritePlace(json, place++);
                break;
            case Line:
                WritePlaces(json, ref place, _form[form++], backwards: false);
                break;
            case Polygon:
                json.WriteStartArray();
                var rings = _form[form++];
                for (var ring = 0; ring < rings; ring++)
                {
                    var count = _form[form++];
                    WritePlaces(json, ref place, count, backwards: ring == 0 ? Area(place, count) < 0 : Area(place, count) > 0);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStartArray();
                for (var parts = _form[form++]; parts > 0; parts--)
                {
                    WriteCoordinates(json, ref form, ref place);
                }

                json.WriteEndArray();
                break;
        }
    }

    private void WritePlaces(Utf8JsonWriter json, ref int place, int count, bool backwards)
    {
        json.WriteStartArray();
        for (var i = 0; i < count; i++)
        {
            WritePlace(json, backwards ? place + count - 1 - i : place + i);
        }

        json.WriteEndArray();
        place += count;
    }

    private void WritePlace(Utf8JsonWriter json, int place)
    {
        var (x, y) = (_places[2 * place], _places[(2 * place) + 1]);
        json.WriteStartArray();
        json.WriteNumberValue(yFirst ? y : x);
        json.WriteNumberValue(yFirst ? x : y);
        if (_hasHeights)
        {
            json.WriteNumberValue(_heights[place]);
        }

        json.WriteEndArray();
    }

    /// <summary>Twice the area, positive where it goes round against the clock; from the first place, so that large numbers do not eat small areas.</summary>
    private double Area(int place, int count)
    {
        if (count < 3)
        {
            return 0;
        }

        var ring = _places.AsSpan(2 * place, 2 * count);
        var (x, y, area) = (ring[0], ring[1], 0.0);
        for (var i = 2; i + 3 < ring.Length; i += 2)
        {
            area += ((ring[i] - x) * (ring[i + 3] - y)) - ((ring[i + 2] - x) * (ring[i + 1] - y));
        }

        return area;
    }

    private void Note(int number)
    {
        if (_formLength == _form.Length)
        {
            Room(ref _form, _formLength + 1, _formLength);
        }

        _form[_formLength++] = number;
    }

    private static void Room<T>(ref T[] array, int length, int used)
    {
        if (length <= array.Length)
        {
            return;
        }

        var larger = ArrayPool<T>.Shared.Rent(Math.Max(length, 2 * array.Length));
        array.AsSpan(0, used).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }

    private static bool Count(ref ReadOnlySpan<byte> bytes, bool little, int least, out int count)
    {
        count = 0;
        if (bytes.Length < 4)
        {
            return false;
        }

        var number = Number(bytes, little);
        bytes = bytes[4..];
        count = (int)Math.Min(number, int.MaxValue);
        return number <= (uint)(bytes.Length / least);
    }

    private static uint Number(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private static double Real(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : BinaryPrimitives.ReadDoubleBigEndian(bytes);
}
