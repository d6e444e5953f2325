using System.Collections.Concurrent;
using GeoWps.Domain.Nodes;

namespace GeoWps.Adapters.Gateway.Calls;

/// <summary>By what calls are told apart.</summary>
/// <param name="Template">Of the path.</param>
/// <param name="Node">By its name.</param>
internal readonly record struct CallKey(string Service, string Method, string Template, string Node)
{
    public string Operation => $"{Method} {Template}";
}

/// <summary>Figures of one operation on one node since the gateway's start. Many threads add at once.</summary>
internal sealed class CallFigures
{
    private long _calls;
    private long _failures;
    private long _retries;
    private long _bytes;
    private int _inFlight;

    public long Calls => Interlocked.Read(ref _calls);

    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Calls that came here because another node had failed.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    public long Bytes => Interlocked.Read(ref _bytes);

    public int InFlight => Volatile.Read(ref _inFlight);

    public DurationHistogram Durations { get; } = new();

    public void Begin() => Interlocked.Increment(ref _inFlight);

    public void End(bool failed, bool isRetry, long bytes, TimeSpan duration)
    {
        Interlocked.Decrement(ref _inFlight);
        Interlocked.Increment(ref _calls);
        Interlocked.Add(ref _bytes, bytes);
        Durations.Add(duration);
        if (failed)
        {
            Interlocked.Increment(ref _failures);
        }

        if (isRetry)
        {
            Interlocked.Increment(ref _retries);
        }
    }
}

/// <summary>Every call since the start, by service, operation and node.</summary>
internal sealed class CallBook
{
    /// <summary>Beyond it, operations are counted together: templates come from nodes, and nodes come and go.</summary>
    private const int MaxKeys = 10_000;

    private readonly ConcurrentDictionary<CallKey, CallFigures> _figures = new();

    public IReadOnlyList<KeyValuePair<CallKey, CallFigures>> All =>
        [.. _figures.ToArray().OrderBy(pair => pair.Key.Service, StringComparer.Ordinal).ThenBy(pair => pair.Key.Template, StringComparer.Ordinal).ThenBy(pair => pair.Key.Method, StringComparer.Ordinal).ThenBy(pair => pair.Key.Node, StringComparer.Ordinal)];

    public CallFigures Of(CallKey key) => _figures.TryGetValue(key, out var figures) ? figures
        : _figures.Count < MaxKeys ? _figures.GetOrAdd(key, _ => new CallFigures())
        : _figures.GetOrAdd(new CallKey(key.Service, "*", "*", "*"), _ => new CallFigures());

    /// <summary>Callers choose methods freely; figures are kept of those that mean something.</summary>
    public static string MethodOf(string method) => method switch
    {
        "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS" => method,
        _ => "OTHER",
    };
}
