using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>
/// The distinct values of attributes, each kept once as the message that a tile writes (MVT 2.1, 4.4 and vector_tile.proto, <c>Value</c>), and known by its
/// number.
/// </summary>
internal sealed class TileValues
{
    private const int Text = 1;
    private const int Real = 3;
    private const int Unsigned = 5;
    private const int Signed = 6;
    private const int Truth = 7;

    private byte[] _bytes = new byte[1 << 12];
    private int _length;
    private int[] _table = new int[1 << 8];
    private readonly int[] _small = new int[256];
    private readonly List<(int Start, int Length, uint Hash)> _values = [];

    public int Count => _values.Count;

    public long Size => _bytes.Length + (4L * _table.Length) + (12L * _values.Capacity);

    public ReadOnlySpan<byte> this[int value] => _bytes.AsSpan(_values[value].Start, _values[value].Length);

    public void Clear()
    {
        _length = 0;
        _values.Clear();
        Array.Clear(_table);
        Array.Clear(_small);
    }

    public int Add(ReadOnlySpan<byte> utf8)
    {
        var to = Room(utf8.Length + 6);
        to[0] = (Text << 3) | 2;
        var at = 1 + Varint.Write(to[1..], (ulong)utf8.Length);
        utf8.CopyTo(to[at..]);
        return Intern(at + utf8.Length);
    }

    public int Add(string text) => Add(Encoding.UTF8.GetBytes(text));

    /// <summary>Whole numbers take the shorter of the two forms that decoders read alike.</summary>
    public int Add(long number)
    {
        // Codes and classes, which columns of whole numbers are full of.
        if ((ulong)number < (ulong)_small.Length)
        {
            ref var known = ref _small[number];
            return (known == 0 ? known = Write(number) + 1 : known) - 1;
        }

        return Write(number);
    }

    private int Write(long number)
    {
        var to = Room(11);
        to[0] = (byte)((number < 0 ? Signed : Unsigned) << 3);
        return Intern(1 + Varint.Write(to[1..], number < 0 ? Varint.ZigZag(number) : (ulong)number));
    }

    public int Add(double number)
    {
        var to = Room(9);
        to[0] = (Real << 3) | 1;
        BinaryPrimitives.WriteDoubleLittleEndian(to[1..], number);
        return Intern(9);
    }

    public int Add(bool truth)
    {
        var to = Room(2);
        (to[0], to[1]) = (Truth << 3, truth ? (byte)1 : (byte)0);
        return Intern(2);
    }

    private Span<byte> Room(int length)
    {
        if (_length + length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_length + length, 2 * _bytes.Length));
        }

        return _bytes.AsSpan(_length, length);
    }

    /// <summary>The number of the value that stands in the room.</summary>
    private int Intern(int length)
    {
        var value = _bytes.AsSpan(_length, length);
        var hash = HashOf(value);
        var mask = (uint)_table.Length - 1;
        for (var slot = hash & mask; ; slot = (slot + 1) & mask)
        {
            var known = _table[slot] - 1;
            if (known < 0)
            {
                _table[slot] = _values.Count + 1;
                _values.Add((_length, length, hash));
                _length += length;
                if (2 * _values.Count > _table.Length)
                {
                    Grow();
                }

                return _values.Count - 1;
            }

            if (_values[known].Hash == hash && this[known].SequenceEqual(value))
            {
                return known;
            }
        }
    }

    private void Grow()
    {
        _table = new int[2 * _table.Length];
        var mask = (uint)_table.Length - 1;
        for (var value = 0; value < _values.Count; value++)
        {
            var slot = _values[value].Hash & mask;
            while (_table[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _table[slot] = value + 1;
        }
    }

    private static uint HashOf(ReadOnlySpan<byte> value)
    {
        var hash = 0x9E3779B97F4A7C15UL * (uint)(value.Length + 1);
        for (; value.Length >= 8; value = value[8..])
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(value)) * 0xFF51AFD7ED558CCD;
            hash ^= hash >> 32;
        }

        var rest = 0UL;
        for (var i = 0; i < value.Length; i++)
        {
            rest |= (ulong)value[i] << (8 * i);
        }

        hash = (hash ^ rest) * 0xFF51AFD7ED558CCD;
        return (uint)(hash >> 32) ^ (uint)hash;
    }
}
