using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Uploads;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Uploads;

/// <summary>What a client wants to upload.</summary>
/// <param name="Target"><see langword="null"/>: it is a part of another one.</param>
/// <param name="Length">Bytes; <see langword="null"/>: said later.</param>
/// <param name="Metadata">The header as it was sent.</param>
/// <param name="Parts">What it is made of; <see langword="null"/>: of what is sent.</param>
public sealed record UploadWish(UploadTarget? Target, long? Length, string Metadata, IReadOnlyList<UploadId>? Parts);

/// <summary>Begins an upload; one of parts becomes a file at once. What would stand against it at the end is said now, as far as it can be known.</summary>
public sealed class CreateUpload(IUploadStore uploads, IFinishedUploads files, UploadHolds holds, FinishUpload finish, UploadLimit limit, TimeProvider clock, IOptions<UploadsOptions> options)
{
    public async Task<UploadOutcome> ExecuteAsync(UploadWish wish, Caller caller, CancellationToken cancellationToken)
    {
        if (wish.Length > limit.MostBytes)
        {
            return new UploadOutcome.TooLarge(limit.MostBytes);
        }

        var upload = wish.Parts is { } parts
            ? await JoinAsync(wish, parts, caller, cancellationToken)
            : Upload.Begin(UploadId.New(), caller.Name, wish.Target, wish.Length, wish.Metadata, clock.GetUtcNow(), options.Value.Life);
        if (upload is null)
        {
            return new UploadOutcome.Incomplete();
        }

        upload = upload with { IsAdministered = caller.IsAdministrator };
        if (upload.Length > limit.MostBytes)
        {
            return new UploadOutcome.TooLarge(limit.MostBytes);
        }

        // What it is made of counts already.
        if (await RefuseAsync(upload, caller, counted: wish.Parts is null ? 0 : upload.Offset, cancellationToken) is { } refusal)
        {
            return new UploadOutcome.NotFiled(refusal);
        }

        if (!await uploads.TryAddAsync(upload, options.Value.MaxUnfinished, cancellationToken))
        {
            return new UploadOutcome.TooMany(options.Value.MaxUnfinished);
        }

        // It counts from now on; of several that began at once, no more stay than there is room for.
        if (await RefuseAsync(upload, caller, counted: upload.Length ?? 0, CancellationToken.None) is { } late)
        {
            await uploads.RemoveAsync(upload.Id, CancellationToken.None);
            return new UploadOutcome.NotFiled(late);
        }

        if (!upload.IsDue)
        {
            return new UploadOutcome.Done(upload);
        }

        await using var hold = await holds.TakeAsync(upload.Id, cancellationToken);
        var outcome = hold is null ? new UploadOutcome.Locked() : await finish.ExecuteAsync(upload, hold);
        if (outcome is not UploadOutcome.Done)
        {
            // Nobody knows its address yet. Its parts are still there.
            await uploads.RemoveAsync(upload.Id, CancellationToken.None);
        }

        return outcome;
    }

    /// <summary>What would stand against the file; of a part, whether there is room for it.</summary>
    private async Task<FilingRefusal?> RefuseAsync(Upload upload, Caller caller, long counted, CancellationToken cancellationToken)
    {
        if (upload.Target is { } target)
        {
            return await files.JudgeAsync(caller, target.Path, upload.Length, counted, target.MayReplace, cancellationToken);
        }

        var room = await files.RoomAsync(caller.Name, cancellationToken);
        return upload.Length is { } length && length - counted > room.Bytes ? FilingRefusal.NoRoom(room) : null;
    }

    private async Task<Upload?> JoinAsync(UploadWish wish, IReadOnlyList<UploadId> ids, Caller caller, CancellationToken cancellationToken)
    {
        var parts = new List<Upload>();
        foreach (var id in ids)
        {
            if (await uploads.FindAsync(id, cancellationToken) is not { } part || !caller.Owns(part.Owner))
            {
                return null;
            }

            parts.Add(part);
        }

        return Upload.Join(UploadId.New(), caller.Name, wish.Target!, parts, wish.Metadata, clock.GetUtcNow(), options.Value.Life);
    }
}
