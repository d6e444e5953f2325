using System.Buffers;

namespace GeoWps.Application.Processes.Bodies;

/// <summary>A part of a JSON text.</summary>
internal enum JsonPart
{
    /// <summary>The input is used up.</summary>
    More,

    /// <summary>One of <c>{ } [ ] , :</c>.</summary>
    Mark,

    /// <summary>The quote before a string or a key.</summary>
    TextStart,

    /// <summary>A piece of a string or key, escapes as written; may end within a character.</summary>
    Text,

    /// <summary>The quote after it.</summary>
    TextEnd,

    /// <summary>A piece of a number, <c>true</c>, <c>false</c> or <c>null</c>.</summary>
    Scalar,

    Fault,
}

/// <summary>
/// Checks JSON (RFC 8259) piece by piece without ever holding more than the piece: <c>Utf8JsonReader</c> wants a whole string in one buffer, and ours can
/// be as long as the body. Also checked: UTF-8, and that escaped surrogates come in pairs.
/// </summary>
internal sealed partial class JsonScanner(int maxDepth, int lead = 0)
{
    private static readonly SearchValues<byte> PlainText = SearchValues.Create(Enumerable.Range(0x20, 0x60).Select(b => (byte)b).Where(b => b is not ((byte)'"' or (byte)'\\')).ToArray());

    private readonly JsonTextState _text = new();
    private readonly JsonScalarState _scalar = new();
    private readonly bool[] _isObject = new bool[maxDepth];
    private State _state = State.Value;
    private long _offset = -lead;
    private long _lineStart;
    private long _line = 1;

    private enum State
    {
        Value,
        ValueOrEnd,
        Key,
        KeyOrEnd,
        Colon,
        CommaOrEnd,
        Text,
        Scalar,
        Done,
    }

    public int Depth { get; private set; }

    /// <summary>Whether the string at hand is a key.</summary>
    public bool IsKey { get; private set; }

    public bool IsDone => _state == State.Done;

    /// <summary>Why it is not JSON, with line, column and byte, each from 1.</summary>
    public string? Fault { get; private set; }

    /// <summary>Takes the next part off <paramref name="input"/>.</summary>
    public JsonPart Next(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> run)
    {
        run = default;
        if (_state == State.Text)
        {
            return Text(ref input, out run);
        }

        if (_state == State.Scalar)
        {
            return Scalar(ref input, out run);
        }

        var i = 0;
        while (i < input.Length && input[i] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            if (input[i] == '\n')
            {
                _line++;
                _lineStart = _offset + i + 1;
            }

            i++;
        }

        _offset += i;
        input = input[i..];
        return input.IsEmpty ? JsonPart.More : Begin(ref input, out run);
    }

    /// <summary>Where the next byte stands.</summary>
    public JsonPart Fail(string expected)
    {
        Fault ??= $"{expected} at line {_line}, column {_offset - _lineStart + 1} (byte {_offset + 1})";
        return JsonPart.Fault;
    }

    private JsonPart Begin(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> run)
    {
        run = default;
        var next = input[0];
        switch (_state)
        {
            case State.Colon when next == ':':
                _state = State.Value;
                return Take(ref input, out run);
            case State.CommaOrEnd when next == ',':
                _state = _isObject[Depth - 1] ? State.Key : State.Value;
                return Take(ref input, out run);
            case State.CommaOrEnd or State.KeyOrEnd when next == '}' && _isObject[Depth - 1]:
            case State.CommaOrEnd or State.ValueOrEnd when next == ']' && !_isObject[Depth - 1]:
                Depth--;
                Ended();
                return Take(ref input, out run);
            case State.Key or State.KeyOrEnd when next == '"':
            case State.Value or State.ValueOrEnd when next == '"':
                IsKey = _state is State.Key or State.KeyOrEnd;
                _state = State.Text;
                Take(ref input, out run);
                return JsonPart.TextStart;
            case State.Value or State.ValueOrEnd when next is (byte)'{' or (byte)'[':
                if (Depth == maxDepth)
                {
                    return Fail($"nested more than {maxDepth} deep");
                }

                _isObject[Depth++] = next == '{';
                _state = next == '{' ? State.KeyOrEnd : State.ValueOrEnd;
                return Take(ref input, out run);
            case State.Value or State.ValueOrEnd when _scalar.TryBegin(next):
                _state = State.Scalar;
                return Scalar(ref input, out run);
            default:
                return Fail(Expected());
        }
    }

    private JsonPart Text(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> run)
    {
        var i = 0;
        while (i < input.Length)
        {
            if (_text.IsPlain)
            {
                var plain = input[i..].IndexOfAnyExcept(PlainText);
                i = plain < 0 ? input.Length : i + plain;
                if (i == input.Length)
                {
                    break;
                }

                if (input[i] == '"')
                {
                    break;
                }
            }

            if (_text.Take(input[i]) is { } fault)
            {
                _offset += i;
                run = default;
                return Fail(fault);
            }

            i++;
        }

        run = input[..i];
        if (i > 0)
        {
            _offset += i;
            input = input[i..];
            return JsonPart.Text;
        }

        if (input.IsEmpty)
        {
            return JsonPart.More;
        }

        if (IsKey)
        {
            _state = State.Colon;
        }
        else
        {
            Ended();
        }

        Take(ref input, out run);
        return JsonPart.TextEnd;
    }

    private JsonPart Scalar(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> run)
    {
        run = default;
        if (input.IsEmpty)
        {
            return JsonPart.More;
        }

        var length = _scalar.Take(input);
        if (length < 0)
        {
            return Fail("a value expected");
        }

        if (length < input.Length)
        {
            if (!_scalar.IsComplete)
            {
                _offset += length;
                return Fail("a number or true, false or null expected");
            }

            Ended();
        }

        if (length == 0)
        {
            return Next(ref input, out run);
        }

        run = input[..length];
        _offset += length;
        input = input[length..];
        return JsonPart.Scalar;
    }

    private JsonPart Take(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> run)
    {
        run = input[..1];
        input = input[1..];
        _offset++;
        return JsonPart.Mark;
    }

    private void Ended() => _state = Depth == 0 ? State.Done : State.CommaOrEnd;

    private string Expected() => _state switch
    {
        State.Value => "a value expected",
        State.ValueOrEnd => "a value or ']' expected",
        State.Key => "a member's name in quotes expected",
        State.KeyOrEnd => "a member's name in quotes or '}' expected",
        State.Colon => "':' expected",
        State.CommaOrEnd => _isObject[Depth - 1] ? "',' or '}' expected" : "',' or ']' expected",
        State.Text or State.Scalar or State.Done => "the end of the document expected",
    };
}
