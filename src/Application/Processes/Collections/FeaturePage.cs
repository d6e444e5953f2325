using System.Text;
using System.Text.Json;
using GeoWps.Application.Processes.Bodies;
using GeoWps.Application.Streams;

namespace GeoWps.Application.Processes.Collections;

/// <summary>Takes a page of features as it is fetched: what is in its <c>features</c> goes on to the destination, its <c>links</c> are kept.</summary>
/// <param name="hasFeatures">The destination's array has some already.</param>
internal sealed class FeaturePage(Stream destination, bool hasFeatures) : WriteOnlyStream
{
    private const int MostLinks = 256 * 1024;

    /// <summary>One level more than a FeatureCollection of ours may have.</summary>
    private readonly JsonScanner _scanner = new(RequestLimits.MaxDepth + 1);

    private readonly PooledBuffer _out = new(16 * 1024);
    private readonly PooledBuffer _links = new(1024);
    private readonly StringBuilder _key = new();
    private Member _member;
    private bool _isObject;
    private bool _separate = hasFeatures;
    private bool _hadFeatures;

    private enum Member
    {
        Other,
        Features,
        Links,
    }

    /// <summary>Why it is no page of features.</summary>
    public string? Fault { get; private set; }

    public bool HasFeatures { get; private set; } = hasFeatures;

    public JsonElement Links { get; private set; }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Read(buffer.Span);
        if (Fault is not null)
        {
            throw new InvalidDataException(Fault);
        }

        await destination.WriteAsync(_out.WrittenMemory, cancellationToken);
        _out.Cut(0);
    }

    /// <summary>It has ended.</summary>
    /// <returns>What is wrong with it.</returns>
    public string? Finish()
    {
        if (!_scanner.IsDone)
        {
            _scanner.Fail("it ends too early");
            return $"is not JSON: {_scanner.Fault}";
        }

        Links = _links.Length == 0 ? default : JsonElement.Parse(_links.Written, RequestLimits.Reading);
        return _hadFeatures ? null : "has no features: it is no page of OGC API - Features";
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _out.Dispose();
            _links.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Read(ReadOnlySpan<byte> input)
    {
        while (Fault is null)
        {
            var part = _scanner.Next(ref input, out var run);
            if (part == JsonPart.More)
            {
                return;
            }

            if (part == JsonPart.Fault)
            {
                Fault = $"is not JSON: {_scanner.Fault}";
            }
            else if (!_isObject && (part != JsonPart.Mark || run[0] != '{'))
            {
                Fault = "is no JSON object";
            }
            else
            {
                _isObject = true;
                Take(part, run);
            }
        }
    }

    private void Take(JsonPart part, ReadOnlySpan<byte> run)
    {
        if (_member != Member.Other)
        {
            Copy(part, run);
            return;
        }

        if (_scanner.IsKey && _scanner.Depth == 1)
        {
            ReadKey(part, run);
        }

        if (part == JsonPart.Mark && run[0] == '[' && _scanner.Depth == 2)
        {
            _member = _key.ToString() switch { "features" => Member.Features, "links" => Member.Links, _ => Member.Other };
            _hadFeatures |= _member == Member.Features;
            if (_member == Member.Links)
            {
                _links.Cut(0);
                _links.Write(run);
            }
        }
    }

    private void ReadKey(JsonPart part, ReadOnlySpan<byte> run)
    {
        if (part == JsonPart.TextStart)
        {
            _key.Clear();
        }
        else if (part == JsonPart.Text && _key.Length < 64)
        {
            _key.Append(Encoding.UTF8.GetString(run));
        }
    }

    /// <summary>Everything up to the bracket that ends the array.</summary>
    private void Copy(JsonPart part, ReadOnlySpan<byte> run)
    {
        var ends = part == JsonPart.Mark && run[0] == ']' && _scanner.Depth == 1;
        if (_member == Member.Links)
        {
            _links.Write(run);
            Fault = _links.Length > MostLinks ? "has too many links" : null;
        }
        else if (!ends)
        {
            if (_separate)
            {
                _separate = false;
                _out.Write(","u8);
            }

            _out.Write(run);
            HasFeatures = true;
        }

        if (ends)
        {
            _member = Member.Other;
            _key.Clear();
        }
    }
}
