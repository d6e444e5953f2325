using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Files;

namespace GeoWps.Application.Uploads;

/// <summary>Makes uploads files of the library: their bytes get another key, and are not copied.</summary>
internal sealed class FiledUploads(IBlobStore blobs, FilePlaces places, FileChanges changes) : IFinishedUploads
{
    public int HeadBytes => ContentSniffing.HeadBytes;

    public long MostBytes => places.MaxFileBytes;

    public async Task<UploadRoom> RoomAsync(string? owner, CancellationToken cancellationToken) =>
        await places.RoomAsync(owner, cancellationToken) is var (bytes, quota) ? new UploadRoom(bytes, quota) : default;

    public string TypeOf(ReadOnlySpan<byte> head, FilePath path, string? said) => ContentSniffing.TypeOf(head, path.Name);

    public async Task<FilingRefusal?> JudgeAsync(Caller caller, FilePath path, long? length, long counted, bool mayReplace, CancellationToken cancellationToken)
    {
        var place = await places.FindAsync(path, asFolder: false, caller, cancellationToken);
        return await RefuseAsync(place, path, length ?? 0, FilePlaces.Counted(counted, caller.Name, place.Owner), mayReplace, cancellationToken);
    }

    public async Task<Filing> TakeAsync(FinishedUpload upload, CancellationToken cancellationToken)
    {
        var (path, caller) = (upload.Path, upload.Caller);

        // Its bytes count as an upload's until they are a file's, and so not as a change's.
        var change = new FileChange(Guid.NewGuid(), FileChangeKind.Store, path, null, caller.Name, Bytes: 0, IsFolder: false);
        if (!await changes.BeginAsync(change, cancellationToken))
        {
            return new Filing.Refused(new FilingRefusal(FilingObstacle.Busy, $"somebody else changes {path}"));
        }

        try
        {
            // Nobody else is at this place now. What was left half-done there has been ended: it may be this very upload.
            var place = await places.FindAsync(path, asFolder: false, caller, cancellationToken);
            // Where it is no longer under its own key, it has been a file already, and somebody has changed that since.
            var isThere = place.There?.ETag == upload.ETag || await blobs.FindAsync(upload.Key, cancellationToken) is null;
            var counted = FilePlaces.Counted(upload.Length, upload.Owner, place.Owner);
            var refusal = isThere ? null : await RefuseAsync(place, path, upload.Length, counted, upload.MayReplace, cancellationToken);
            if (isThere || refusal is not null)
            {
                await changes.EndAsync(change, []);
                return refusal is null ? new Filing.Done() : new Filing.Refused(refusal);
            }

            var moved = await blobs.MoveAsync(upload.Key, FileKeys.Of(path), cancellationToken) ? await blobs.FindAsync(FileKeys.Of(path), cancellationToken) : null;
            var entry = new FileEntry(path, IsFolder: false, place.Owner)
            {
                Length = upload.Length,
                ContentType = upload.ContentType,
                ETag = upload.ETag,
                Modified = (moved ?? throw new IOException("What was put together is gone.")).LastModified,
                Sha256 = upload.Sha256,
                IsPublic = place.There?.IsPublic ?? false,
            };
            await changes.EndAsync(change, [.. await changes.FoldersAsync(path, place.Owner, cancellationToken), new FileEffect.Stored(entry)]);
            return new Filing.Done();
        }
        catch
        {
            // Whether it has moved, the store says.
            await changes.SettleAsync(change, CancellationToken.None);
            throw;
        }
    }

    private async Task<FilingRefusal?> RefuseAsync(FilePlace place, FilePath path, long length, FileUse counted, bool mayReplace, CancellationToken cancellationToken) =>
        place.Refusal is { } refusal ? Of(refusal, path)
        : place.There is not null && !mayReplace ? new FilingRefusal(FilingObstacle.Exists, $"there is a file {path} already, which the metadata 'overwrite' would replace")
        : await places.RefuseAsync(place.Owner, length - (place.There?.Length ?? 0), counted, cancellationToken) is { } full ? Of(full, path)
        : null;

    private static FilingRefusal Of(FileOutcome outcome, FilePath path) => outcome switch
    {
        FileOutcome.Forbidden(var message) => new FilingRefusal(FilingObstacle.Foreign, message),
        FileOutcome.Conflict(var message) => new FilingRefusal(FilingObstacle.Place, message),
        FileOutcome.NoRoom(var message) => new FilingRefusal(FilingObstacle.Room, message),
        _ => new FilingRefusal(FilingObstacle.Busy, $"{path} can't be stored now."),
    };
}
