using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>
/// Writes one layer of a vector tile (Mapbox Vector Tile 2.1; the numbers of fields are those of its vector_tile.proto). Its arrays are used again for the next.
/// </summary>
internal sealed class MvtWriter
{
    private const int MoveTo = 1;
    private const int LineTo = 2;
    private const int ClosePath = 7;

    private readonly List<int> _tileValues = [];
    private byte[] _bytes = new byte[1 << 14];
    private byte[] _geometry = new byte[1 << 12];
    private int[] _numbers = [];
    private int _length;
    private int _tableBytes;
    private int[] _keyNumbers = [];
    private readonly List<int> _tileKeys = [];
    private TileValues _values = new();
    private string[] _keys = [];

    public int Features { get; private set; }

    /// <summary>Bytes that the features and what they refer to take.</summary>
    public int Length => _length + _tableBytes;

    /// <summary>Begins a layer.</summary>
    /// <param name="keys">Names of the attributes, in their order.</param>
    /// <param name="values">What the attributes' numbers stand for.</param>
    public void Begin(string[] keys, TileValues values)
    {
        (_length, _tableBytes, Features) = (0, 0, 0);
        foreach (var value in _tileValues)
        {
            _numbers[value] = 0;
        }

        _tileValues.Clear();
        _tileKeys.Clear();
        (_keys, _values) = (keys, values);
        if (_numbers.Length < values.Count)
        {
            _numbers = new int[2 * values.Count];
        }

        _keyNumbers = _keyNumbers.Length < keys.Length ? new int[keys.Length] : _keyNumbers;
        Array.Clear(_keyNumbers);
    }

    /// <summary>Adds a feature.</summary>
    /// <param name="id">Not written when negative.</param>
    /// <param name="attributes">A value's number for each key; -1 for none.</param>
    /// <param name="shape">Parts of one kind, at least one.</param>
    /// <param name="limit">Bytes that the layer may have then.</param>
    /// <returns><see langword="false"/> when that would be too many; nothing is added then.</returns>
    public bool TryAdd(long id, ReadOnlySpan<int> attributes, TileShape shape, int limit) =>
        Append(id, attributes, Geometry(shape), shape.Parts[0].Role switch { PartRole.Point => 1, PartRole.Line => 2, PartRole.Shell or PartRole.Hole => 3 }, limit);

    /// <summary>Adds a feature that is one point.</summary>
    /// <param name="x">From the tile's left edge.</param>
    /// <param name="y">From its upper edge.</param>
    /// <returns>As with a shape.</returns>
    public bool TryAdd(long id, ReadOnlySpan<int> attributes, int x, int y, int limit)
    {
        _geometry[0] = (1 << 3) | MoveTo;
        var at = Number(_geometry, 1, (uint)((x << 1) ^ (x >> 31)));
        return Append(id, attributes, Number(_geometry, at, (uint)((y << 1) ^ (y >> 31))), 1, limit);
    }

    /// <param name="geometry">Bytes of it that stand ready.</param>
    private bool Append(long id, ReadOnlySpan<int> attributes, int geometry, int type, int limit)
    {
        var (values, keys, table) = (_tileValues.Count, _tileKeys.Count, _tableBytes);
        var tags = CountTags(attributes);
        var body = (id < 0 ? 0 : 1 + Varint.LengthOf((ulong)id)) + (tags == 0 ? 0 : 1 + Varint.LengthOf((uint)tags) + tags) + 2 + 1 + Varint.LengthOf((uint)geometry) + geometry;
        if (Length + body + 1 + Varint.LengthOf((uint)body) > limit)
        {
            TakeBack(values, keys);
            _tableBytes = table;
            return false;
        }

        Reserve(body + 16);
        var to = _bytes.AsSpan(_length);
        to[0] = (2 << 3) | 2;
        var at = 1 + Varint.Write(to[1..], (uint)body);
        if (id >= 0)
        {
            to[at++] = 1 << 3;
            at += Varint.Write(to[at..], (ulong)id);
        }

        if (tags > 0)
        {
            to[at++] = (2 << 3) | 2;
            at += Varint.Write(to[at..], (uint)tags);
            for (var key = 0; key < attributes.Length; key++)
            {
                if (attributes[key] is >= 0 and var value)
                {
                    at = Number(to, at, (uint)(_keyNumbers[key] - 1));
                    at = Number(to, at, (uint)(_numbers[value] - 1));
                }
            }
        }

        (to[at], to[at + 1], to[at + 2]) = (3 << 3, (byte)type, (4 << 3) | 2);
        at += 3;
        at += Varint.Write(to[at..], (uint)geometry);
        _geometry.AsSpan(0, geometry).CopyTo(to[at..]);
        _length += at + geometry;
        Features++;
        return true;
    }

