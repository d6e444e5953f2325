using System.Buffers.Binary;

namespace GeoWps.Application.Uploads;

/// <summary>The cyclic redundancy check of ISO 3309, reflected polynomial 0xEDB88320, eight bytes at a time.</summary>
internal sealed class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Ways = 8;

    private static readonly uint[] _tables = Tables();

    private uint _state = uint.MaxValue;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var (state, tables) = (_state, _tables);
        while (bytes.Length >= Ways)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state = tables[(7 * 256) + (byte)low] ^ tables[(6 * 256) + (byte)(low >> 8)] ^ tables[(5 * 256) + (byte)(low >> 16)] ^ tables[(4 * 256) + (int)(low >> 24)]
                ^ tables[(3 * 256) + (byte)high] ^ tables[(2 * 256) + (byte)(high >> 8)] ^ tables[256 + (byte)(high >> 16)] ^ tables[(int)(high >> 24)];
            bytes = bytes[Ways..];
        }

        foreach (var value in bytes)
        {
            state = tables[(byte)(state ^ value)] ^ (state >> 8);
        }

        _state = state;
    }

    /// <summary>Four bytes, the highest first: how the sum is written.</summary>
    public byte[] BigEndian()
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ~_state);
        return bytes;
    }

    private static uint[] Tables()
    {
        var tables = new uint[Ways * 256];
        for (uint index = 0; index < 256; index++)
        {
            var value = index;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Polynomial;
            }

            tables[index] = value;
        }

        for (var index = 256; index < tables.Length; index++)
        {
            tables[index] = tables[(byte)tables[index - 256]] ^ (tables[index - 256] >> 8);
        }

        return tables;
    }
}
