using System.Buffers;

namespace GeoWps.Adapters.Formats;

/// <summary>
/// Finds where a JSON value ends without parsing it, in text that arrives in pieces: an object is as long as its braces say, outside strings.
/// Coordinates have neither braces nor strings, so the vectorised search runs through them at memory speed. Whether the text is JSON is not
/// its concern: the parser says so afterwards, with the place.
/// </summary>
internal struct JsonFrame
{
    private static readonly SearchValues<byte> InObject = SearchValues.Create("\"{}"u8);
    private static readonly SearchValues<byte> InArray = SearchValues.Create("\"[]"u8);
    private static readonly SearchValues<byte> AfterScalar = SearchValues.Create(",]} \t\r\n"u8);

    private int _scanned;
    private int _depth;
    private bool _inString;

    /// <param name="text">What there is so far, from the value's first byte on; the next call has the same and more.</param>
    public bool TryFind(ReadOnlySpan<byte> text, out int length)
    {
        length = 0;
        if (text.IsEmpty)
        {
            return false;
        }

        var isObject = text[0] == '{';
        if (!isObject && text[0] != '[' && text[0] != '"')
        {
            length = text[_scanned..].IndexOfAny(AfterScalar);
            length = length < 0 ? 0 : _scanned + length;
            _scanned = text.Length;
            return length > 0;
        }

        while (_scanned < text.Length)
        {
            if (_inString)
            {
                if (!TrySkipString(text))
                {
                    return false;
                }
            }
            else
            {
                var next = text[_scanned..].IndexOfAny(isObject ? InObject : InArray);
                if (next < 0)
                {
                    _scanned = text.Length;
                    return false;
                }

                _scanned += next + 1;
                var found = text[_scanned - 1];
                _inString = found == '"';
                _depth += found is (byte)'{' or (byte)'[' ? 1 : found == '"' ? 0 : -1;
            }

            if (_depth == 0 && !_inString)
            {
                length = _scanned;
                return true;
            }
        }

        return false;
    }

    private bool TrySkipString(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var next = text[_scanned..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                _scanned = text.Length;
                return false;
            }

            _scanned += next;
            if (text[_scanned] == '"')
            {
                _scanned++;
                _inString = false;
                return true;
            }

            if (_scanned + 1 >= text.Length)
            {
                return false;
            }

            _scanned += 2;
        }
    }
}
