using System.Globalization;
using System.Text;
using System.Text.Json;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Bodies;

internal enum SplitStep
{
    /// <summary>The input is used up.</summary>
    More,

    /// <summary>A large value has begun; what comes of it is in <see cref="BodySplitter.Outgoing"/>.</summary>
    AttachmentBegins,

    AttachmentEnds,

    Fault,
}

/// <summary>
/// Divides a body, piece by piece, into a small document and the large values that are moved out of it: strings anywhere below <c>inputs</c>, and arrays
/// directly under a key that GeoJSON gives its large ones. White space is dropped.
/// </summary>
/// <param name="maxReduced">Bytes that the small document may have.</param>
/// <param name="attachments">How many attachments the request has already.</param>
/// <param name="lead">Bytes before what the caller wrote: places in faults are counted after them.</param>
internal sealed class BodySplitter(int maxReduced, int attachments = 0, int lead = 0) : IDisposable
{
    private const int Threshold = RequestLimits.AttachmentThreshold;

    private static readonly byte[] MarkerName = Encoding.UTF8.GetBytes(Attachment.Marker);

    private readonly JsonScanner _scanner = new(RequestLimits.MaxDepth, lead);
    private readonly PooledBuffer _reduced = new(1024);
    private JsonUnescaper? _unescaper;
    private bool _hasBegun;
    private bool _inInputs;
    private bool _keyOfLarge;
    private int _textStart = -1;
    private int _arrayStart = -1;
    private int _arrayDepth;
    private bool _inArray;

    /// <summary>Content of the attachment at hand that nobody has taken yet.</summary>
    public PooledBuffer Outgoing { get; } = new(1024);

    public int Attachments { get; private set; } = attachments;

    public JsonValueKind AttachmentKind { get; private set; }

    public ReadOnlySpan<byte> Reduced => _reduced.Written;

    /// <summary>Why the body is refused.</summary>
    public string? Fault { get; private set; }

    public SplitStep Step(ref ReadOnlySpan<byte> input)
    {
        if (_inArray)
        {
            return StepInArray(ref input);
        }

        while (true)
        {
            var part = _scanner.Next(ref input, out var run);
            switch (part)
            {
                case JsonPart.More:
                    return SplitStep.More;
                case JsonPart.Fault:
                    return Fail($"is not JSON: {_scanner.Fault}");
                case JsonPart.Mark:
                    Mark(run[0]);
                    break;
                case JsonPart.TextStart:
                    _textStart = _reduced.Length;
                    break;
                case JsonPart.Text when _unescaper is not null:
                    _unescaper.Write(run, Outgoing);
                    continue;
                case JsonPart.TextEnd when _unescaper is not null:
                    _unescaper = null;
                    return SplitStep.AttachmentEnds;
            }

            if (!_hasBegun)
            {
                if (part != JsonPart.Mark || run[0] != '{')
                {
                    return Fail("must be a JSON object");
                }

                _hasBegun = true;
            }

            _reduced.Write(run);
            if (part == JsonPart.TextEnd && _scanner.IsKey && !TryKey())
            {
                return Fail($"must not have a member called {Attachment.Marker}");
            }

            if (IsLarge(part))
            {
                Begin();
                return SplitStep.AttachmentBegins;
            }

            if (_reduced.Length > maxReduced)
            {
                return Fail($"is too large: without its long strings and arrays of features and coordinates it may have {maxReduced} bytes");
            }
        }
    }

    /// <summary>The body has ended.</summary>
    /// <returns>Whether it was whole.</returns>
    public bool TryFinish()
    {
        if (_scanner.IsDone)
        {
            return true;
        }

        _scanner.Fail("it ends too early");
        Fail(_hasBegun ? $"is not JSON: {_scanner.Fault}" : "must be a JSON object, but is empty");
        return false;
    }

    public void Dispose()
    {
        _reduced.Dispose();
        Outgoing.Dispose();
    }

    private SplitStep Fail(string fault)
    {
        Fault ??= fault;
        return SplitStep.Fault;
    }

    private void Mark(byte mark)
    {
        if (mark == '[' && _keyOfLarge && _inInputs && _arrayStart < 0)
        {
            (_arrayStart, _arrayDepth) = (_reduced.Length, _scanner.Depth);
        }
        else if (mark == ']' && _arrayStart >= 0 && _scanner.Depth < _arrayDepth)
        {
            _arrayStart = -1;
        }

        _keyOfLarge &= mark == ':';
    }

    private bool TryKey()
    {
        var key = _reduced.Written[(_textStart + 1)..^1];
        if (key.Contains((byte)'\\'))
        {
            using var plain = new PooledBuffer(key.Length);
            new JsonUnescaper().Write(key, plain);
            return Key(plain.Written);
        }

        return Key(key);
    }

    private bool Key(ReadOnlySpan<byte> key)
    {
        if (_scanner.Depth == 1)
        {
            _inInputs = key.SequenceEqual("inputs"u8);
        }

        // An input may itself be called so; then the array holds its values.
        _keyOfLarge = _scanner.Depth > 2 && (key.SequenceEqual("features"u8) || key.SequenceEqual("coordinates"u8) || key.SequenceEqual("geometries"u8));
        return !key.SequenceEqual(MarkerName);
    }

    private bool IsLarge(JsonPart part)
    {
        if (_arrayStart >= 0)
        {
            return _reduced.Length - _arrayStart > Threshold;
        }

        return part == JsonPart.Text && !_scanner.IsKey && _inInputs && _scanner.Depth > 1 && _reduced.Length - _textStart > Threshold;
    }

    private void Begin()
    {
        _inArray = _arrayStart >= 0;
        var start = _inArray ? _arrayStart : _textStart;
        AttachmentKind = _inArray ? JsonValueKind.Array : JsonValueKind.String;
        if (_inArray)
        {
            Outgoing.Write(_reduced.Written[start..]);
        }
        else
        {
            _unescaper = new JsonUnescaper();
            _unescaper.Write(_reduced.Written[(start + 1)..], Outgoing);
        }

        _reduced.Cut(start);
        _reduced.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"{Attachment.Marker}\":{Attachments++}}}")));
    }

    /// <summary>Copies what is scanned in one go: a large array is most of its body.</summary>
    private SplitStep StepInArray(ref ReadOnlySpan<byte> input)
    {
        var before = input;
        while (true)
        {
            _scanner.PassNumbers(ref input, _arrayDepth);
            var part = _scanner.Next(ref input, out _);
            if (part == JsonPart.Fault)
            {
                return Fail($"is not JSON: {_scanner.Fault}");
            }

            if (part == JsonPart.More || _scanner.Depth < _arrayDepth)
            {
                Outgoing.Write(before[..(before.Length - input.Length)]);
                if (part == JsonPart.More)
                {
                    return SplitStep.More;
                }

                (_inArray, _arrayStart) = (false, -1);
                return SplitStep.AttachmentEnds;
            }
        }
    }
}
