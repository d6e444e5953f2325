using GeoWps.Application.Ports;
using GeoWps.Domain.Uploads;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Uploads;

/// <summary>Removes uploads whose time is over and bytes that no upload knows; and makes files of those that were all here when their node was killed.</summary>
public sealed partial class UploadKeeper(
    IUploadStore uploads, IBlobStore blobs, UploadHolds holds, FinishUpload finish, UploadLimit limit, TimeProvider clock, ILogger<UploadKeeper> logger) : BackgroundService
{
    private const int Batch = 100;

    // What was refused once is not tried again here: its client asks, or its time ends.
    private readonly HashSet<UploadId> _refused = [];

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Rounds between two looks at every key.</summary>
    private const int RoundsBetweenOrphans = 60;

    /// <summary>Bytes are stored this long before their row is changed, at most.</summary>
    private static readonly TimeSpan Orphaned = TimeSpan.FromHours(24);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (limit.IsOfFiles)
        {
            LogLimit(limit.MostBytes);
        }

        for (var round = 0; !stoppingToken.IsCancellationRequested; round++)
        {
            try
            {
                await RemoveExpiredAsync(stoppingToken);
                await FinishDueAsync(stoppingToken);
                if (round % RoundsBetweenOrphans == 0)
                {
                    await RemoveOrphansAsync(stoppingToken);
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(error);
            }

            await Task.Delay(Backoff.Spread(Pause), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>How many were removed.</returns>
    public async Task<int> RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        while (await uploads.RemoveExpiredAsync(clock.GetUtcNow(), Batch, cancellationToken) is { Count: > 0 } expired)
        {
            foreach (var id in expired)
            {
                await blobs.DeleteAllAsync(UploadKeys.All(id), cancellationToken);
            }

            removed += expired.Count;
        }

        if (removed > 0)
        {
            LogRemoved(removed);
        }

        return removed;
    }

    /// <returns>How many became files.</returns>
    public async Task<int> FinishDueAsync(CancellationToken cancellationToken)
    {
        var finished = 0;
        var due = await uploads.ListDueAsync(Batch, cancellationToken);
        _refused.IntersectWith(due);
        foreach (var id in due.Where(id => !_refused.Contains(id)).ToList())
        {
            var (hold, _) = await holds.TryTakeAsync(id, cancellationToken);
            if (hold is null)
            {
                continue;
            }

            await using (hold)
            {
                if (await uploads.FindAsync(id, cancellationToken) is { IsDue: true } upload)
                {
                    if (await finish.ExecuteAsync(upload, hold) is UploadOutcome.Done)
                    {
                        finished++;
                    }
                    else
                    {
                        _refused.Add(id);
                    }
                }
            }
        }

        return finished;
    }

    /// <returns>Of how many uploads there were bytes and nothing else.</returns>
    public Task<int> RemoveOrphansAsync(CancellationToken cancellationToken) => OrphanedContent.RemoveAsync(
        blobs, UploadKeys.Prefix, clock.GetUtcNow() - Orphaned, async name => UploadId.TryParse(name, out var id) && await uploads.FindAsync(id, cancellationToken) is null, cancellationToken);

    [LoggerMessage(EventId = 1835, Level = LogLevel.Information, Message = "Uploads:MaxMb is more than Files:MaxFileMb: no upload of more than {Bytes} bytes is begun")]
    private partial void LogLimit(long bytes);

    [LoggerMessage(EventId = 1833, Level = LogLevel.Information, Message = "{Count} unfinished uploads were removed: their time was over")]
    private partial void LogRemoved(int count);

    [LoggerMessage(EventId = 1834, Level = LogLevel.Error, Message = "Uploads could not be looked after; trying again later")]
    private partial void LogFailed(Exception error);
}
