using GeoWps.Application.Ports;
using GeoWps.Domain.Files;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Files;

/// <summary>
/// Lets one change of a place through at a time, on whichever nodes they are, and ends those that were lost: where a process went away between blobs and index, the blobs
/// say what has happened.
/// </summary>
public sealed partial class FileChanges(IFileIndex index, IBlobStore blobs, TimeProvider clock, ILogger<FileChanges> logger, FileNews? news = null)
{
    /// <summary>How long a change waits for one in its way: content is there by then, and what is left takes milliseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <returns><see langword="false"/> when another is in its way for too long.</returns>
    public async Task<bool> BeginAsync(FileChange change, CancellationToken cancellationToken)
    {
        var since = clock.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            if (await index.BeginAsync(change, cancellationToken) is not { } inTheWay)
            {
                return true;
            }

            if (inTheWay.IsLost)
            {
                await SettleAsync(inTheWay, cancellationToken);
                continue;
            }

            if (clock.GetElapsedTime(since) > Patience)
            {
                return false;
            }

            await Task.Delay(Backoff.After(attempt, FirstPause, LongestPause, share: 0.5), clock, cancellationToken);
        }
    }

    /// <summary>Keeps what came of a change that has begun; when it was taken for lost meanwhile, what the blobs say is kept.</summary>
    public async Task EndAsync(FileChange change, IReadOnlyList<FileEffect> effects)
    {
        // The blobs have changed: whoever asked for it may be gone.
        if (!await index.EndAsync(change, effects, CancellationToken.None))
        {
            LogTakenOver(change.Path);
            var again = change with { Id = Guid.NewGuid() };
            if (await BeginAsync(again, CancellationToken.None))
            {
                await SettleAsync(again, CancellationToken.None);
            }
        }

        await TellAsync(effects, CancellationToken.None);
    }

    /// <summary>Ends all changes that were lost.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> SettleAsync(CancellationToken cancellationToken)
    {
        var lost = await index.LostAsync(cancellationToken);
        foreach (var change in lost)
        {
            await SettleAsync(change, cancellationToken);
            LogSettled(change.Kind, change.Path);
        }

        return lost.Count;
    }

    /// <summary>Ends a change as the blobs are: it has happened, or it has not.</summary>
    public async Task SettleAsync(FileChange change, CancellationToken cancellationToken)
    {
        var effects = await EffectsAsync(change, cancellationToken);
        await index.EndAsync(change, effects, cancellationToken);
        await TellAsync(effects, cancellationToken);
    }

    private async Task TellAsync(IReadOnlyList<FileEffect> effects, CancellationToken cancellationToken)
    {
        await ForgetWholesAsync(effects, cancellationToken);
        foreach (var effect in effects)
        {
            if (effect is FileEffect.Stored { Entry: var entry })
            {
                if (!entry.IsFolder)
                {
                    news?.Changed(entry.Path);
                }
            }
            else
            {
                news?.ChangedBelow();
            }
        }
    }

    /// <summary>What a shapefile holds is told by its parts, too.</summary>
    private async Task ForgetWholesAsync(IReadOnlyList<FileEffect> effects, CancellationToken cancellationToken)
    {
        var changed = effects.SelectMany(effect => effect switch
        {
            FileEffect.Stored { Entry: { IsFolder: false, Path: var path } } => [path],
            FileEffect.Removed(var path) => [path],
            FileEffect.Moved(var from, var to) => [from, to],
            FileEffect.Copied(_, var to, _) => [to],
            _ => Array.Empty<FilePath>(),
        });
        foreach (var whole in changed.Select(Shapefiles.WholeOf).OfType<FilePath>().Distinct())
        {
            if (await index.FindAsync(whole, cancellationToken) is { Contents: not null } known)
            {
                await index.NoteContentsAsync(whole, known.ETag, null, cancellationToken);
                news?.Changed(whole);
            }
        }
    }

    private async Task<IReadOnlyList<FileEffect>> EffectsAsync(FileChange change, CancellationToken cancellationToken)
    {
        switch (change.Kind)
        {
            case FileChangeKind.Store:
                return change.IsFolder ? [] : await StoredAsync(change, cancellationToken);
            case FileChangeKind.Remove:
                return await AnyAsync(change.Path, change.IsFolder, cancellationToken) ? [] : [new FileEffect.Removed(change.Path)];
            case FileChangeKind.Move:
                var to = change.Target!;
                return await AnyAsync(change.Path, change.IsFolder, cancellationToken) || !await AnyAsync(to, change.IsFolder, cancellationToken)
                    ? []
                    : [.. await FoldersAsync(to, change.Owner, cancellationToken), new FileEffect.Removed(to), new FileEffect.Moved(change.Path, to)];
            case FileChangeKind.Copy:
                return await IsCopiedAsync(change, cancellationToken)
                    ? [.. await FoldersAsync(change.Target!, change.Owner, cancellationToken), new FileEffect.Removed(change.Target!), new FileEffect.Copied(change.Path, change.Target!, change.Owner)]
                    : [];
            default:
                throw new InvalidOperationException($"{change.Kind} is a change that nobody ends.");
        }
    }

    private async Task<IReadOnlyList<FileEffect>> StoredAsync(FileChange change, CancellationToken cancellationToken)
    {
        var entry = await index.FindAsync(change.Path, cancellationToken);
        if (await blobs.FindAsync(FileKeys.Of(change.Path), cancellationToken) is not { } blob)
        {
            return entry is null ? [] : [new FileEffect.Removed(change.Path)];
        }

        return entry?.ETag == blob.ETag ? [] :
        [
            .. await FoldersAsync(change.Path, change.Owner, cancellationToken),
            new FileEffect.Stored(new FileEntry(change.Path, false, entry is null ? change.Owner : entry.Owner)
            {
                Length = blob.Length, ContentType = blob.ContentType, ETag = blob.ETag, Modified = blob.LastModified,
            }),
        ];
    }

    // The copy of a file has the tag of its source, which has not changed since: the two are held until the end.
    private async Task<bool> IsCopiedAsync(FileChange change, CancellationToken cancellationToken) => change.IsFolder
        ? await AnyAsync(change.Target!, isFolder: true, cancellationToken)
        : await blobs.FindAsync(FileKeys.Of(change.Target!), cancellationToken) is { } copy && (await index.FindAsync(change.Path, cancellationToken))?.ETag == copy.ETag;

    private async Task<bool> AnyAsync(FilePath path, bool isFolder, CancellationToken cancellationToken)
    {
        if (!isFolder)
        {
            return await blobs.FindAsync(FileKeys.Of(path), cancellationToken) is not null;
        }

        await foreach (var _ in blobs.ListAsync(FileKeys.Below(path), cancellationToken))
        {
            return true;
        }

        return false;
    }

    /// <summary>The folders above a path that are not there.</summary>
    public async Task<IEnumerable<FileEffect>> FoldersAsync(FilePath path, string? owner, CancellationToken cancellationToken)
    {
        var there = (await index.LineAsync(path.Folder, cancellationToken)).Select(entry => entry.Path).ToHashSet();
        var folders = new List<FileEffect>();
        for (var folder = path.Folder; !folder.IsRoot; folder = folder.Folder)
        {
            if (!there.Contains(folder))
            {
                folders.Add(new FileEffect.Stored(FileEntry.FolderOf(folder, owner, clock.GetUtcNow())));
            }
        }

        return folders;
    }

    [LoggerMessage(EventId = 1770, Level = LogLevel.Warning, Message = "The change of the file {Path} took so long that it was taken for lost; what the store has now is kept")]
    private partial void LogTakenOver(FilePath path);

    [LoggerMessage(EventId = 1771, Level = LogLevel.Information, Message = "A change of files ({Kind} {Path}) that a process left behind was ended")]
    private partial void LogSettled(FileChangeKind kind, FilePath path);
}
