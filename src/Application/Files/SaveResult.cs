using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Security;
using GeoWps.Domain.Files;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Files;

/// <summary>
/// Makes a job's result a file of the caller's, in one step, and without copying its bytes where the store can do without. Each lives on without the other. Files beside the
/// result (the schema of a GML document) are not taken along.
/// </summary>
public sealed class SaveResult(StoreFile store, IBlobStore blobs, FileChanges changes, FilePlaces places)
{
    public async Task<FileOutcome> ExecuteAsync(SaveCall call, CancellationToken cancellationToken)
    {
        switch (call.Result)
        {
            case OutputValue.Content content:
                return await SaveAsync(call, content, cancellationToken);
            case OutputValue.Literal literal:
                // Small; a file that is there meanwhile is not replaced unless that is asked for.
                if (await JudgeAsync(call, bytes: 0, isCounted: false, cancellationToken) is { Refusal: { } refusal })
                {
                    return refusal;
                }

                var bytes = InputReader.BytesOf(literal);
                var condition = call.Overwrite || call.Condition != BlobCondition.Any ? call.Condition : BlobCondition.Absent;
                return await store.ExecuteAsync(new StoreCall(call.Path, call.Caller, new MemoryStream(bytes), bytes.Length, condition), cancellationToken);
            default:
                return new FileOutcome.Conflict($"the result {call.Result.Id} has several values");
        }
    }

    private async Task<FileOutcome> SaveAsync(SaveCall call, OutputValue.Content content, CancellationToken cancellationToken)
    {
        if (await blobs.FindAsync(content.Key, cancellationToken) is not { } source)
        {
            return new FileOutcome.Missing();
        }

        if (await JudgeAsync(call, source.Length, isCounted: false, cancellationToken) is { Refusal: { } refusal })
        {
            return refusal;
        }

        var change = new FileChange(Guid.NewGuid(), FileChangeKind.Store, call.Path, null, call.Caller.Name, source.Length, IsFolder: false);
        if (!await changes.BeginAsync(change, cancellationToken))
        {
            return new FileOutcome.Busy();
        }

        try
        {
            var place = await JudgeAsync(call, source.Length, isCounted: true, CancellationToken.None);
            var key = FileKeys.Of(call.Path);
            if (place.Refusal is not null || !await blobs.CopyAsync(content.Key, key, CancellationToken.None) || await blobs.FindAsync(key, CancellationToken.None) is not { } info)
            {
                await changes.EndAsync(change, []);
                return place.Refusal ?? new FileOutcome.Missing();
            }

            var entry = new FileEntry(call.Path, false, place.Owner)
            {
                Length = info.Length, ContentType = info.ContentType, ETag = info.ETag, Modified = info.LastModified, IsPublic = place.There?.IsPublic ?? false,
            };
            await changes.EndAsync(change, [.. await changes.FoldersAsync(call.Path, place.Owner, CancellationToken.None), new FileEffect.Stored(entry)]);
            return new FileOutcome.Done(entry, place.There is null);
        }
        catch
        {
            // Whether it was copied, the store says.
            await changes.SettleAsync(change, CancellationToken.None);
            throw;
        }
    }

    private async Task<FilePlace> JudgeAsync(SaveCall call, long bytes, bool isCounted, CancellationToken cancellationToken)
    {
        var place = await places.FindAsync(call.Path, asFolder: false, call.Caller, cancellationToken);
        return place.Refusal is not null ? place
            : place.There is not null && !call.Overwrite && call.Condition == BlobCondition.Any ? FilePlace.Refused(new FileOutcome.Conflict($"there is {call.Path} already; overwrite=true replaces it"))
            : !call.Condition.Holds(place.There?.ETag) ? FilePlace.Refused(new FileOutcome.Changed())
            : bytes > places.MaxFileBytes ? FilePlace.Refused(new FileOutcome.TooLarge(places.MaxFileBytes))
            : await places.RefuseAsync(place.Owner, bytes - (place.There?.Length ?? 0), FilePlaces.Counted(isCounted ? bytes : 0, call.Caller.Name, place.Owner), cancellationToken) is { } full ? FilePlace.Refused(full)
            : place;
    }
}

/// <param name="Result">Of a job that the caller may see.</param>
/// <param name="Condition">Of what is at the path; one that is met replaces it without <paramref name="Overwrite"/>.</param>
public sealed record SaveCall(FilePath Path, OutputValue Result, bool Overwrite, Caller Caller, BlobCondition Condition);
