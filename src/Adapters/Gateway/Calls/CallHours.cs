using GeoWps.Application.Ports;
using GeoWps.Domain.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Gateway.Calls;

/// <summary>Hands what was called since the last time to the figures that are kept by the hour; each minute, and at the end.</summary>
internal sealed partial class CallHours(CallBook book, ICallStatistics statistics, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<CallHours> log) : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromMinutes(1);

    private readonly Dictionary<CallKey, Snapshot> _told = [];
    private DateTimeOffset _forgotten;

    /// <summary>For the end of the service, too, when its own loop is over.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        var figures = new List<CallHour>();
        var snapshots = new List<(CallKey, Snapshot)>();
        foreach (var (key, value) in book.All)
        {
            var (before, after) = (_told.GetValueOrDefault(key, Snapshot.None), Snapshot.Of(value));
            if (after.Calls > before.Calls)
            {
                figures.Add(after.Since(before, hour, key));
                snapshots.Add((key, after));
            }
        }

        try
        {
            if (figures.Count > 0)
            {
                await statistics.AddAsync(figures, cancellationToken);
            }

            if (_forgotten != hour)
            {
                await statistics.ForgetAsync(now - TimeSpan.FromDays(options.Value.StatisticsDays), cancellationToken);
                _forgotten = hour;
            }

            snapshots.ForEach(snapshot => _told[snapshot.Item1] = snapshot.Item2);
        }
        catch (Exception reason) when (reason is not OperationCanceledException)
        {
            // Told together with the next.
            LogNotKept(reason);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TellAsync(CancellationToken.None);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TellAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The last is told by StopAsync.
        }
    }

    [LoggerMessage(EventId = 7130, Level = LogLevel.Warning, Message = "The figures of calls could not be kept; they are told again")]
    private partial void LogNotKept(Exception reason);

    private sealed record Snapshot(long Calls, long Failures, long Retries, long Bytes, IReadOnlyDictionary<int, long> Durations)
    {
        public static Snapshot None { get; } = new(0, 0, 0, 0, new Dictionary<int, long>());

        public static Snapshot Of(CallFigures figures) => new(figures.Calls, figures.Failures, figures.Retries, figures.Bytes, figures.Durations.Counts().ToDictionary());

        public CallHour Since(Snapshot before, DateTimeOffset hour, CallKey key) => new(
            hour,
            key.Service,
            key.Operation,
            key.Node,
            Calls - before.Calls,
            Failures - before.Failures,
            Retries - before.Retries,
            Bytes - before.Bytes,
            Durations.Select(step => (step.Key, Count: step.Value - before.Durations.GetValueOrDefault(step.Key))).Where(step => step.Count > 0).ToDictionary(step => step.Key, step => step.Count));
    }
}
