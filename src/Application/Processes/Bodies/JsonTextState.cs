namespace GeoWps.Application.Processes.Bodies;

/// <summary>What may come next inside a JSON string: well-formed UTF-8 (RFC 3629), escapes, and surrogates in pairs.</summary>
internal sealed class JsonTextState
{
    private int _continuations;
    private byte _low;
    private byte _high;
    private int _hexDigits;
    private int _hex;
    private bool _escaped;
    private bool _afterHighSurrogate;

    /// <summary>Between characters: the fast path and the closing quote are possible.</summary>
    public bool IsPlain => _continuations == 0 && _hexDigits == 0 && !_escaped && !_afterHighSurrogate;

    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    public string? Take(byte next)
    {
        if (_continuations > 0)
        {
            return Continue(next);
        }

        if (_hexDigits > 0)
        {
            return Hex(next);
        }

        if (_escaped)
        {
            return Escape(next);
        }

        if (_afterHighSurrogate && next != '\\')
        {
            return "the second half of a surrogate pair expected";
        }

        if (next == '\\')
        {
            _escaped = true;
            return null;
        }

        return next < 0x20 ? "an escaped control character expected" : next < 0x80 ? null : Lead(next);
    }

    private string? Escape(byte next)
    {
        _escaped = false;
        if (next == 'u')
        {
            (_hexDigits, _hex) = (4, 0);
            return null;
        }

        if (_afterHighSurrogate)
        {
            return "the second half of a surrogate pair expected";
        }

        return next is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' ? null : "a valid escape expected";
    }

    private string? Hex(byte next)
    {
        if (!char.IsAsciiHexDigit((char)next))
        {
            return "four hexadecimal digits expected";
        }

        _hex = (_hex << 4) | (next <= '9' ? next - '0' : (next | 0x20) - 'a' + 10);
        if (--_hexDigits > 0)
        {
            return null;
        }

        var isLow = _hex is >= 0xDC00 and <= 0xDFFF;
        if (isLow != _afterHighSurrogate)
        {
            return isLow ? "the first half of a surrogate pair expected" : "the second half of a surrogate pair expected";
        }

        _afterHighSurrogate = _hex is >= 0xD800 and <= 0xDBFF;
        return null;
    }

    private string? Lead(byte next)
    {
        (_continuations, _low, _high) = next switch
        {
            >= 0xC2 and <= 0xDF => (1, (byte)0x80, (byte)0xBF),
            0xE0 => (2, (byte)0xA0, (byte)0xBF),
            0xED => (2, (byte)0x80, (byte)0x9F),
            >= 0xE1 and <= 0xEF => (2, (byte)0x80, (byte)0xBF),
            0xF0 => (3, (byte)0x90, (byte)0xBF),
            >= 0xF1 and <= 0xF3 => (3, (byte)0x80, (byte)0xBF),
            0xF4 => (3, (byte)0x80, (byte)0x8F),
            _ => (0, (byte)0, (byte)0),
        };
        return _continuations == 0 ? "UTF-8 expected" : null;
    }

    private string? Continue(byte next)
    {
        if (next < _low || next > _high)
        {
            return "UTF-8 expected";
        }

        (_low, _high) = (0x80, 0xBF);
        _continuations--;
        return null;
    }
}