    /// <summary>The tile: a layer of a name with all that was added.</summary>
    public byte[] ToTile(string name, int extent)
    {
        var text = Encoding.UTF8.GetBytes(name);
        var body = 1 + Varint.LengthOf((uint)text.Length) + text.Length + _length + 1 + Varint.LengthOf((uint)extent) + 2;
        foreach (var key in _tileKeys)
        {
            body += FieldLength(Encoding.UTF8.GetByteCount(_keys[key]));
        }

        foreach (var value in _tileValues)
        {
            body += FieldLength(_values[value].Length);
        }

        var tile = new byte[1 + Varint.LengthOf((uint)body) + body];
        var to = tile.AsSpan();
        to[0] = (3 << 3) | 2;
        to = to[(1 + Varint.Write(to[1..], (uint)body))..];
        to = Field(to, 1, text);
        _bytes.AsSpan(0, _length).CopyTo(to);
        to = to[_length..];
        foreach (var key in _tileKeys)
        {
            to = Field(to, 3, Encoding.UTF8.GetBytes(_keys[key]));
        }

        foreach (var value in _tileValues)
        {
            to = Field(to, 4, _values[value]);
        }

        to[0] = 5 << 3;
        to = to[(1 + Varint.Write(to[1..], (uint)extent))..];
        (to[0], to[1]) = (15 << 3, 2);
        return tile;
    }

    private static int FieldLength(int length) => 1 + Varint.LengthOf((uint)length) + length;

    private static Span<byte> Field(Span<byte> to, int field, ReadOnlySpan<byte> content)
    {
        to[0] = (byte)((field << 3) | 2);
        var at = 1 + Varint.Write(to[1..], (uint)content.Length);
        content.CopyTo(to[at..]);
        return to[(at + content.Length)..];
    }

    /// <summary>Gives numbers in this tile to keys and values that have none yet.</summary>
    /// <returns>Bytes that the feature's references take.</returns>
    private int CountTags(ReadOnlySpan<int> attributes)
    {
        var bytes = 0;
        for (var key = 0; key < attributes.Length; key++)
        {
            var value = attributes[key];
            if (value < 0)
            {
                continue;
            }

            if (_keyNumbers[key] == 0)
            {
                _tileKeys.Add(key);
                _keyNumbers[key] = _tileKeys.Count;
                _tableBytes += FieldLength(Encoding.UTF8.GetByteCount(_keys[key]));
            }

            if (_numbers[value] == 0)
            {
                _tileValues.Add(value);
                _numbers[value] = _tileValues.Count;
                _tableBytes += FieldLength(_values[value].Length);
            }

            bytes += Varint.LengthOf((uint)(_keyNumbers[key] - 1)) + Varint.LengthOf((uint)(_numbers[value] - 1));
        }

        return bytes;
    }

    private void TakeBack(int values, int keys)
    {
        for (var i = values; i < _tileValues.Count; i++)
        {
            _numbers[_tileValues[i]] = 0;
        }

        for (var i = keys; i < _tileKeys.Count; i++)
        {
            _keyNumbers[_tileKeys[i]] = 0;
        }

        _tileValues.RemoveRange(values, _tileValues.Count - values);
        _tileKeys.RemoveRange(keys, _tileKeys.Count - keys);
    }

    /// <summary>Commands and what they need (4.3).</summary>
    private int Geometry(TileShape shape)
    {
        var needed = (10 * shape.PlaceCount) + (12 * shape.Parts.Count);
        if (_geometry.Length < needed)
        {
            _geometry = new byte[2 * needed];
        }

        var to = _geometry.AsSpan();
        var (at, x, y) = (0, 0, 0);
        var parts = CollectionsMarshal.AsSpan(shape.Parts);
        if (parts[0].Role == PartRole.Point)
        {
            at += Varint.Write(to, ((uint)parts.Length << 3) | MoveTo);
        }

        foreach (ref readonly var part in parts)
        {
            var places = shape.PlacesOf(part);
            if (part.Role != PartRole.Point)
            {
                to[at++] = (1 << 3) | MoveTo;
            }

            for (var i = 0; i < places.Length; i += 2)
            {
                if (i == 2)
                {
                    at += Varint.Write(to[at..], ((uint)(part.Count - 1) << 3) | LineTo);
                }

                var (nextX, nextY) = (places[i], places[i + 1]);
                var (dx, dy) = (nextX - x, nextY - y);
                at = Number(to, at, (uint)((dx << 1) ^ (dx >> 31)));
                at = Number(to, at, (uint)((dy << 1) ^ (dy >> 31)));
                (x, y) = (nextX, nextY);
            }

            if (part.Role >= PartRole.Shell)
            {
                to[at++] = (1 << 3) | ClosePath;
            }
        }

        return at;
    }

    private static int Number(Span<byte> to, int at, uint number)
    {
        if (number < 0x80)
        {
            to[at] = (byte)number;
            return at + 1;
        }

        if (number < 0x4000)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(to[at..], (ushort)((number & 0x7F) | 0x80 | (number >> 7 << 8)));
            return at + 2;
        }

        return at + Varint.Write(to[at..], number);
    }

    private void Reserve(int bytes)
    {
        if (_length + bytes > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_length + bytes, 2 * _bytes.Length));
        }
    }
}
