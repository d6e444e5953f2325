using GeoWps.Domain.Files;

namespace GeoWps.Application.Ports;

/// <summary>
/// Knows whose the files are, and what can be told of them without opening them. That a file is there, and its content, the blob store decides: a change of both is
/// noted here before (<see cref="BeginAsync"/>) and after (<see cref="EndAsync"/>), so that what a process left in the middle is found. Every implementation passes <c>FileIndexContract</c>.
/// </summary>
public interface IFileIndex
{
    ValueTask<FileEntry?> FindAsync(FilePath path, CancellationToken cancellationToken);

    /// <summary>What there is of the folders above a path and of itself, from the top; the root is not kept.</summary>
    Task<IReadOnlyList<FileEntry>> LineAsync(FilePath path, CancellationToken cancellationToken);

    /// <summary>A page of what is in a folder and may be seen, folders first.</summary>
    Task<IReadOnlyList<FileEntry>> ListAsync(FileQuery query, CancellationToken cancellationToken);

    /// <summary>Sums of what is below a path, however deep.</summary>
    /// <param name="owner">Whose things are not <see cref="FilesBelow.OfOthers"/>; nobody's are never.</param>
    Task<FilesBelow> BelowAsync(FilePath path, string? owner, CancellationToken cancellationToken);

    /// <summary>Bytes of all files, and of those of an owner; what open changes and uploads will add counts already (of an upload whose length is not known, what has come).</summary>
    Task<FileUse> UseAsync(string? owner, CancellationToken cancellationToken);

    /// <summary>Another entry whose path differs only in the case of letters.</summary>
    Task<FileEntry?> TwinAsync(FilePath path, CancellationToken cancellationToken);

    /// <summary>Notes a change: until its end nobody else changes what it is about, anything above that or below.</summary>
    /// <returns><see langword="null"/> when it has begun; else the change that is in its way.</returns>
    Task<FileChange?> BeginAsync(FileChange change, CancellationToken cancellationToken);

    /// <summary>Keeps what came of a change and forgets it, in one step.</summary>
    /// <returns><see langword="false"/> when it was taken for lost and ended by somebody else: then nothing is kept.</returns>
    Task<bool> EndAsync(FileChange change, IReadOnlyList<FileEffect> effects, CancellationToken cancellationToken);

    /// <summary>Changes whose process is gone, as far as can be told: of one node, those of an earlier start; in a cluster, those that are a minute old.</summary>
    Task<IReadOnlyList<FileChange>> LostAsync(CancellationToken cancellationToken);

    /// <returns>Whether there is such an entry.</returns>
    Task<bool> ShareAsync(FilePath path, bool isPublic, CancellationToken cancellationToken);

    /// <summary>Keeps what was found in a file, if it still has the ETag that it had then.</summary>
    /// <param name="contents"><see langword="null"/>: nobody knows any more.</param>
    Task NoteContentsAsync(FilePath path, string eTag, string? contents, CancellationToken cancellationToken);
}

/// <summary>A file or a folder.</summary>
/// <param name="Owner"><see langword="null"/>: nobody in particular.</param>
public sealed record FileEntry(FilePath Path, bool IsFolder, string? Owner)
{
    /// <summary>Bytes.</summary>
    public long Length { get; init; }

    public string ContentType { get; init; } = "";

    /// <summary>That of its content in the blob store; empty for a folder.</summary>
    public string ETag { get; init; } = "";

    public DateTimeOffset Modified { get; init; }

    /// <summary>Hexadecimal; <see langword="null"/> where it was not worked out.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Everybody may read it, and what is below it.</summary>
    public bool IsPublic { get; init; }

    /// <summary>What it holds, as JSON, of the content that it has; <see langword="null"/>: nobody has looked yet.</summary>
    public string? Contents { get; init; }

    /// <summary>Folders, one for each that is not there.</summary>
    public static FileEntry FolderOf(FilePath path, string? owner, DateTimeOffset now) => new(path, true, owner) { Modified = now };
}

/// <param name="Files">Not counting folders.</param>
/// <param name="OfOthers">Files and folders that somebody else owns.</param>
public sealed record FilesBelow(long Files, long Bytes, long OfOthers);

/// <param name="All">Bytes of everybody.</param>
/// <param name="OfOwner">Bytes of one of them.</param>
public sealed record FileUse(long All, long OfOwner)
{
    public static FileUse None { get; } = new(0, 0);
}

public enum FileOrder
{
    Name,
    Modified,
    Size,
    Type,
}

/// <summary>What is wanted of a folder.</summary>
/// <param name="Sees">Who looks: sees what is public, its own, and nobody's if it may.</param>
public sealed record FileQuery(FilePath Folder, FileViewer Sees, int Limit)
{
    public bool IsRecursive { get; init; }

    public FileOrder Order { get; init; }

    public bool IsDescending { get; init; }

    /// <summary>The last one of the page before.</summary>
    public FileEntry? After { get; init; }
}

/// <param name="Name">Of the owner whose things are seen.</param>
/// <param name="SeesNobodys">What nobody in particular owns, too.</param>
/// <param name="SeesAll">Everything: the administrator, or what is below a public folder.</param>
public sealed record FileViewer(string? Name, bool SeesNobodys, bool SeesAll);

public enum FileChangeKind
{
    /// <summary>A file gets content, or a folder is made.</summary>
    Store,
    Remove,
    Move,
    Copy,
}

/// <summary>Something that changes blobs and index.</summary>
/// <param name="Target">Where it goes, of a move or copy.</param>
/// <param name="Owner">Of what comes to be.</param>
/// <param name="Bytes">That it may add.</param>
public sealed record FileChange(Guid Id, FileChangeKind Kind, FilePath Path, FilePath? Target, string? Owner, long Bytes, bool IsFolder)
{
    /// <summary>Its process is gone, as far as can be told. Known of changes that were read.</summary>
    public bool IsLost { get; init; }
}

/// <summary>What came of a change. In their order.</summary>
public abstract record FileEffect
{
    private FileEffect()
    {
    }

    /// <summary>A file is so from now on; a folder, if it was none.</summary>
    public sealed record Stored(FileEntry Entry) : FileEffect;

    /// <summary>It is gone, and all below it.</summary>
    public sealed record Removed(FilePath Path) : FileEffect;

    /// <summary>It and all below it have other paths. Nothing is there before.</summary>
    public sealed record Moved(FilePath From, FilePath To) : FileEffect;

    /// <summary>It and all below it are there a second time, as somebody's; nothing of that is public. Nothing is there before.</summary>
    public sealed record Copied(FilePath From, FilePath To, string? Owner) : FileEffect;
}
