using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace GeoWps.Adapters.Formats;

/// <summary>A number as it was written; turned into a double or integer only when that is wanted.</summary>
internal readonly ref struct JsonNumber
{
    // 10^22 is the largest power of ten that a double holds exactly.
    private static ReadOnlySpan<double> PowersOfTen =>
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    private readonly ulong _digits;
    private readonly int _exponent;
    private readonly bool _exact;
    private readonly bool _negative;

    private JsonNumber(ReadOnlySpan<byte> text, ulong digits, int exponent, bool exact, bool negative, bool isInteger)
    {
        Text = text;
        IsInteger = isInteger;
        (_digits, _exponent, _exact, _negative) = (digits, exponent, exact, negative);
    }

    public ReadOnlySpan<byte> Text { get; }

    /// <summary>Written without fraction and exponent.</summary>
    public bool IsInteger { get; }

    /// <returns>How many bytes the number takes, or 0 where none begins.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ReadOnlySpan<byte> text, out JsonNumber number)
    {
        number = default;
        var at = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative)
        {
            at = 1;
        }

        var first = at;
        ulong digits = 0;
        uint digit;
        while (at < text.Length && (digit = (uint)text[at] - '0') <= 9)
        {
            digits = unchecked((digits * 10) + digit);
            at++;
        }

        var count = at - first;
        if (count == 0 || (count > 1 && text[first] == '0'))
        {
            return 0;
        }

        var exponent = 0;
        var isInteger = true;
        if (at < text.Length && text[at] == '.')
        {
            isInteger = false;
            var point = ++at;
            while (at < text.Length && (digit = (uint)text[at] - '0') <= 9)
            {
                digits = unchecked((digits * 10) + digit);
                at++;
            }

            exponent = point - at;
            count -= exponent;
            if (exponent == 0)
            {
                return 0;
            }
        }

        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            isInteger = false;
            var length = ReadExponent(text[at..], out var written);
            if (length == 0)
            {
                return 0;
            }

            exponent += written;
            at += length;
        }

        // Nineteen digits fit 64 bits whatever they are.
        number = new JsonNumber(text[..at], digits, exponent, count <= 19, negative, isInteger);
        return at;
    }

    /// <summary>The nearest double; infinite when the number is too large for one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double ToDouble()
    {
        // Both operands are exact and one operation rounds once, so the result is the nearest double (W. D. Clinger, 1990).
        if (_exact && _digits <= 1UL << 53 && (uint)(_exponent + 22) <= 44)
        {
            var value = _exponent < 0 ? _digits / PowersOfTen[-_exponent] : _digits * PowersOfTen[_exponent];
            return _negative ? -value : value;
        }

        return Parse(Text);
    }

    public bool TryGetInt64(out long value)
    {
        value = 0;
        if (!IsInteger || !_exact || _digits > (_negative ? 1UL << 63 : long.MaxValue))
        {
            return false;
        }

        value = _negative ? unchecked(-(long)_digits) : (long)_digits;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double Parse(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out double value, out var used) && used == text.Length ? value : double.PositiveInfinity;

    private static int ReadExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        var at = text.Length > 1 && text[1] is (byte)'+' or (byte)'-' ? 2 : 1;
        var first = at;
        for (; at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            exponent = Math.Min((exponent * 10) + text[at] - '0', 100_000);
        }

        exponent = first == 2 && text[1] == '-' ? -exponent : exponent;
        return at == first ? 0 : at;
    }
}
