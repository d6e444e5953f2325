using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Files;

namespace GeoWps.Application.Files;

/// <summary>Moves or copies a file, or a folder with all that is in it: at once, or not.</summary>
public sealed class RelocateFile(FileLibrary library, IFileIndex index, IBlobStore blobs, FileChanges changes, FilePlaces places)
{
    public async Task<FileOutcome> ExecuteAsync(RelocateCall call, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(call, counted: 0, cancellationToken);
        if (plan.Outcome is not null)
        {
            return plan.Outcome;
        }

        var change = new FileChange(
            Guid.NewGuid(), call.IsCopy ? FileChangeKind.Copy : FileChangeKind.Move, call.From, call.To, plan.Owner, call.IsCopy ? plan.Bytes : 0, plan.Entry!.IsFolder);
        if (!await changes.BeginAsync(change, cancellationToken))
        {
            return new FileOutcome.Busy();
        }

        try
        {
            plan = await PlanAsync(call, change.Bytes, CancellationToken.None);
            var outcome = plan.Outcome ?? (plan.Entry!.IsFolder != change.IsFolder ? new FileOutcome.Changed() : await RelocateBlobsAsync(call, change.IsFolder));
            if (outcome is not null)
            {
                await changes.EndAsync(change, []);
                return outcome;
            }

            FileEffect effect = call.IsCopy ? new FileEffect.Copied(call.From, call.To, plan.Owner) : new FileEffect.Moved(call.From, call.To);
            IEnumerable<FileEffect> replaced = plan.Replaces ? [new FileEffect.Removed(call.To)] : [];
            await changes.EndAsync(change, [.. await changes.FoldersAsync(call.To, plan.Owner, CancellationToken.None), .. replaced, effect]);
            return await index.FindAsync(call.To, CancellationToken.None) is { } entry ? new FileOutcome.Done(entry, !plan.Replaces) : new FileOutcome.Changed();
        }
        catch
        {
            await changes.SettleAsync(change, CancellationToken.None);
            throw;
        }
    }

    private async Task<Plan> PlanAsync(RelocateCall call, long counted, CancellationToken cancellationToken)
    {
        var (from, to, caller) = (call.From, call.To, call.Caller);
        if (from.IsRoot)
        {
            return new Plan(new FileOutcome.Conflict("the root stays where it is"));
        }

        if (await library.FindAsync(from, caller, cancellationToken) is not { } entry)
        {
            return new Plan(new FileOutcome.Missing());
        }

        if (!call.IsCopy && !FileRights.MayChange(caller, entry.Owner))
        {
            return new Plan(new FileOutcome.Forbidden("it is somebody else's"));
        }

        if (!call.Condition.Holds(entry.ETag))
        {
            return new Plan(new FileOutcome.Changed());
        }

        if (to == from || to.IsBelow(from))
        {
            return new Plan(new FileOutcome.Conflict(to == from ? "it is there already" : "a folder can't go into itself"));
        }

        var place = await places.FindAsync(to, entry.IsFolder, caller, cancellationToken);
        if (place.Refusal is not null)
        {
            return new Plan(place.Refusal);
        }

        if (place.There is { } there && (there.IsFolder || !call.Overwrite))
        {
            return new Plan(new FileOutcome.Conflict(there.IsFolder ? $"there is a folder {to} already" : $"there is {to} already; overwrite=true replaces it"));
        }

        var below = entry.IsFolder ? await index.BelowAsync(from, caller.Name, cancellationToken) : new FilesBelow(1, entry.Length, 0);
        if (below.OfOthers > 0 && !caller.IsAdministrator && !(call.IsCopy && entry.IsPublic))
        {
            return new Plan(new FileOutcome.Forbidden("something in the folder is somebody else's"));
        }

        var full = call.IsCopy ? await places.RefuseAsync(place.Owner, below.Bytes - (place.There?.Length ?? 0), FilePlaces.Counted(counted, place.Owner, place.Owner), cancellationToken) : null;
        return new Plan(full) { Entry = entry, Owner = call.IsCopy ? place.Owner : entry.Owner, Bytes = below.Bytes, Replaces = place.There is not null };
    }

    /// <returns>Why it could not be.</returns>
    private async Task<FileOutcome?> RelocateBlobsAsync(RelocateCall call, bool isFolder)
    {
        if (!isFolder)
        {
            var (source, target) = (FileKeys.Of(call.From), FileKeys.Of(call.To));
            return await (call.IsCopy ? blobs.CopyAsync(source, target, CancellationToken.None) : blobs.MoveAsync(source, target, CancellationToken.None)) ? null : new FileOutcome.Missing();
        }

        var (from, to) = (FileKeys.Below(call.From), FileKeys.Below(call.To));
        return await (call.IsCopy ? blobs.CopyAllAsync(from, to, CancellationToken.None) : blobs.MoveAllAsync(from, to, CancellationToken.None)) switch
        {
            // A folder without files is in the index only.
            TreeOutcome.Done or TreeOutcome.Nothing => null,
            TreeOutcome.Taken => new FileOutcome.Conflict($"there is something in {call.To} already"),
        };
    }

    private sealed record Plan(FileOutcome? Outcome)
    {
        public FileEntry? Entry { get; init; }

        /// <summary>Of what will be there; folders on the way are its, too.</summary>
        public string? Owner { get; init; }

        public long Bytes { get; init; }

        public bool Replaces { get; init; }
    }
}

/// <param name="Overwrite">A file may be replaced. A folder never is.</param>
public sealed record RelocateCall(FilePath From, FilePath To, bool IsCopy, bool Overwrite, Caller Caller)
{
    /// <summary>Of what is moved or copied.</summary>
    public BlobCondition Condition { get; init; } = BlobCondition.Any;
}
