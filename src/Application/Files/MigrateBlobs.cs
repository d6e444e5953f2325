using System.Security.Cryptography;
using GeoWps.Application.Ports;
using GeoWps.Domain.Files;

namespace GeoWps.Application.Files;

/// <summary>
/// Copies everything of one blob store into another, as it is, and then compares the checksums of both. What is there already, with the same ETag and length, is not copied again, so that it goes on
/// where it was broken off. The first store is left as it is. Nobody may write to either meanwhile.
/// </summary>
public sealed class MigrateBlobs(IBlobStore from, IBlobStore to)
{
    private const int BufferBytes = 512 * 1024;
    private const int RowsAtOnce = 500;

    /// <param name="tell">Is told how far it is.</param>
    /// <returns>What came of it.</returns>
    public async Task<Migration> ExecuteAsync(Action<MigrationProgress> tell, CancellationToken cancellationToken)
    {
        var (count, bytes) = (0L, 0L);
        await foreach (var info in from.ListAsync("", cancellationToken))
        {
            (count, bytes) = (count + 1, bytes + info.Length);
        }

        var (copied, done) = (0L, 0L);
        await foreach (var info in from.ListAsync("", cancellationToken))
        {
            if (await to.FindAsync(info.Key, cancellationToken) is not { } there || there.ETag != info.ETag || there.Length != info.Length)
            {
                await CopyAsync(info, cancellationToken);
                copied++;
            }

            tell(new MigrationProgress(IsVerifying: false, done += info.Length, bytes));
        }

        var (wrong, verified) = (new List<string>(), 0L);
        await foreach (var info in from.ListAsync("", cancellationToken))
        {
            var (one, other) = (await DigestAsync(from, info.Key, cancellationToken), await DigestAsync(to, info.Key, cancellationToken));
            if (one != other)
            {
                // Next time it is copied again.
                await to.DeleteAsync(info.Key, cancellationToken);
                wrong.Add(info.Key);
            }

            tell(new MigrationProgress(IsVerifying: true, verified += info.Length, bytes));
        }

        return new Migration(count, bytes, copied, wrong);
    }

    /// <summary>Copies whose the files are, and what is known of them, of those that the second index does not know.</summary>
    /// <returns>How many files and folders.</returns>
    public static async Task<long> CopyIndexAsync(IFileIndex from, IFileIndex to, CancellationToken cancellationToken)
    {
        var copied = 0L;
        for (FileEntry? after = null; ;)
        {
            var query = new FileQuery(FilePath.Root, new FileViewer(null, true, true), RowsAtOnce) { IsRecursive = true, After = after };
            var page = await from.ListAsync(query, cancellationToken);
            var unknown = new List<FileEntry>();
            foreach (var entry in page)
            {
                if (await to.FindAsync(entry.Path, cancellationToken) is null)
                {
                    unknown.Add(entry);
                }
            }

            if (unknown.Count > 0)
            {
                var change = new FileChange(Guid.NewGuid(), FileChangeKind.Store, unknown[0].Path, null, null, 0, IsFolder: true);
                if (await to.BeginAsync(change, cancellationToken) is not null)
                {
                    throw new IOException("Somebody changes files while they are copied: stop the server first.");
                }

                await to.EndAsync(change, [.. unknown.Select(entry => new FileEffect.Stored(entry))], cancellationToken);
                foreach (var entry in unknown.Where(entry => entry.IsPublic))
                {
                    await to.ShareAsync(entry.Path, true, cancellationToken);
                }
            }

            copied += unknown.Count;
            if (page.Count < RowsAtOnce)
            {
                return copied;
            }

            after = page[^1];
        }
    }

    private async Task CopyAsync(BlobInfo info, CancellationToken cancellationToken)
    {
        await using var blob = await from.OpenAsync(info.Key, 0, null, cancellationToken) ?? throw new IOException("Somebody removes content while it is copied: stop the server first.");
        await to.RestoreAsync(blob.Info, (stream, token) => blob.Content.CopyToAsync(stream, BufferBytes, token), cancellationToken);
    }

    private static async Task<string?> DigestAsync(IBlobStore store, string key, CancellationToken cancellationToken)
    {
        await using var blob = await store.OpenAsync(key, 0, null, cancellationToken);
        return blob is null ? null : Convert.ToHexStringLower(await SHA256.HashDataAsync(blob.Content, cancellationToken));
    }
}

/// <param name="Done">Bytes of <paramref name="All"/>.</param>
public sealed record MigrationProgress(bool IsVerifying, long Done, long All);

/// <param name="Copied">Blobs that were not there already.</param>
/// <param name="Wrong">Keys whose checksum is another one in the second store; they are not there any more.</param>
public sealed record Migration(long Blobs, long Bytes, long Copied, IReadOnlyList<string> Wrong);
