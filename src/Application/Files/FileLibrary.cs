using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Files;

namespace GeoWps.Application.Files;

/// <summary>What a caller may see of the files: whatever it may not is not there.</summary>
public sealed class FileLibrary(IFileIndex index, IBlobStore blobs, FileNews? news = null)
{
    /// <summary>Entries of one page at most.</summary>
    public const int MostListed = 1_000;

    /// <returns>The file or folder; the root is a folder of nobody's. <see langword="null"/> when there is none to be seen.</returns>
    public async Task<FileEntry?> FindAsync(FilePath path, Caller caller, CancellationToken cancellationToken)
    {
        if (path.IsRoot)
        {
            return new FileEntry(path, true, null);
        }

        var line = await index.LineAsync(path, cancellationToken);
        return line is [.., var entry] && entry.Path == path && FileRights.MayRead(caller, line) ? entry with { IsPublic = line.Any(one => one.IsPublic) } : null;
    }

    /// <summary>Opens a file that was found.</summary>
    /// <returns>Its content, which may be a newer one than was found; <see langword="null"/> when it has gone since.</returns>
    public Task<Blob?> OpenAsync(FileEntry entry, CancellationToken cancellationToken) =>
        blobs.OpenKnownAsync(new BlobInfo(FileKeys.Of(entry.Path), entry.ContentType, entry.Length, entry.ETag, entry.Modified), cancellationToken);

    /// <summary>What is in a folder.</summary>
    /// <param name="folder">That was found.</param>
    /// <param name="query">How; who looks is filled in.</param>
    public Task<IReadOnlyList<FileEntry>> ListAsync(FileEntry folder, Caller caller, FileQuery query, CancellationToken cancellationToken) => index.ListAsync(
        query with { Folder = folder.Path, Sees = FileRights.ViewerOf(caller, folder.IsPublic), Limit = Math.Clamp(query.Limit, 1, MostListed + 1) }, cancellationToken);

    /// <summary>Makes a file, or a folder and all that is below it, readable by everybody; or its owner's again.</summary>
    public async Task<FileOutcome> ShareAsync(FilePath path, bool isPublic, Caller caller, CancellationToken cancellationToken)
    {
        if (path.IsRoot)
        {
            return new FileOutcome.Conflict("the root can't be shared, only what is in it");
        }

        if (await FindAsync(path, caller, cancellationToken) is not { } entry)
        {
            return new FileOutcome.Missing();
        }

        if (!FileRights.MayChange(caller, entry.Owner))
        {
            return new FileOutcome.Forbidden("it is somebody else's");
        }

        var isThere = await index.ShareAsync(path, isPublic, cancellationToken);
        if (entry.IsFolder)
        {
            news?.ChangedBelow();
        }
        else
        {
            news?.Changed(path);
        }

        return isThere && await FindAsync(path, caller, cancellationToken) is { } now ? new FileOutcome.Done(now, IsNew: false) : new FileOutcome.Missing();
    }
}
