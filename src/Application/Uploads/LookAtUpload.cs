using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Uploads;

namespace GeoWps.Application.Uploads;

/// <summary>How far uploads are.</summary>
public sealed class LookAtUpload(IUploadStore uploads, UploadHolds holds, FinishUpload finish)
{
    /// <summary>Of one's own uploads, at most.</summary>
    public const int Most = 1_000;

    /// <summary>
    /// For who is about to go on with it. A request that still has the upload lets go first, or the offset would not be true for long. One whose bytes are all here becomes a file first:
    /// a client that sees the last offset has nothing more to send.
    /// </summary>
    public async Task<UploadOutcome> ToResumeAsync(UploadId id, Caller caller, CancellationToken cancellationToken)
    {
        if (await uploads.FindAsync(id, cancellationToken) is not { } known || !caller.Owns(known.Owner))
        {
            return new UploadOutcome.Unknown();
        }

        if (known.State.Status == UploadStatus.Stored || (known.Kind == UploadKind.Part && known.State.Status == UploadStatus.Received))
        {
            return new UploadOutcome.Done(known);
        }

        await using var hold = await holds.TakeAsync(id, cancellationToken);
        if (hold is null)
        {
            return new UploadOutcome.Locked();
        }

        return await uploads.FindAsync(id, cancellationToken) is not { } upload ? new UploadOutcome.Unknown()
            : upload.IsDue ? await finish.ExecuteAsync(upload, hold)
            : new UploadOutcome.Done(upload);
    }

    /// <summary>Those that the caller may see, the newest first; nobody is disturbed.</summary>
    public Task<IReadOnlyList<Upload>> ListAsync(Caller caller, CancellationToken cancellationToken) => uploads.ListAsync(caller, Most, cancellationToken);

    /// <inheritdoc cref="ListAsync"/>
    /// <returns><see langword="null"/> when there is none that the caller may see.</returns>
    public async Task<Upload?> FindAsync(UploadId id, Caller caller, CancellationToken cancellationToken) =>
        await uploads.FindAsync(id, cancellationToken) is { } upload && caller.Owns(upload.Owner) ? upload : null;
}
