using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GeoWps.Adapters.Formats;

/// <summary>
/// Writes size-prefixed FlatBuffers front to back.
/// </summary>
/// <remarks>
/// FlatGeobuf needs five tables of fixed shape. Written by hand, a feature is two table headers and two copies of memory; the builder of
/// Google.FlatBuffers works back to front through a buffer that it grows, and takes doubles one at a time from C#.
/// Alignment counts from the size prefix, as FlatBuffers does and GDAL expects.
/// </remarks>
internal sealed class FlatWriter : IDisposable
{
    private readonly Pooled<byte> _bytes = new(1 << 16);
    private int _start;

    public ReadOnlyMemory<byte> Written => _bytes.Memory;

    public int Count => _bytes.Count;

    public void Clear() => _bytes.Clear();

    public void Append(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    /// <summary>Leaves room for the size and for the way to the root table.</summary>
    public void Begin()
    {
        _start = _bytes.Count;
        _bytes.Extend(8).Clear();
    }

    public void SetRoot(int table) => Point(_start + 4, table);

    public void End() => PutUInt32(_start, checked((uint)(_bytes.Count - _start - 4)));

    /// <summary>Writes a table of zeros with its directory before it.</summary>
    /// <param name="slots">Where in the table each slot lies; 0 for one that is absent.</param>
    /// <param name="size">Bytes of the table, with its first four.</param>
    /// <returns>Where the table begins.</returns>
    public int Table(ReadOnlySpan<ushort> slots, int size)
    {
        var directory = 4 + (2 * slots.Length);
        Align(8, directory);
        var at = _bytes.Extend(directory + size);
        at.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)directory);
        BinaryPrimitives.WriteUInt16LittleEndian(at[2..], (ushort)size);
        MemoryMarshal.AsBytes(slots).CopyTo(at[4..]);
        BinaryPrimitives.WriteInt32LittleEndian(at[directory..], directory);
        return _bytes.Count - size;
    }

    public void PutByte(int at, byte value) => _bytes[at] = value;

    public void PutUInt16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(_bytes.Items[at..], value);

    public void PutUInt32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_bytes.Items[at..], value);

    public void PutInt32(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.Items[at..], value);

    public void PutUInt64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(_bytes.Items[at..], value);

    /// <summary>Makes the field at <paramref name="field"/> point to what lies at <paramref name="target"/>, which must be behind it.</summary>
    public void Point(int field, int target) => PutUInt32(field, (uint)(target - field));

    /// <summary>Writes a vector here and makes <paramref name="field"/> point to it.</summary>
    public void Vector<T>(int field, ReadOnlySpan<T> items, int alignment)
        where T : unmanaged
    {
        Align(Math.Max(alignment, 4), 4);
        Point(field, _bytes.Count);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.Extend(4), items.Length);
        _bytes.AddRange(MemoryMarshal.AsBytes(items));
    }

    public void Text(int field, ReadOnlySpan<byte> utf8)
    {
        Vector(field, utf8, 1);
        _bytes.Add(0);
    }

    /// <summary>Writes a vector of places that are filled by <see cref="Point"/> later.</summary>
    /// <returns>Where its first place lies; each takes four bytes.</returns>
    public int Places(int field, int count)
    {
        Align(4, 0);
        Point(field, _bytes.Count);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.Extend(4), count);
        _bytes.Extend(4 * count).Clear();
        return _bytes.Count - (4 * count);
    }

    public void Dispose() => _bytes.Dispose();

    private void Align(int alignment, int before)
    {
        var missing = -(_bytes.Count - _start + before) & (alignment - 1);
        _bytes.Extend(missing).Clear();
    }
}
