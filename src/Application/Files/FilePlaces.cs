using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Files;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Files;

/// <summary>Judges where something may go, and whether there is room.</summary>
public sealed class FilePlaces(IFileIndex index, IBlobStore blobs, IOptions<FilesOptions> options)
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>Bytes that a file may have.</summary>
    public long MaxFileBytes => options.Value.MaxFileMb * Mebibyte;

    /// <summary>What is at a place, whose it would be, or why nothing may go there.</summary>
    public async Task<FilePlace> FindAsync(FilePath path, bool asFolder, Caller caller, CancellationToken cancellationToken)
    {
        if (!caller.May(Rights.Files))
        {
            return FilePlace.Refused(new FileOutcome.Forbidden("storing files needs a token that allows it"));
        }

        if (path.IsRoot)
        {
            return FilePlace.Refused(new FileOutcome.Conflict("the root is a folder"));
        }

        var line = await index.LineAsync(path, cancellationToken);
        var there = line is [.., var last] && last.Path == path ? last : null;
        if (line.FirstOrDefault(entry => !entry.IsFolder && entry != there) is { } file)
        {
            return FilePlace.Refused(FileRights.MayRead(caller, [file]) ? new FileOutcome.Conflict($"{file.Path} is a file, so that nothing can be below it") : SomebodyElses(file));
        }

        if (line.Count > 0 && !FileRights.MayChange(caller, line[^1].Owner))
        {
            return FilePlace.Refused(SomebodyElses(line[^1]));
        }

        if (there is not null && there.IsFolder != asFolder)
        {
            return FilePlace.Refused(new FileOutcome.Conflict(there.IsFolder ? $"{path} is a folder" : $"{path} is a file"));
        }

        return there is null && !blobs.KeepsCase && await TwinAsync(path, line, cancellationToken) is { } twin
            ? FilePlace.Refused(new FileOutcome.Conflict($"there is {twin.Path}, which differs only in the case of letters: the store can't keep both"))
            : new FilePlace(null, there, there is not null ? there.Owner : caller.Name ?? line.LastOrDefault()?.Owner);
    }

    /// <returns>Why so many bytes more have no room; <see langword="null"/>: they have.</returns>
    /// <param name="counted">Of them, those that count already.</param>
    public async Task<FileOutcome?> RefuseAsync(string? owner, long bytes, FileUse counted, CancellationToken cancellationToken)
    {
        var (all, mine) = (options.Value.QuotaMb * Mebibyte, options.Value.OwnerQuotaMb * Mebibyte);
        if (bytes <= 0 || (all == 0 && mine == 0))
        {
            return null;
        }

        var use = await index.UseAsync(owner, cancellationToken);
        var (others, own) = (use.All - counted.All, use.OfOwner - counted.OfOwner);
        return mine > 0 && own + bytes > mine ? NoRoom(OwnersQuota, own, bytes)
            : all > 0 && others + bytes > all ? NoRoom(ServersQuota, others, bytes)
            : null;
    }

    /// <summary>What a change of somebody's, that has begun, counts of an owner's.</summary>
    public static FileUse Counted(long bytes, string? changer, string? owner) => new(bytes, changer == owner ? bytes : 0);

    /// <summary>Bytes that quotas leave an owner, and which quota it is; many where there are none.</summary>
    public async Task<(long Bytes, string Quota)> RoomAsync(string? owner, CancellationToken cancellationToken)
    {
        var (all, mine) = (options.Value.QuotaMb * Mebibyte, options.Value.OwnerQuotaMb * Mebibyte);
        var use = all + mine == 0 ? new FileUse(0, 0) : await index.UseAsync(owner, cancellationToken);
        var (ofAll, ofOwner) = (all == 0 ? long.MaxValue : all - use.All, mine == 0 ? long.MaxValue : mine - use.OfOwner);
        return ofOwner <= ofAll ? (ofOwner, OwnersQuota) : (ofAll, ServersQuota);
    }

    private string OwnersQuota => $"the quota of {options.Value.OwnerQuotaMb} MiB of one owner";

    private string ServersQuota => $"the server's quota of {options.Value.QuotaMb} MiB";

    private static FileOutcome.NoRoom NoRoom(string quota, long used, long bytes) => new($"{bytes} bytes more have no room in {quota}, of which {used} bytes are used");

    private static FileOutcome.Forbidden SomebodyElses(FileEntry entry) => new($"{entry.Path} is somebody else's");

    private async Task<FileEntry?> TwinAsync(FilePath path, IReadOnlyList<FileEntry> line, CancellationToken cancellationToken)
    {
        for (; !path.IsRoot && line.All(entry => entry.Path != path); path = path.Folder)
        {
            if (await index.TwinAsync(path, cancellationToken) is { } twin)
            {
                return twin;
            }
        }

        return null;
    }
}

/// <param name="Refusal">Why nothing may go there.</param>
/// <param name="There">What is there.</param>
/// <param name="Owner">Of what will be there.</param>
public sealed record FilePlace(FileOutcome? Refusal, FileEntry? There, string? Owner)
{
    public static FilePlace Refused(FileOutcome outcome) => new(outcome, null, null);
}
