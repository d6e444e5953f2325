using System.Text;

namespace GeoWps.Application.Processes.Bodies;

/// <summary>Turns the inside of a JSON string into its text as UTF-8, piece by piece; a piece may end anywhere. The string has been checked.</summary>
internal sealed class JsonUnescaper
{
    private int _hexDigits;
    private int _hex;
    private int _highSurrogate;
    private bool _escaped;

    public void Write(ReadOnlySpan<byte> raw, PooledBuffer destination)
    {
        while (!raw.IsEmpty)
        {
            if (_hexDigits > 0)
            {
                Hex(raw[0], destination);
                raw = raw[1..];
            }
            else if (_escaped)
            {
                Escape(raw[0], destination);
                raw = raw[1..];
            }
            else
            {
                var plain = raw.IndexOf((byte)'\\');
                var length = plain < 0 ? raw.Length : plain;
                destination.Write(raw[..length]);
                raw = raw[length..];
                if (!raw.IsEmpty)
                {
                    _escaped = true;
                    raw = raw[1..];
                }
            }
        }
    }

    private void Escape(byte letter, PooledBuffer destination)
    {
        _escaped = false;
        if (letter == 'u')
        {
            (_hexDigits, _hex) = (4, 0);
            return;
        }

        destination.Write([letter switch
        {
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            _ => letter,
        }]);
    }

    private void Hex(byte digit, PooledBuffer destination)
    {
        _hex = (_hex << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        if (--_hexDigits > 0)
        {
            return;
        }

        if (char.IsHighSurrogate((char)_hex))
        {
            _highSurrogate = _hex;
            return;
        }

        var rune = _highSurrogate > 0 ? new Rune((char)_highSurrogate, (char)_hex) : new Rune((char)_hex);
        _highSurrogate = 0;
        destination.Advance(rune.EncodeToUtf8(destination.GetSpan(4)));
    }
}
