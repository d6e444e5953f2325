using System.Text;

namespace GeoWps.Adapters.Execution.Staging;

/// <summary>The beginning of a file as text, if it is text.</summary>
internal static class HeadText
{
    /// <summary>
    /// Without the byte order mark. Eight-bit texts in any encoding pass: what is looked for is ASCII in all of them.
    /// </summary>
    /// <returns>Null where control characters say that it is no text.</returns>
    public static string? Decode(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
        {
            return TextOnly(Encoding.Unicode.GetString(head[2..]));
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return TextOnly(Encoding.BigEndianUnicode.GetString(head[2..]));
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            head = head[3..];
        }

        return TextOnly(Encoding.Latin1.GetString(head));
    }

    private static string? TextOnly(string text)
    {
        foreach (var character in text)
        {
            // 0x1A ends texts of old DOS programs, 0x1E separates records of GeoJSON sequences, 0x1B switches the sets of ISO 2022.
            if (character < ' ' && character is not ('\t' or '\n' or '\r' or '\f' or '\u001A' or '\u001B' or '\u001E'))
            {
                return null;
            }
        }

        return text;
    }
}
