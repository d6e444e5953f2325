using System.Security.Cryptography;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Uploads;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Uploads;

/// <summary>
/// Makes an upload whose every byte is here a file: its pieces are put together, what comes of it is taken over in one step, and then the upload's row is changed. Killed in between, it is
/// done again from where it was: what was put together is known by its ETag, and so is the file that it became.
/// </summary>
public sealed partial class FinishUpload(IUploadStore uploads, IBlobStore blobs, IFinishedUploads files, TimeProvider clock, ILogger<FinishUpload> logger)
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>Not called off with the request that asked for it: all is here, and others wait for the same.</summary>
    /// <param name="upload">One that is due, as it is under <paramref name="hold"/>.</param>
    internal async Task<UploadOutcome> ExecuteAsync(Upload upload, UploadHold hold)
    {
        var target = upload.Target!;
        if (await JoinAsync(upload, target, hold) is not var (joined, type, refusal))
        {
            return new UploadOutcome.Locked();
        }

        if (refusal is not null)
        {
            return refusal;
        }

        var eTag = ((UploadState.Received)joined!.State).Joined!;
        var caller = upload.IsAdministered ? Caller.Administrator : new Caller(upload.Owner, Rights.Files);
        var filing = await files.TakeAsync(
            new FinishedUpload(caller, upload.Owner, target.Path, UploadKeys.Whole(upload.Id), eTag, type!, upload.Offset, target.MayReplace, target.Sha256), CancellationToken.None);
        if (filing is Filing.Refused(var why))
        {
            LogRefused(upload.Id, why.Detail);
            return new UploadOutcome.NotFiled(why);
        }

        // Before the row forgets them: who is killed in between does it again. Nobody reads them once they are joined.
        foreach (var id in upload.Parts.Append(upload.Id))
        {
            await blobs.DeleteAllAsync(UploadKeys.All(id), CancellationToken.None);
        }

        var stored = joined.Store(clock.GetUtcNow())!;
        if (!await uploads.TryWriteAsync(stored, hold.Holder, [], CancellationToken.None))
        {
            return new UploadOutcome.Locked();
        }

        LogStored(upload.Id, upload.Offset);
        return new UploadOutcome.Done(stored);
    }

    /// <returns><see langword="null"/> when somebody else has the upload by now.</returns>
    private async Task<(Upload? Upload, string? Type, UploadOutcome? Refusal)?> JoinAsync(Upload upload, UploadTarget target, UploadHold hold)
    {
        // Also when the blob has moved on already: then it is the file.
        if (upload.State is UploadState.Received { Joined: not null })
        {
            return (upload, await TypeAsync(target, [UploadKeys.Whole(upload.Id)]), null);
        }

        var keys = new List<string>();
        foreach (var id in upload.Kind == UploadKind.Final ? upload.Parts : [upload.Id])
        {
            keys.AddRange((await uploads.PiecesAsync(id, CancellationToken.None)).Select(piece => piece.Key));
        }

        var type = await TypeAsync(target, keys);
        if (await blobs.JoinAsync(keys, UploadKeys.Whole(upload.Id), type, CancellationToken.None) is not { } whole || whole.Length != upload.Offset)
        {
            LogIncomplete(upload.Id);
            return (null, null, new UploadOutcome.Incomplete());
        }

        if (target.Sha256 is { } expected && await DigestAsync(whole.Key) is var digest && digest != expected)
        {
            return (null, null, new UploadOutcome.WrongContent(expected, digest));
        }

        var joined = upload.Joined(whole.ETag)!;
        return await uploads.TryWriteAsync(joined, hold.Holder, [], CancellationToken.None) ? (joined, type, null) : null;
    }

    private async Task<string> TypeAsync(UploadTarget target, IReadOnlyList<string> keys)
    {
        var head = new byte[files.HeadBytes];
        var length = 0;
        foreach (var key in keys)
        {
            if (length == head.Length || await blobs.OpenAsync(key, 0, head.Length - length, CancellationToken.None) is not { } blob)
            {
                break;
            }

            await using (blob)
            {
                length += await blob.Content.ReadAtLeastAsync(head.AsMemory(length), head.Length - length, throwOnEndOfStream: false, CancellationToken.None);
            }
        }

        return files.TypeOf(head.AsSpan(0, length), target.Path, target.MediaType);
    }

    private async Task<string> DigestAsync(string key)
    {
        await using var blob = await blobs.OpenAsync(key, 0, length: null, CancellationToken.None) ?? throw new IOException("What was put together is gone.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        for (int read; (read = await blob.Content.ReadAsync(buffer, CancellationToken.None)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    [LoggerMessage(EventId = 1830, Level = LogLevel.Information, Message = "Upload {Upload} of {Bytes} bytes is a file now")]
    private partial void LogStored(UploadId upload, long bytes);

    [LoggerMessage(EventId = 1831, Level = LogLevel.Warning, Message = "Upload {Upload} is all here and could not become a file: {Reason}")]
    private partial void LogRefused(UploadId upload, string reason);

    [LoggerMessage(EventId = 1832, Level = LogLevel.Warning, Message = "Upload {Upload} can't become a file: pieces of it are gone")]
    private partial void LogIncomplete(UploadId upload);
}
