namespace GeoWps.Application.Uploads;

/// <summary>Why no more of a body comes.</summary>
internal enum BodyEnd
{
    /// <summary>All has come.</summary>
    Whole,

    /// <summary>The client is gone, or its connection.</summary>
    Cut,

    /// <summary>Somebody else wants to go on with the upload.</summary>
    Interrupted,
}

/// <summary>Reads a body of which some may never come. Waiting for more can be given up without losing it.</summary>
internal sealed class ReceivedBody(Stream body, TimeProvider clock, CancellationToken interrupted)
{
    private const int BufferBytes = 80 * 1024;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private Task<int>? _reading;

    /// <summary>Once there is no more.</summary>
    public BodyEnd? End { get; private set; }

    /// <param name="patience">How long more is waited for.</param>
    /// <returns>Good until the next call; empty when nothing came in that time, or there is no more.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(TimeSpan patience)
    {
        if (End is not null)
        {
            return default;
        }

        try
        {
            _reading ??= body.ReadAsync(_buffer, interrupted).AsTask();
            if (!_reading.IsCompleted && patience != Timeout.InfiniteTimeSpan)
            {
                await Task.WhenAny(_reading, Task.Delay(patience, clock, CancellationToken.None));
                if (!_reading.IsCompleted)
                {
                    return default;
                }
            }

            var count = await _reading;
            _reading = null;
            End = count == 0 ? BodyEnd.Whole : null;
            return _buffer.AsMemory(0, count);
        }
        catch (Exception reason) when (reason is IOException or OperationCanceledException)
        {
            End = interrupted.IsCancellationRequested ? BodyEnd.Interrupted : BodyEnd.Cut;
            return default;
        }
    }
}
