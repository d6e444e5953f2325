namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>Numbers as Protocol Buffers write them: seven bits a byte, the lowest first.</summary>
internal static class Varint
{
    /// <returns>Bytes written, at most 10.</returns>
    public static int Write(Span<byte> to, ulong number)
    {
        var at = 0;
        for (; number >= 0x80; number >>= 7)
        {
            to[at++] = (byte)(number | 0x80);
        }

        to[at] = (byte)number;
        return at + 1;
    }

    public static int LengthOf(ulong number) => ((63 - System.Numerics.BitOperations.LeadingZeroCount(number | 1)) / 7) + 1;

    /// <summary>Small numbers stay small, whatever their sign.</summary>
    public static ulong ZigZag(long number) => (ulong)((number << 1) ^ (number >> 63));
}
