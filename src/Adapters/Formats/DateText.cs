using System.Buffers;
using System.Buffers.Text;

namespace GeoWps.Adapters.Formats;

/// <summary>
/// Tells which strings GDAL's GeoJSON driver would make a date, time or date and time of, and writes the last the way FlatGeobuf wants it.
/// </summary>
/// <remarks>
/// GDAL's parser takes much that nobody would call a date ("3:2 odds" is a time, "2020-01-02T10:11:12Zfoo" a date and time). Only the ISO forms
/// are understood here; whatever else might pass there counts as <see cref="PropertyKinds.OddDate"/>, which leaves the file to GDAL.
/// A test asks GDAL about some sixty strings.
/// </remarks>
internal static class DateText
{
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);

    public static PropertyKinds Classify(ReadOnlySpan<byte> text)
    {
        Span<byte> written = stackalloc byte[Longest];
        if (TryWriteDateTime(text, written, out _))
        {
            return text.Length == 10 ? PropertyKinds.Date : PropertyKinds.DateTime;
        }

        text = text.Trim((byte)' ');
        if (text.Length == 0 || !(Digits.Contains(text[0]) || text[0] is (byte)'-' or (byte)'+'))
        {
            return PropertyKinds.Text;
        }

        // GDAL wants year, month and day divided by dashes or slashes, or hours and minutes divided by a colon.
        var run = text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        var divider = run.IndexOfAnyExcept(Digits);
        if (divider <= 0 || divider == run.Length - 1)
        {
            return PropertyKinds.Text;
        }

        var mark = run[divider];
        var second = run[(divider + 1)..];
        var length = second.IndexOfAnyExcept(Digits) is var end and >= 0 ? end : second.Length;
        if (length == 0)
        {
            return PropertyKinds.Text;
        }

        return mark == ':' ? PropertyKinds.Time
            : mark is ((byte)'-' or (byte)'/') && length < second.Length && second[length] is ((byte)'-' or (byte)'/') && IsMonth(second[..length])
                ? PropertyKinds.OddDate
                : PropertyKinds.Text;
    }

    private static bool IsMonth(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out int month, out _) && month is >= 1 and <= 12;

    /// <summary>Bytes that <see cref="TryWriteDateTime"/> writes at most.</summary>
    public const int Longest = 32;

    /// <summary>
    /// Reads <c>YYYY-MM-DD[(T| )hh:mm[:ss[.s…]][Z|±hh[[:]mm]]]</c>, also with slashes, and writes <c>YYYY-MM-DDThh:mm:ss[.sss][Z|±hh:mm]</c>.
    /// Seconds are kept to the millisecond, as GDAL does.
    /// </summary>
    public static bool TryWriteDateTime(ReadOnlySpan<byte> text, Span<byte> into, out int written)
    {
        written = 0;
        if (text.Length < 10 || !TryTwo(text, 0, 0, 99) || !TryTwo(text, 2, 0, 99) || text[4] is not ((byte)'-' or (byte)'/') || text[7] != text[4]
            || !TryTwo(text, 5, 1, 12) || !TryTwo(text, 8, 1, 31) || text[..4].SequenceEqual("0000"u8))
        {
            return false;
        }

        "YYYY-MM-DDT00:00:00"u8.CopyTo(into);
        text[..4].CopyTo(into);
        text.Slice(5, 2).CopyTo(into[5..]);
        text.Slice(8, 2).CopyTo(into[8..]);
        written = 19;
        return text.Length == 10 || TryWriteTime(text[10..], into, ref written);
    }

    private static bool TryWriteTime(ReadOnlySpan<byte> text, Span<byte> into, ref int written)
    {
        if (text.Length < 6 || text[0] is not ((byte)'T' or (byte)' ') || text[3] != ':' || !TryTwo(text, 1, 0, 23) || !TryTwo(text, 4, 0, 59))
        {
            return false;
        }

        text.Slice(1, 5).CopyTo(into[11..]);
        var rest = text[6..];
        if (rest.Length > 0 && rest[0] == ':')
        {
            if (!TryTwo(rest, 1, 0, 59))
            {
                return false;
            }

            rest[..3].CopyTo(into[16..]);
            rest = rest[3..];
            if (rest.Length > 1 && rest[0] == '.' && Digits.Contains(rest[1]))
            {
                var length = rest[1..].IndexOfAnyExcept(Digits) is var end and >= 0 ? end : rest.Length - 1;
                ".000"u8.CopyTo(into[19..]);
                rest[..Math.Min(length + 1, 4)].CopyTo(into[19..]);
                written = 23;
                rest = rest[(length + 1)..];
            }
        }

        return TryWriteZone(rest, into, ref written);
    }

    private static bool TryWriteZone(ReadOnlySpan<byte> zone, Span<byte> into, ref int written)
    {
        if (zone.Length == 0)
        {
            return true;
        }

        if (zone.SequenceEqual("Z"u8))
        {
            into[written++] = (byte)'Z';
            return true;
        }

        var minutes = zone.Length == 6 && zone[3] == ':' ? 4 : 3;
        if (zone[0] is not ((byte)'+' or (byte)'-') || zone.Length is not (3 or 5 or 6) || (zone.Length == 6) != (minutes == 4)
            || !TryTwo(zone, 1, 0, 14) || (zone.Length > 3 && !TryTwo(zone, minutes, 0, 59)))
        {
            return false;
        }

        "+00:00"u8.CopyTo(into[written..]);
        zone[..3].CopyTo(into[written..]);
        if (zone.Length > 3)
        {
            zone.Slice(minutes, 2).CopyTo(into[(written + 4)..]);
        }

        written += 6;
        return true;
    }

    private static bool TryTwo(ReadOnlySpan<byte> text, int at, int least, int most)
    {
        if (text.Length < at + 2 || !Digits.Contains(text[at]) || !Digits.Contains(text[at + 1]))
        {
            return false;
        }

        var value = ((text[at] - '0') * 10) + text[at + 1] - '0';
        return value >= least && value <= most;
    }
}
