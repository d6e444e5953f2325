using System.Text;

namespace GeoWps.Application.Processes.Bodies;

/// <summary>A content as a stream to be read, with something before and after it.</summary>
internal sealed class SourceStream(IContentSource source, string before, string after) : Stream
{
    private readonly MemoryStream _ready = new(Encoding.UTF8.GetBytes(before).Length + 4096);
    private State _state = State.Before;

    private enum State
    {
        Before,
        Content,
        Ended,
    }

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
        while (_ready.Position == _ready.Length && _state != State.Ended)
        {
            _ready.SetLength(0);
            await FillAsync(cancellationToken);
            _ready.Position = 0;
        }

        return _ready.Read(buffer.Span);
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

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_state == State.Before)
        {
            _state = State.Content;
            _ready.Write(Encoding.UTF8.GetBytes(before));
        }
        else if (!await source.StepAsync(_ready, cancellationToken))
        {
            _state = State.Ended;
            _ready.Write(Encoding.UTF8.GetBytes(after));
        }
    }
}
