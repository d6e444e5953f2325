using System.Collections.Concurrent;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Tiles.Caching;

/// <summary>
/// Keeps the persistent store within its quotas, in the background: when about a hundredth of a quota was stored since it looked last, it looks again,
/// and removes what was used least, a bounded piece of work at a time.
/// </summary>
internal sealed partial class TileQuotas(ITileStore store, long quotaBytes, Func<TileKey, bool> isWanted, ILogger logger) : IAsyncDisposable
{
    private const string All = "";
    private const long LeastBetween = 64 << 10;
    private const long MostBetween = 64 << 20;

    private readonly ConcurrentDictionary<string, Quota> _quotas = new(
        quotaBytes > 0 ? [KeyValuePair.Create(All, new Quota(quotaBytes))] : [], StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _starting = new();
    private Task _work = Task.CompletedTask;
    private long _evicted;

    /// <summary>Bytes removed so far.</summary>
    public long EvictedBytes => Interlocked.Read(ref _evicted);

    /// <param name="bytes">0: none.</param>
    public void Set(string layer, long bytes)
    {
        if (bytes <= 0)
        {
            _quotas.TryRemove(layer, out _);
        }
        else if (!_quotas.TryGetValue(layer, out var quota) || quota.Bytes != bytes)
        {
            _quotas[layer] = new Quota(bytes) { IsDue = true };
            Start();
        }
    }

    public void Stored(string layer, long bytes)
    {
        if (_quotas.IsEmpty)
        {
            return;
        }

        var due = Count(All, bytes);
        if (Count(layer, bytes) || due)
        {
            Start();
        }
    }

    /// <summary>Ends when there is nothing to do.</summary>
    public Task IdleAsync()
    {
        lock (_starting)
        {
            return _work;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await IdleAsync();
        _stopping.Dispose();
    }

    private bool Count(string name, long bytes)
    {
        if (!_quotas.TryGetValue(name, out var quota) || Interlocked.Add(ref quota.StoredSince, bytes) < Math.Clamp(quota.Bytes / 100, LeastBetween, MostBetween))
        {
            return false;
        }

        return quota.IsDue = true;
    }

    private void Start()
    {
        lock (_starting)
        {
            if (_work.IsCompleted && !_stopping.IsCancellationRequested)
            {
                _work = Task.Run(WorkAsync, CancellationToken.None);
            }
        }
    }

    private async Task WorkAsync()
    {
        try
        {
            while (_quotas.FirstOrDefault(quota => quota.Value.IsDue) is { Value: { } quota, Key: var name })
            {
                quota.IsDue = false;
                Interlocked.Exchange(ref quota.StoredSince, 0);
                await KeepAsync(name == All ? null : name, quota.Bytes);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
        catch (Exception reason)
        {
            // Tried again with what is stored next.
            LogFailed(reason);
        }
    }

    private async Task KeepAsync(string? layer, long quota)
    {
        var turn = await store.TakeEvictionAsync(_stopping.Token);
        try
        {
            await MeasureAndEvictAsync(layer, quota);
        }
        finally
        {
            turn?.End(made: true);
        }
    }

    private async Task MeasureAndEvictAsync(string? layer, long quota)
    {
        var used = 0L;
        await foreach (var use in store.UseAsync(layer, _stopping.Token))
        {
            used += use.Bytes;
        }

        // A little more than has to be, so that not every tile makes another go.
        var goal = quota - (quota / 20);
        if (used <= quota)
        {
            return;
        }

        while (used > goal && await store.EvictAsync(layer, used - goal, isWanted, _stopping.Token) is > 0 and var gone)
        {
            used -= gone;
            Interlocked.Add(ref _evicted, gone);
        }
    }

    [LoggerMessage(EventId = 1411, Level = LogLevel.Warning, Message = "Tiles over a quota could not be removed; they are tried again")]
    private partial void LogFailed(Exception reason);

    private sealed class Quota(long bytes)
    {
        public readonly long Bytes = bytes;

        public long StoredSince;

        public volatile bool IsDue;
    }
}
