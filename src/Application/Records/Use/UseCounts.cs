using System.Globalization;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Records.Use;

/// <summary>
/// Counts who opened, downloaded and searched what, by month and name; no address is noted. In memory, and every half a minute and at the stop added to the store, so that nobody who reads waits
/// for it: a process that is killed loses half a minute. Tiles are not counted.
/// </summary>
public sealed partial class UseCounts(IUseStore store, TimeProvider clock, ILogger<UseCounts> logger) : BackgroundService
{
    /// <summary>The caller without a token.</summary>
    public const string Anonymous = "anonymous";

    public const string Administrator = "administrator";

    /// <summary>The record of all those for which there was no room before they were stored.</summary>
    public const string Others = "*";

    private const int MaxRows = 100_000;
    private const int AtOnce = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _storing = new(1);
    private Dictionary<(string Month, string Record, string Caller), UseFigures> _counts = [];

    public void Opened(string record, Caller caller) => Count(record, caller, new UseFigures(1, 0, 0, 0));

    public void Downloaded(string record, Caller caller) => Count(record, caller, new UseFigures(0, 1, 0, 0));

    /// <summary>A search, and what it showed.</summary>
    public void Searched(IEnumerable<string> shown, Caller caller)
    {
        var (month, name) = (MonthOf(clock.GetUtcNow()), NameOf(caller));
        lock (_lock)
        {
            Add((month, "", name), new UseFigures(0, 0, 1, 0));
            foreach (var record in shown)
            {
                Add((month, record, name), new UseFigures(0, 0, 0, 1));
            }
        }
    }

    public static string MonthOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>Adds to the store what was counted since. What can't be stored stays counted.</summary>
    public async Task StoreAsync(CancellationToken cancellationToken)
    {
        await _storing.WaitAsync(cancellationToken);
        try
        {
            Dictionary<(string Month, string Record, string Caller), UseFigures> counted;
            lock (_lock)
            {
                (counted, _counts) = (_counts, []);
            }

            var left = new Queue<RecordUse[]>(counted.Select(one => new RecordUse(one.Key.Month, one.Key.Record, one.Key.Caller, one.Value)).Chunk(AtOnce));
            try
            {
                while (left.TryPeek(out var some))
                {
                    await store.AddAsync(some, cancellationToken);
                    left.Dequeue();
                }
            }
            finally
            {
                lock (_lock)
                {
                    foreach (var use in left.SelectMany(some => some))
                    {
                        Add((use.Month, use.Record, use.Caller), use.Figures);
                    }
                }
            }
        }
        finally
        {
            _storing.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestStop);
        try
        {
            await StoreAsync(limit.Token);
        }
        catch (Exception error)
        {
            LogLost(error);
        }
    }

    public override void Dispose()
    {
        _storing.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            await Task.Delay(failures == 0 ? Pause : Backoff.After(failures, Pause, TimeSpan.FromMinutes(5), share: 0.5), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await StoreAsync(stoppingToken);
                failures = 0;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                failures++;
                LogFailed(error);
            }
            catch (OperationCanceledException)
            {
                // The stop stores them.
            }
        }
    }

    private static string NameOf(Caller caller) => caller.Name ?? (caller.IsAdministrator ? Administrator : Anonymous);

    private void Count(string record, Caller caller, UseFigures figures)
    {
        var key = (MonthOf(clock.GetUtcNow()), record, NameOf(caller));
        lock (_lock)
        {
            Add(key, figures);
        }
    }

    private void Add((string Month, string Record, string Caller) key, UseFigures figures)
    {
        if (_counts.Count >= MaxRows && !_counts.ContainsKey(key))
        {
            key = (key.Month, key.Record.Length == 0 ? "" : Others, key.Caller);
        }

        _counts[key] = _counts.GetValueOrDefault(key) + figures;
    }

    [LoggerMessage(EventId = 1880, Level = LogLevel.Error, Message = "The use of records could not be stored; trying again")]
    private partial void LogFailed(Exception error);

    [LoggerMessage(EventId = 1881, Level = LogLevel.Error, Message = "The use of records of the last moments could not be stored, and is lost")]
    private partial void LogLost(Exception error);
}
