using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

namespace GeoWps.Application.Tiles.Caching;

/// <summary>Meter <c>GeoWps.Cache</c>: <c>geowps.cache.hits</c> and <c>.bytes</c> by <c>level</c>, <c>.misses</c>, <c>.evictions</c>, <c>.failures</c>.</summary>
/// <remarks>Counted where a hit costs least, one counter a processor, and added up when somebody asks.</remarks>
internal sealed class CacheFigures : IDisposable
{
    public const string MeterName = "GeoWps.Cache";

    private readonly Cell[] _cells = new Cell[64];
    private readonly Meter _meter;
    private long _persistentHits;
    private long _misses;
    private long _failures;

    public CacheFigures(IMeterFactory? meters, MemoryTiles? memory, Func<long> persistentBytes, Func<long> persistentEvictions)
    {
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        var (inMemory, below) = (Level("memory"), Level("persistent"));
        _meter.CreateObservableCounter("geowps.cache.hits", () => new[] { new Measurement<long>(MemoryHits, inMemory), new Measurement<long>(PersistentHits, below) }, "{tile}");
        _meter.CreateObservableCounter("geowps.cache.misses", () => Misses, "{tile}");
        _meter.CreateObservableCounter("geowps.cache.failures", () => Interlocked.Read(ref _failures), "{operation}", "The persistent store could not do what it was asked.");
        _meter.CreateObservableGauge("geowps.cache.bytes", () => new[] { new Measurement<long>(memory?.Bytes ?? 0, inMemory), new Measurement<long>(persistentBytes(), below) }, "By");
        _meter.CreateObservableCounter(
            "geowps.cache.evictions", () => new[] { new Measurement<long>(memory?.Evicted ?? 0, inMemory), new Measurement<long>(persistentEvictions(), below) }, "{tile}");
    }

    public long MemoryHits
    {
        get
        {
            var sum = 0L;
            foreach (ref var cell in _cells.AsSpan())
            {
                sum += Volatile.Read(ref cell.Count);
            }

            return sum;
        }
    }

    public long PersistentHits => Interlocked.Read(ref _persistentHits);

    public long Misses => Interlocked.Read(ref _misses);

    public void MemoryHit() => Interlocked.Increment(ref _cells[Thread.GetCurrentProcessorId() & 63].Count);

    public void PersistentHit() => Interlocked.Increment(ref _persistentHits);

    public void Miss() => Interlocked.Increment(ref _misses);

    public void Failure() => Interlocked.Increment(ref _failures);

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Level(string level) => new("level", level);

    // A cache line (and its neighbour, which is fetched with it) for each.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Cell
    {
        [FieldOffset(0)]
        public long Count;
    }
}
