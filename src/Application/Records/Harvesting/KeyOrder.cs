namespace GeoWps.Application.Records.Harvesting;

/// <summary>The order of UTF-8 bytes, in which databases compare keys. UTF-16 has another: what lies beyond the first 65,536 characters begins with surrogates, which come before U+E000.</summary>
public static class KeyOrder
{
    public static int Compare(string one, string other)
    {
        var same = one.AsSpan().CommonPrefixLength(other);
        return same == one.Length || same == other.Length ? one.Length.CompareTo(other.Length) : Place(one[same]) - Place(other[same]);
    }

    private static int Place(char letter) => letter >= 0xE000 ? letter - 0x800 : letter >= 0xD800 ? letter + 0x2000 : letter;
}
