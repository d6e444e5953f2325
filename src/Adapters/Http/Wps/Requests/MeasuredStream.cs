using System.Security.Cryptography;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Application.Streams;

namespace GeoWps.Adapters.Http.Wps.Requests;

/// <summary>A body of XML as it is read: counted, hashed, and its tags measured.</summary>
internal sealed class MeasuredStream(Stream body, long mostBytes, Func<OwsFault> tooLarge) : ReadOnlyStream
{
    private const int LongestTag = 1024 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly TagGuard _tags = new(LongestTag);
    private long _length;

    /// <summary>SHA-256 of what was read, hexadecimal.</summary>
    public string Digest => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span[..read]);
        _length += read;
        if (!_tags.Pass(buffer.Span[..read]))
        {
            throw new OwsRefusedException(OwsFault.Other($"The request has a tag of more than {LongestTag} bytes."));
        }

        return _length <= mostBytes ? read : throw new OwsRefusedException(tooLarge());
    }

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
