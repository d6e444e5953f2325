using System.Security.Cryptography;

namespace GeoWps.Adapters.Http.Wps.Requests;

/// <summary>A body of XML as it is read: counted, hashed, and its tags measured.</summary>
internal sealed class MeasuredStream(Stream body, long mostBytes, Func<WpsFault> tooLarge) : Stream
{
    private const int LongestTag = 1024 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly TagGuard _tags = new(LongestTag);
    private long _length;

    /// <summary>SHA-256 of what was read, hexadecimal.</summary>
    public string Digest => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span[..read]);
        _length += read;
        if (!_tags.Pass(buffer.Span[..read]))
        {
            throw new WpsRefusedException(WpsFault.NotXml($"The request has a tag of more than {LongestTag} bytes."));
        }

        return _length <= mostBytes ? read : throw new WpsRefusedException(tooLarge());
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
