using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>How far a seeding is, for the attempt after a restart.</summary>
/// <param name="Done">Metatiles from the beginning of the plan, all of which are done.</param>
/// <param name="Seconds">That were spent on them.</param>
/// <param name="Revision">The layer's, when it was planned.</param>
/// <param name="MetaTiles">The plan's: another plan has other places.</param>
internal sealed record SeedCursor(long Done, SeedTally Tally, double Seconds, long Revision, long MetaTiles)
{
    public static SeedCursor Start(SeedPlan plan) => new(0, default, 0, plan.Revision, plan.MetaTiles);

    /// <summary>Whether it is a place in this plan.</summary>
    public bool Fits(SeedPlan plan) => Revision == plan.Revision && MetaTiles == plan.MetaTiles && Done <= MetaTiles;
}

/// <summary>Keeps cursors beside the parts of their jobs' requests, with which they go when the job has ended.</summary>
internal sealed partial class SeedCursors(IBlobStore blobs)
{
    /// <returns>Of the last attempt that left one.</returns>
    public async Task<SeedCursor?> FindAsync(Job job, CancellationToken cancellationToken)
    {
        for (var attempt = job.Attempt; attempt > 0; attempt--)
        {
            await using var blob = await blobs.OpenAsync(KeyOf(job.Id, attempt), 0, null, cancellationToken);
            if (blob is not null)
            {
                return await JsonSerializer.DeserializeAsync(blob.Content, Form.Default.SeedCursor, cancellationToken);
            }
        }

        return null;
    }

    public Task PutAsync(Job job, SeedCursor cursor, CancellationToken cancellationToken) => blobs.PutAsync(
        KeyOf(job.Id, job.Attempt), "application/json", (content, token) => JsonSerializer.SerializeAsync(content, cursor, Form.Default.SeedCursor, token), cancellationToken);

    // It holds the attempt, so that one that was given up can not write over its successor's.
    private static string KeyOf(JobId job, int attempt) => string.Create(CultureInfo.InvariantCulture, $"{JobKeys.Attachments(job)}cursor-{attempt}");

    [JsonSerializable(typeof(SeedCursor))]
    private sealed partial class Form : JsonSerializerContext;
}
