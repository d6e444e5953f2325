using System.Text;
using System.Xml;

namespace GeoWps.Adapters.Http.Wps.Answers;

/// <summary>Takes UTF-8 and writes it as the text of an element.</summary>
internal sealed class XmlTextStream(XmlWriter xml) : Stream
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly char[] _letters = new char[4096 + 2];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _decoder.Convert(buffer.Span, _letters, flush: false, out var bytes, out var letters, out _);
            buffer = buffer[bytes..];
            await xml.WriteStringAsync(XmlText.Clean(new string(_letters, 0, letters)));
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
