namespace GeoWps.Tests.Unit.Storage;

/// <summary>A clock that stands still until it is told to move on, with a frequency that no real one has.</summary>
public sealed class TestClock : TimeProvider
{
    private long _ticks = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(67_891_234).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond * 7;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks) * 7;

    public void Advance(TimeSpan span) => Interlocked.Add(ref _ticks, span.Ticks);
}
