using System.Text;
using GeoWps.Application.Streams;

namespace GeoWps.Application.Processes.Bodies;

/// <summary>A content as a stream to be read, with something before and after it.</summary>
internal sealed class SourceStream(IContentSource source, string before, string after) : ReadOnlyStream
{
    private readonly MemoryStream _ready = new(Encoding.UTF8.GetBytes(before).Length + 4096);
    private State _state = State.Before;

    private enum State
    {
        Before,
        Content,
        Ended,
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
