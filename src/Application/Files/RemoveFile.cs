using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Files;

namespace GeoWps.Application.Files;

/// <summary>Removes a file, or a folder: with all that is in it only when that is asked for, and then at once.</summary>
public sealed class RemoveFile(FileLibrary library, IFileIndex index, IBlobStore blobs, FileChanges changes)
{
    public async Task<FileOutcome> ExecuteAsync(FilePath path, bool isRecursive, BlobCondition condition, Caller caller, CancellationToken cancellationToken)
    {
        var (entry, refusal) = await JudgeAsync(path, isRecursive, condition, caller, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        var change = new FileChange(Guid.NewGuid(), FileChangeKind.Remove, path, null, caller.Name, 0, entry!.IsFolder);
        if (!await changes.BeginAsync(change, cancellationToken))
        {
            return new FileOutcome.Busy();
        }

        try
        {
            (entry, refusal) = await JudgeAsync(path, isRecursive, condition, caller, CancellationToken.None);
            if (refusal is not null || entry!.IsFolder != change.IsFolder)
            {
                await changes.EndAsync(change, []);
                return refusal ?? new FileOutcome.Changed();
            }

            await (entry.IsFolder ? blobs.DeleteAllAsync(FileKeys.Below(path), CancellationToken.None) : blobs.DeleteAsync(FileKeys.Of(path), CancellationToken.None));
            await changes.EndAsync(change, [new FileEffect.Removed(path)]);
            return new FileOutcome.Done(entry, IsNew: false);
        }
        catch
        {
            await changes.SettleAsync(change, CancellationToken.None);
            throw;
        }
    }

    private async Task<(FileEntry? Entry, FileOutcome? Refusal)> JudgeAsync(FilePath path, bool isRecursive, BlobCondition condition, Caller caller, CancellationToken cancellationToken)
    {
        if (path.IsRoot)
        {
            return (null, new FileOutcome.Conflict("the root can't be removed, only what is in it"));
        }

        if (await library.FindAsync(path, caller, cancellationToken) is not { } entry)
        {
            return (null, new FileOutcome.Missing());
        }

        if (!FileRights.MayChange(caller, entry.Owner))
        {
            return (null, new FileOutcome.Forbidden("it is somebody else's"));
        }

        if (!entry.IsFolder)
        {
            return condition.Holds(entry.ETag) ? (entry, null) : (null, new FileOutcome.Changed());
        }

        var below = await index.BelowAsync(path, caller.Name, cancellationToken);
        return !caller.IsAdministrator && below.OfOthers > 0 ? (null, new FileOutcome.Forbidden("something in the folder is somebody else's"))
            : below.Files > 0 && !isRecursive ? (null, new FileOutcome.Conflict($"the folder has {below.Files} files; recursive=true removes them, too"))
            : (entry, null);
    }
}
