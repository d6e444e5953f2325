using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Uploads;

namespace GeoWps.Application.Uploads;

/// <summary>Removes an upload with what has come of it. A file that it has become stays.</summary>
public sealed class EndUpload(IUploadStore uploads, IBlobStore blobs, UploadHolds holds)
{
    public async Task<UploadOutcome> ExecuteAsync(UploadId id, Caller caller, CancellationToken cancellationToken)
    {
        if (await uploads.FindAsync(id, cancellationToken) is not { } known || !caller.Owns(known.Owner))
        {
            return new UploadOutcome.Unknown();
        }

        await using var hold = await holds.TakeAsync(id, cancellationToken);
        if (hold is null)
        {
            return await uploads.FindAsync(id, cancellationToken) is null ? new UploadOutcome.Unknown() : new UploadOutcome.Locked();
        }

        if (!await uploads.RemoveAsync(id, CancellationToken.None))
        {
            return new UploadOutcome.Unknown();
        }

        await blobs.DeleteAllAsync(UploadKeys.All(id), CancellationToken.None);
        return new UploadOutcome.Done(known);
    }
}
