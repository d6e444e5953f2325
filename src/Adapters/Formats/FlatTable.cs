using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace GeoWps.Adapters.Formats;

/// <summary>One table of a FlatBuffer that nobody has verified: every step is checked, nothing outside the buffer is touched.</summary>
/// <remarks>Vectors are looked at in place, so this runs on little-endian machines only, as .NET does.</remarks>
internal readonly ref struct FlatTable
{
    private readonly ReadOnlySpan<byte> _data;
    private readonly int _at;
    private readonly ReadOnlySpan<byte> _directory;

    private FlatTable(ReadOnlySpan<byte> data, int at)
    {
        _data = data;
        _at = at;
        var directory = at - (long)BinaryPrimitives.ReadInt32LittleEndian(Slice(at, 4));
        var size = BinaryPrimitives.ReadUInt16LittleEndian(Slice(directory, 2));
        _directory = Slice(directory, Math.Max(size, (ushort)4));
    }

    public static FlatTable Root(ReadOnlySpan<byte> data) =>
        new(data, Checked(BinaryPrimitives.ReadUInt32LittleEndian(Slice(data, 0, 4))));

    public byte Byte(int slot) => Field(slot) is var at and > 0 ? Slice(at, 1)[0] : (byte)0;

    public ushort UInt16(int slot, ushort absent) => Field(slot) is var at and > 0 ? BinaryPrimitives.ReadUInt16LittleEndian(Slice(at, 2)) : absent;

    public int Int32(int slot) => Field(slot) is var at and > 0 ? BinaryPrimitives.ReadInt32LittleEndian(Slice(at, 4)) : 0;

    public ulong UInt64(int slot) => Field(slot) is var at and > 0 ? BinaryPrimitives.ReadUInt64LittleEndian(Slice(at, 8)) : 0;

    public bool TryTable(int slot, out FlatTable table)
    {
        var at = Field(slot);
        table = at > 0 ? new FlatTable(_data, Follow(at)) : default;
        return at > 0;
    }

    public bool Has(int slot) => Field(slot) > 0;

    /// <summary>The items of a vector; empty when it is absent.</summary>
    public ReadOnlySpan<T> Vector<T>(int slot)
        where T : unmanaged
    {
        var field = Field(slot);
        if (field == 0)
        {
            return default;
        }

        var at = Follow(field);
        long count = BinaryPrimitives.ReadUInt32LittleEndian(Slice(at, 4));
        return MemoryMarshal.Cast<byte, T>(Slice(at + 4L, count * Marshal.SizeOf<T>()));
    }

    public int TableCount(int slot) => Vector<uint>(slot).Length;

    public FlatTable TableAt(int slot, int index)
    {
        var places = Follow(Field(slot)) + 4;
        return new FlatTable(_data, Follow(places + (4 * index)));
    }

    private int Field(int slot)
    {
        var entry = 4 + (2 * slot);
        if (entry + 2 > _directory.Length)
        {
            return 0;
        }

        int offset = BinaryPrimitives.ReadUInt16LittleEndian(_directory[entry..]);
        return offset == 0 ? 0 : Checked((long)_at + offset);
    }

    private int Follow(int at) => Checked((long)at + BinaryPrimitives.ReadUInt32LittleEndian(Slice(at, 4)));

    private ReadOnlySpan<byte> Slice(long at, long length) => Slice(_data, at, length);

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> data, long at, long length)
    {
        if (at < 0 || length < 0 || at + length > data.Length)
        {
            FailOutside();
        }

        return data.Slice((int)at, (int)length);
    }

    private static int Checked(long at)
    {
        if (at > int.MaxValue)
        {
            FailOutside();
        }

        return (int)at;
    }

    [DoesNotReturn]
    private static void FailOutside() => throw new DamagedFlatBufferException("an offset points outside");
}

/// <summary>What is wrong inside one buffer; the reader, who knows where that lies, makes a <see cref="InvalidDataException"/> of it.</summary>
internal sealed class DamagedFlatBufferException(string message) : Exception(message);
