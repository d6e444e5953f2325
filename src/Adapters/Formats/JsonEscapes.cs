using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace GeoWps.Adapters.Formats;

/// <summary>Escapes of JSON strings, both ways, in UTF-8.</summary>
internal static class JsonEscapes
{
    private static readonly SearchValues<byte> MustEscape =
        SearchValues.Create([.. "\"\\"u8, .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    /// <summary>Appends the text of a string; half a surrogate pair becomes U+FFFD.</summary>
    public static void Unescape(JsonString text, Pooled<byte> into)
    {
        var rest = text.Raw;
        for (var escape = text.Escaped ? rest.IndexOf((byte)'\\') : -1; escape >= 0; escape = rest.IndexOf((byte)'\\'))
        {
            into.AddRange(rest[..escape]);
            rest = rest[(escape + 1)..];
            if (rest[0] != 'u')
            {
                into.Add(Plain(rest[0]));
                rest = rest[1..];
                continue;
            }

            rest = rest[1..];
            var rune = TakeRune(ref rest);
            rune.EncodeToUtf8(into.Extend(rune.Utf8SequenceLength));
        }

        into.AddRange(rest);
    }

    /// <summary>Appends <paramref name="text"/> in quotes. What is no UTF-8 becomes U+FFFD.</summary>
    public static void Quote(ReadOnlySpan<byte> text, Pooled<byte> into)
    {
        if (!System.Text.Unicode.Utf8.IsValid(text))
        {
            text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));
        }

        into.Add((byte)'"');
        for (var at = text.IndexOfAny(MustEscape); at >= 0; at = text.IndexOfAny(MustEscape))
        {
            into.AddRange(text[..at]);
            AddEscaped(text[at], into);
            text = text[(at + 1)..];
        }

        into.AddRange(text);
        into.Add((byte)'"');
    }

    private static void AddEscaped(byte character, Pooled<byte> into)
    {
        var letter = "btnvfr"u8;
        into.Add((byte)'\\');
        if (character is (byte)'"' or (byte)'\\')
        {
            into.Add(character);
        }
        else if (character is >= 8 and <= 13 and not 11)
        {
            into.Add(letter[character - 8]);
        }
        else
        {
            into.AddRange("u00"u8);
            into.Add((byte)('0' + (character >> 4)));
            into.Add("0123456789abcdef"u8[character & 15]);
        }
    }

    private static byte Plain(byte kind) => kind switch
    {
        (byte)'b' => 8,
        (byte)'t' => 9,
        (byte)'n' => 10,
        (byte)'f' => 12,
        (byte)'r' => 13,
        _ => kind,
    };

    private static Rune TakeRune(ref ReadOnlySpan<byte> rest)
    {
        var first = TakeUnit(ref rest);
        if (Rune.TryCreate(first, out var rune))
        {
            return rune;
        }

        if (char.IsHighSurrogate(first) && rest.Length >= 6 && rest[0] == '\\' && rest[1] == 'u')
        {
            var behind = rest[2..];
            if (Rune.TryCreate(first, TakeUnit(ref behind), out rune))
            {
                rest = behind;
                return rune;
            }
        }

        return Rune.ReplacementChar;
    }

    private static char TakeUnit(ref ReadOnlySpan<byte> rest)
    {
        Utf8Parser.TryParse(rest[..4], out ushort unit, out _, 'x');
        rest = rest[4..];
        return (char)unit;
    }
}
