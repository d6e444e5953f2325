using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Uploads;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Uploads;

/// <summary>One request that goes on with an upload.</summary>
/// <param name="Offset">Where it goes on: as many bytes as are here already.</param>
/// <param name="Length">Of the whole, where that is said now.</param>
/// <param name="BodyLength">Bytes that come; <see langword="null"/>: not known.</param>
public sealed record UploadAppend(long Offset, long? Length, UploadChecksum? Checksum, Stream Body, long? BodyLength);

/// <summary>
/// Goes on with an upload: what comes is kept, also of a body that is cut off, unless it has a checksum. With the last byte the upload becomes a file before this ends. A request without
/// bytes to one whose bytes are all here tries that again.
/// </summary>
public sealed class AppendToUpload(
    IUploadStore uploads, IBlobStore blobs, IFinishedUploads files, UploadHolds holds, FinishUpload finish, UploadLimit limit, TimeProvider clock, IOptions<UploadsOptions> options)
{
    public async Task<UploadOutcome> ExecuteAsync(UploadId id, UploadAppend append, Caller caller, CancellationToken cancellationToken)
    {
        if (await uploads.FindAsync(id, cancellationToken) is not { } known || !caller.Owns(known.Owner))
        {
            return new UploadOutcome.Unknown();
        }

        if (known.Kind == UploadKind.Final)
        {
            return new UploadOutcome.IsFinal();
        }

        await using var hold = await holds.TakeAsync(id, cancellationToken);
        if (hold is null)
        {
            return new UploadOutcome.Locked();
        }

        if (await uploads.FindAsync(id, cancellationToken) is not { } upload)
        {
            return new UploadOutcome.Unknown();
        }

        if (append.Offset != upload.Offset)
        {
            return new UploadOutcome.WrongOffset(upload.Offset);
        }

        if (append.Length > limit.MostBytes)
        {
            return new UploadOutcome.TooLarge(limit.MostBytes);
        }

        if (append.Length is { } length)
        {
            if (upload.Declare(length) is not { } declared)
            {
                return new UploadOutcome.WrongLength();
            }

            // What has come counts already.
            if (declared != upload && await files.RoomAsync(upload.Owner, cancellationToken) is var room && length - upload.Offset > room.Bytes)
            {
                return new UploadOutcome.NotFiled(FilingRefusal.NoRoom(room));
            }

            if (declared != upload && !await uploads.TryWriteAsync(declared, hold.Holder, [], cancellationToken))
            {
                return new UploadOutcome.Locked();
            }

            upload = declared;
        }

        var bound = new UploadBound(upload, files, limit);
        var most = await bound.MostAsync(upload.Offset, cancellationToken);
        return append.BodyLength > most - upload.Offset ? bound.Refusal(most) : await TakeAsync(upload, append, bound, hold, cancellationToken);
    }

    private async Task<UploadOutcome> TakeAsync(Upload upload, UploadAppend append, UploadBound bound, UploadHold hold, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, hold.Interrupted);
        var body = new ReceivedBody(append.Body, clock, ended.Token);
        var came = await new UploadIntake(uploads, blobs, clock, options.Value.Life).TakeAsync(upload, hold, body, bound, append.Checksum);
        return came.Problem switch
        {
            IntakeProblem.TooMuch => bound.Refusal(came.Most),
            IntakeProblem.Checksum => new UploadOutcome.WrongChecksum(),
            IntakeProblem.Lost => new UploadOutcome.Locked(),
            null => came.Upload.IsDue ? await finish.ExecuteAsync(came.Upload, hold)
                : came.End == BodyEnd.Whole ? new UploadOutcome.Done(came.Upload)
                : new UploadOutcome.Locked(),
        };
    }
}
