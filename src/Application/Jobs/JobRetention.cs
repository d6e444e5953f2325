using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Jobs;

/// <summary>Removes ended jobs whose time is over, and content that no job knows (a crash between storing content and storing its job).</summary>
public sealed partial class JobRetention(
    IJobStore jobs, IBlobStore blobs, IOptions<JobsOptions> options, TimeProvider clock, ILogger<JobRetention> logger) : BackgroundService
{
    private const int Batch = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    /// <summary>Content may be stored this long before its job: a large upload takes its time.</summary>
    private static readonly TimeSpan Orphaned = TimeSpan.FromHours(24);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RemoveExpiredAsync(stoppingToken);
                await RemoveOrphansAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(error);
            }

            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>How many were removed.</returns>
    public async Task<int> RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - TimeSpan.FromHours(options.Value.RetentionHours);
        var removed = 0;
        while (await jobs.ListEndedBeforeAsync(before, Batch, cancellationToken) is { Count: > 0 } expired)
        {
            foreach (var id in expired)
            {
                await jobs.RemoveAsync(blobs, id, cancellationToken);
                removed++;
            }
        }

        if (removed > 0)
        {
            LogRemoved(removed);
        }

        return removed;
    }

    /// <returns>How many jobs' left-overs were removed.</returns>
    public Task<int> RemoveOrphansAsync(CancellationToken cancellationToken) => OrphanedContent.RemoveAsync(
        blobs, JobKeys.Prefix, clock.GetUtcNow() - Orphaned, async name => JobId.TryParse(name, out var id) && await jobs.FindAsync(id, cancellationToken) is null, cancellationToken);

    [LoggerMessage(EventId = 1301, Level = LogLevel.Information, Message = "{Count} jobs were removed: their time was over")]
    private partial void LogRemoved(int count);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Error, Message = "Old jobs could not be removed; trying again later")]
    private partial void LogFailed(Exception error);
}
