namespace GeoWps.Application.Processes.Bodies;

/// <summary>The quick way over coordinates: they are most of every large request, and part by part they would cost as much as their conversion.</summary>
internal sealed partial class JsonScanner
{
    /// <summary>
    /// Passes over nested arrays of numbers, as far as their parts are whole in <paramref name="input"/> and stand on one line. What follows is for <see cref="Next"/>.
    /// </summary>
    /// <param name="depth">Arrays that are no deeper than this are not ended.</param>
    public void PassNumbers(ref ReadOnlySpan<byte> input, int depth)
    {
        if (_state is not (State.Value or State.ValueOrEnd or State.CommaOrEnd) || Depth == 0 || _isObject[Depth - 1])
        {
            return;
        }

        var i = 0;
        while (i < input.Length)
        {
            switch (input[i])
            {
                case (byte)' ':
                    i++;
                    continue;
                case (byte)'[' when _state != State.CommaOrEnd && Depth < _isObject.Length:
                    _isObject[Depth++] = false;
                    _state = State.ValueOrEnd;
                    i++;
                    continue;
                case (byte)']' when _state != State.Value && Depth > depth + 1 && !_isObject[Depth - 2]:
                    Depth--;
                    _state = State.CommaOrEnd;
                    i++;
                    continue;
                case (byte)',' when _state == State.CommaOrEnd:
                    _state = State.Value;
                    i++;
                    continue;
                case (byte)'-' or (>= (byte)'0' and <= (byte)'9') when _state != State.CommaOrEnd && Number(input[i..]) is > 0 and var length:
                    _state = State.CommaOrEnd;
                    i += length;
                    continue;
            }

            break;
        }

        _offset += i;
        input = input[i..];
    }

    /// <returns>The length of a number (RFC 8259, section 6) that is followed by something; 0 where it is none, or may go on.</returns>
    private static int Number(ReadOnlySpan<byte> input)
    {
        var i = input[0] == '-' ? 1 : 0;
        var whole = Digits(input[i..]);
        if (whole == 0 || (whole > 1 && input[i] == '0'))
        {
            return 0;
        }

        i += whole;
        if (i < input.Length && input[i] == '.')
        {
            var fraction = Digits(input[(i + 1)..]);
            i = fraction == 0 ? input.Length : i + 1 + fraction;
        }

        return i < input.Length && (input[i] | 0x20) != 'e' ? i : 0;
    }

    private static int Digits(ReadOnlySpan<byte> input)
    {
        var i = 0;
        while (i < input.Length && (uint)(input[i] - '0') <= 9)
        {
            i++;
        }

        return i;
    }
}
