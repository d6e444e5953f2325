using GeoWps.Application.Ports;
using GeoWps.Domain.Uploads;

namespace GeoWps.Application.Uploads;

/// <summary>
/// Takes the bytes of one request in, a piece at a time. A piece is noted when it is stored, so that what a killed node loses is one piece at most; and what comes before the end of
/// a body that is cut off is a piece like any other. A short last piece is taken up into the next one: however a client cuts its requests, pieces are few.
/// </summary>
internal sealed class UploadIntake(IUploadStore uploads, IBlobStore blobs, TimeProvider clock, TimeSpan life)
{
    /// <summary>Bytes of a piece, at most; of those of one upload all but the last have at least <see cref="ShortPiece"/>.</summary>
    public const int LongestPiece = 8 * 1024 * 1024;

    public const int ShortPiece = 1024 * 1024;

    /// <summary>After which a piece is stored, however little has come.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <param name="checksum">Of the whole body: nothing of it is noted before it is known to be right.</param>
    public async Task<IntakeOutcome> TakeAsync(Upload upload, UploadHold hold, ReceivedBody body, UploadBound bound, UploadChecksum? checksum)
    {
        using var sums = checksum?.Start();
        var known = await uploads.PiecesAsync(upload.Id, CancellationToken.None);
        var tail = known is [.., { Length: < ShortPiece } last] ? last : null;
        var unnoted = new List<UploadPiece>();
        long come = 0;
        try
        {
            while (body.End is null)
            {
                var most = await bound.MostAsync(upload.Offset, CancellationToken.None);
                if (await TakePieceAsync(upload.Id, upload.Offset + come, tail, body, most - upload.Offset - come, sums) is not var (piece, added, isTooMuch))
                {
                    continue;
                }

                if (isTooMuch)
                {
                    unnoted.Add(piece);
                    return new IntakeOutcome(upload, IntakeProblem.TooMuch, body.End) { Most = most };
                }

                if (tail is not null && unnoted.Remove(tail))
                {
                    await blobs.DeleteAsync(tail.Key, CancellationToken.None);
                }

                unnoted.Add(piece);
                come += added;
                if (checksum is null)
                {
                    if (await NoteAsync(upload, hold, come, unnoted) is not { } next)
                    {
                        return new IntakeOutcome(upload, IntakeProblem.Lost, body.End);
                    }

                    (upload, come) = (next, 0);
                    if (tail is not null)
                    {
                        await blobs.DeleteAsync(tail.Key, CancellationToken.None);
                    }

                    unnoted.Clear();
                }

                tail = piece.Length < ShortPiece ? piece : null;
            }

            if (checksum is null || body.End != BodyEnd.Whole)
            {
                return new IntakeOutcome(upload, null, body.End);
            }

            if (!checksum.Fits(sums!))
            {
                return new IntakeOutcome(upload, IntakeProblem.Checksum, body.End);
            }

            if (come > 0)
            {
                if (await NoteAsync(upload, hold, come, unnoted) is not { } whole)
                {
                    return new IntakeOutcome(upload, IntakeProblem.Lost, body.End);
                }

                upload = whole;
                unnoted.Clear();
            }

            return new IntakeOutcome(upload, null, body.End);
        }
        finally
        {
            foreach (var piece in unnoted)
            {
                await blobs.DeleteAsync(piece.Key, CancellationToken.None);
            }
        }
    }

    /// <returns><see langword="null"/> when nothing came.</returns>
    private async Task<(UploadPiece Piece, long Added, bool IsTooMuch)?> TakePieceAsync(
        UploadId upload, long offset, UploadPiece? tail, ReceivedBody body, long most, UploadChecksum.Running? sums)
    {
        var bytes = await body.ReadAsync(Timeout.InfiniteTimeSpan);
        if (bytes.IsEmpty)
        {
            return null;
        }

        var key = UploadKeys.NewPiece(upload, tail?.Offset ?? offset);
        var began = clock.GetTimestamp();
        long added = 0;

        // What has come is stored though its sender may be gone.
        await blobs.PutAsync(key, UploadKeys.ContentType, WriteAsync, CancellationToken.None);
        return (new UploadPiece(tail?.Offset ?? offset, (tail?.Length ?? 0) + Math.Min(added, most), key), added, added > most);

        async Task WriteAsync(Stream content, CancellationToken cancellationToken)
        {
            if (tail is not null)
            {
                await using var before = await blobs.OpenAsync(tail.Key, 0, tail.Length, cancellationToken) ?? throw new IOException("A piece of the upload is gone.");
                await before.Content.CopyToAsync(content, cancellationToken);
            }

            while (!bytes.IsEmpty)
            {
                added += bytes.Length;
                if (added > most)
                {
                    return;
                }

                sums?.Add(bytes.Span);
                await content.WriteAsync(bytes, cancellationToken);
                if (added >= LongestPiece || clock.GetElapsedTime(began) is var waited && waited >= LongestWait)
                {
                    return;
                }

                bytes = await body.ReadAsync(LongestWait - waited);
            }
        }
    }

    private async Task<Upload?> NoteAsync(Upload upload, UploadHold hold, long come, List<UploadPiece> pieces)
    {
        var next = upload.Advance(come, clock.GetUtcNow(), life);
        return await uploads.TryWriteAsync(next, hold.Holder, pieces, CancellationToken.None) ? next : null;
    }
}

internal enum IntakeProblem
{
    /// <summary>More came than the upload has.</summary>
    TooMuch,

    /// <summary>It is not what its checksum says.</summary>
    Checksum,

    /// <summary>Somebody else goes on with the upload.</summary>
    Lost,
}

/// <param name="Upload">As it is now.</param>
internal sealed record IntakeOutcome(Upload Upload, IntakeProblem? Problem, BodyEnd? End)
{
    /// <summary>Bytes that the upload could have had, where more came.</summary>
    public long Most { get; init; }
}
