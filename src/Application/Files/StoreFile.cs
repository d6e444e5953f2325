using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Files;

namespace GeoWps.Application.Files;

/// <summary>Stores a file, as a stream. It appears whole, in the place of the one before, or nothing has happened; folders are made on the way.</summary>
public sealed class StoreFile(IBlobStore blobs, FileChanges changes, FilePlaces places, TimeProvider clock)
{
    public async Task<FileOutcome> ExecuteAsync(StoreCall call, CancellationToken cancellationToken)
    {
        var (path, caller) = (call.Path, call.Caller);
        var first = await JudgeAsync(call, cancellationToken);
        if (first.Refusal is { } refusal)
        {
            return refusal;
        }

        var head = new byte[ContentSniffing.HeadBytes];
        var headLength = await call.Content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        var type = ContentSniffing.TypeOf(head.AsSpan(0, headLength), path.Name);
        var (most, tooMuch) = await MostAsync(call.Caller, first.There, cancellationToken);
        using var content = new MeasuredContent(call.Checksums, most, tooMuch);
        FileChange? change = null;
        FilePlace? place = null;
        try
        {
            var info = await blobs.TryPutAsync(
                FileKeys.Of(path),
                type,
                async (stream, token) =>
                {
                    await content.CopyAsync(head.AsMemory(0, headLength), call.Content, stream, token);

                    // From here on it takes milliseconds, and nobody else is at this place.
                    var begun = new FileChange(Guid.NewGuid(), FileChangeKind.Store, path, null, caller.Name, content.Length, IsFolder: false);
                    change = await BeginAsync(begun, token);
                    place = await JudgeAsync(call with { Length = null }, token);
                    if ((place.Refusal ?? await places.RefuseAsync(place.Owner, content.Length - (place.There?.Length ?? 0), FilePlaces.Counted(content.Length, caller.Name, place.Owner), token)) is { } late)
                    {
                        throw new FileRefusedException(late);
                    }
                },
                call.Condition,
                cancellationToken);
            if (info is null)
            {
                await GiveUpAsync(change);
                return new FileOutcome.Changed();
            }

            var entry = new FileEntry(path, false, place!.Owner)
            {
                Length = info.Length, ContentType = type, ETag = info.ETag, Modified = info.LastModified, Sha256 = content.Sha256, IsPublic = place.There?.IsPublic ?? false,
            };
            await changes.EndAsync(change!, [.. await changes.FoldersAsync(path, place.Owner, CancellationToken.None), new FileEffect.Stored(entry)]);
            return new FileOutcome.Done(entry, place.There is null);
        }
        catch (FileRefusedException refused)
        {
            await GiveUpAsync(change);
            return refused.Outcome;
        }
        catch
        {
            // Whether it was stored, the store says.
            await (change is null ? Task.CompletedTask : changes.SettleAsync(change, CancellationToken.None));
            throw;
        }
    }

    /// <summary>Makes a folder, and those above it; one that is there is left as it is.</summary>
    public async Task<FileOutcome> MakeFolderAsync(FilePath path, Caller caller, CancellationToken cancellationToken)
    {
        if (await places.FindAsync(path, asFolder: true, caller, cancellationToken) is { Refusal: { } refusal })
        {
            return refusal;
        }

        var change = new FileChange(Guid.NewGuid(), FileChangeKind.Store, path, null, caller.Name, 0, IsFolder: true);
        if (!await changes.BeginAsync(change, cancellationToken))
        {
            return new FileOutcome.Busy();
        }

        var place = await places.FindAsync(path, asFolder: true, caller, CancellationToken.None);
        if (place.Refusal is not null || place.There is not null)
        {
            await GiveUpAsync(change);
            return place.Refusal ?? new FileOutcome.Done(place.There!, IsNew: false);
        }

        var folder = FileEntry.FolderOf(path, place.Owner, clock.GetUtcNow());
        await changes.EndAsync(change, [.. await changes.FoldersAsync(path, place.Owner, CancellationToken.None), new FileEffect.Stored(folder)]);
        return new FileOutcome.Done(folder, IsNew: true);
    }

    private async Task<FilePlace> JudgeAsync(StoreCall call, CancellationToken cancellationToken)
    {
        var place = await places.FindAsync(call.Path, asFolder: false, call.Caller, cancellationToken);
        return place.Refusal is not null ? place
            : !call.Condition.Holds(place.There?.ETag) ? FilePlace.Refused(new FileOutcome.Changed())
            : call.Length > places.MaxFileBytes ? FilePlace.Refused(new FileOutcome.TooLarge(places.MaxFileBytes))
            : call.Length is { } length && await places.RefuseAsync(place.Owner, length - (place.There?.Length ?? 0), FileUse.None, cancellationToken) is { } full ? FilePlace.Refused(full)
            : place;
    }

    /// <summary>What the stream is cut off at when its length was not told.</summary>
    private async Task<(long Most, FileOutcome TooMuch)> MostAsync(Caller caller, FileEntry? there, CancellationToken cancellationToken)
    {
        var (room, quota) = await places.RoomAsync(there is null ? caller.Name : there.Owner, cancellationToken);
        if (room < places.MaxFileBytes - (there?.Length ?? 0))
        {
            var most = Math.Max(0, room + (there?.Length ?? 0));
            return (most, new FileOutcome.NoRoom($"{quota} leaves room for {most} bytes"));
        }

        return (places.MaxFileBytes, new FileOutcome.TooLarge(places.MaxFileBytes));
    }

    private async Task<FileChange> BeginAsync(FileChange change, CancellationToken cancellationToken) =>
        await changes.BeginAsync(change, cancellationToken) ? change : throw new FileRefusedException(new FileOutcome.Busy());

    private Task GiveUpAsync(FileChange? change) => change is null ? Task.CompletedTask : changes.EndAsync(change, []);
}

/// <param name="Content">Is read once, to its end.</param>
/// <param name="Length">Bytes that it will have, if that is known.</param>
/// <param name="Condition">Of what is there, judged when everything has come.</param>
public sealed record StoreCall(FilePath Path, Caller Caller, Stream Content, long? Length, BlobCondition Condition)
{
    /// <summary>That it must have, or nothing is stored.</summary>
    public IReadOnlyList<FileChecksum> Checksums { get; init; } = [];
}
