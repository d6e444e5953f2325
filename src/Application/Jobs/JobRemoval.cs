using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Application.Jobs;

/// <summary>Removes ended jobs with all that belongs to them.</summary>
internal static class JobRemoval
{
    /// <summary>Steps go before their chain, and content before its row: a row without content can be tried again, content without a row is an orphan.</summary>
    public static async Task RemoveAsync(this IJobStore jobs, IBlobStore blobs, JobId id, CancellationToken cancellationToken)
    {
        foreach (var one in (await jobs.ListStepsAsync(id, cancellationToken)).Append(id))
        {
            await blobs.DeleteAllAsync(JobKeys.All(one), cancellationToken);
            await jobs.RemoveAsync(one, cancellationToken);
        }
    }

    /// <summary>Removes what a job's first attempts have stored, up to one of them: of those whose workers died nobody else does.</summary>
    public static async Task RemoveOutputsAsync(this IBlobStore blobs, JobId id, int lastAttempt)
    {
        for (var attempt = 1; attempt <= lastAttempt; attempt++)
        {
            await blobs.DeleteAllAsync(JobKeys.Output(id, attempt, ""), CancellationToken.None);
        }
    }
}
