using GeoWps.Application.Ports;
using GeoWps.Domain.Uploads;

namespace GeoWps.Application.Uploads;

/// <summary>
/// Takes the bytes of one request in, a piece at a time. A piece is noted when it is stored, so that what a killed node loses is two pieces at most; and what comes before the end of
/// a body that is cut off is a piece like any other. While a piece is flushed and noted the next one comes in, but not one more: pieces are noted in their order. A short last piece is
/// taken up into the next one: however a client cuts its requests, pieces are few.
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
        var progress = new Progress(upload) { Tail = known is [.., { Length: < ShortPiece } last] ? last : null };
        try
        {
            while (body.End is null)
            {
                // As long as nobody says the length, what is noted says how much room there is.
                if (progress.Upload.Length is null && !await SettleAsync(progress))
                {
                    return progress.EndWith(IntakeProblem.Lost, body);
                }

                var most = await bound.MostAsync(progress.Upload.Offset, CancellationToken.None);
                var arrival = await ArriveAsync(progress, body, most - progress.Upload.Offset - progress.Come, sums);
                if (!await SettleAsync(progress))
                {
                    return progress.EndWith(IntakeProblem.Lost, body);
                }

                if (arrival is null)
                {
                    continue;
                }

                if (arrival.IsTooMuch)
                {
                    return progress.EndWith(IntakeProblem.TooMuch, body) with { Most = most };
                }

                progress.Come += arrival.Added;
                progress.Tail = arrival.Piece.Length < ShortPiece ? arrival.Piece : null;
                progress.Keeping = (arrival, KeepAsync(progress.Upload, hold, arrival, isNoted: checksum is null));

                // The next one begins with it.
                if (progress.Tail is not null && !await SettleAsync(progress))
                {
                    return progress.EndWith(IntakeProblem.Lost, body);
                }
            }

            if (!await SettleAsync(progress))
            {
                return progress.EndWith(IntakeProblem.Lost, body);
            }

            if (checksum is null || body.End != BodyEnd.Whole)
            {
                return progress.EndWith(null, body);
            }

            if (!checksum.Fits(sums!))
            {
                return progress.EndWith(IntakeProblem.Checksum, body);
            }

            if (progress.Come > 0)
            {
                if (await NoteAsync(progress.Upload, hold, progress.Come, progress.Unnoted) is not { } whole)
                {
                    return progress.EndWith(IntakeProblem.Lost, body);
                }

                progress.Upload = whole;
                progress.Unnoted.Clear();
            }

            return progress.EndWith(null, body);
        }
        finally
        {
            await DropAsync(progress);
        }
    }

    /// <summary>Reads a piece; it is being stored when this ends.</summary>
    /// <returns><see langword="null"/> when nothing came.</returns>
    private async Task<Arrival?> ArriveAsync(Progress progress, ReceivedBody body, long most, UploadChecksum.Running? sums)
    {
        var bytes = await body.ReadAsync(Timeout.InfiniteTimeSpan);
        if (bytes.IsEmpty)
        {
            return null;
        }

        var (tail, offset) = (progress.Tail, progress.Tail?.Offset ?? (progress.Upload.Offset + progress.Come));
        var key = UploadKeys.NewPiece(progress.Upload.Id, offset);
        var began = clock.GetTimestamp();
        long added = 0;

        // Whoever waits goes on elsewhere: flushing a file holds its thread.
        var isRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // What has come is stored though its sender may be gone.
        var storing = blobs.PutAsync(key, UploadKeys.ContentType, WriteAsync, CancellationToken.None);
        progress.Arriving = storing;
        if (await Task.WhenAny(isRead.Task, storing) == storing)
        {
            await storing;
        }

        var arrival = new Arrival(new UploadPiece(offset, (tail?.Length ?? 0) + Math.Min(added, most), key), added, added > most, tail, storing);
        progress.Unnoted.Add(arrival.Piece);
        return arrival;

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
                    break;
                }

                sums?.Add(bytes.Span);
                await content.WriteAsync(bytes, cancellationToken);
                if (added >= LongestPiece || clock.GetElapsedTime(began) is var waited && waited >= LongestWait)
                {
                    break;
                }

                bytes = await body.ReadAsync(LongestWait - waited);
            }

            isRead.SetResult();
        }
    }

    /// <returns>The upload with the piece; <see langword="null"/> when somebody else goes on with it.</returns>
    private async Task<Upload?> KeepAsync(Upload upload, UploadHold hold, Arrival arrival, bool isNoted)
    {
        await arrival.Storing;
        return isNoted ? await NoteAsync(upload, hold, arrival.Added, [arrival.Piece]) : upload;
    }

    /// <summary>Waits for the piece that is being kept, if one is.</summary>
    /// <returns><see langword="false"/>: somebody else goes on with the upload.</returns>
    private async Task<bool> SettleAsync(Progress progress)
    {
        if (progress.Keeping is not var (arrival, keeping))
        {
            return true;
        }

        var next = await keeping;
        progress.Keeping = null;
        if (next is null)
        {
            return false;
        }

        var isNoted = next != progress.Upload;
        if (isNoted)
        {
            (progress.Upload, progress.Come) = (next, progress.Come - arrival.Added);
            progress.Unnoted.Remove(arrival.Piece);
        }

        if (arrival.Before is { } before && (isNoted || progress.Unnoted.Remove(before)))
        {
            await blobs.DeleteAsync(before.Key, CancellationToken.None);
        }

        return true;
    }

    /// <summary>Deletes what was not noted, once nobody writes it any more.</summary>
    private async Task DropAsync(Progress progress)
    {
        foreach (var task in (Task?[])[progress.Arriving, progress.Keeping?.Task])
        {
            await (task ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // It may have been noted while something else failed.
        if (progress.Keeping is (var arrival, { IsCompletedSuccessfully: true } kept) && await kept is { } next && next != progress.Upload)
        {
            progress.Unnoted.Remove(arrival.Piece);
        }

        foreach (var piece in progress.Unnoted)
        {
            await blobs.DeleteAsync(piece.Key, CancellationToken.None);
        }
    }

    private async Task<Upload?> NoteAsync(Upload upload, UploadHold hold, long come, List<UploadPiece> pieces)
    {
        var next = upload.Advance(come, clock.GetUtcNow(), life);
        return await uploads.TryWriteAsync(next, hold.Holder, pieces, CancellationToken.None) ? next : null;
    }

    /// <param name="Added">Bytes of it that came now.</param>
    /// <param name="Before">The short piece that it begins with.</param>
    private sealed record Arrival(UploadPiece Piece, long Added, bool IsTooMuch, UploadPiece? Before, Task Storing);

    private sealed class Progress(Upload upload)
    {
        /// <summary>As it is noted.</summary>
        public Upload Upload { get; set; } = upload;

        /// <summary>Bytes that came and are not noted.</summary>
        public long Come { get; set; }

        /// <summary>A short piece that the next one begins with.</summary>
        public UploadPiece? Tail { get; set; }

        public List<UploadPiece> Unnoted { get; } = [];

        /// <summary>The last one that was begun.</summary>
        public Task? Arriving { get; set; }

        public (Arrival Arrival, Task<Upload?> Task)? Keeping { get; set; }

        public IntakeOutcome EndWith(IntakeProblem? problem, ReceivedBody body) => new(Upload, problem, body.End);
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
