using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Files;

/// <summary>Walks the folders in the ordinal order of the keys, one folder in memory at a time on each level.</summary>
internal sealed class BlobListing(BlobPaths paths)
{
    public IEnumerable<BlobInfo> Read(string prefix)
    {
        var slash = prefix.LastIndexOf('/');
        var folderKey = prefix[..(slash + 1)];
        if (slash >= 0)
        {
            BlobKey.RequirePrefix(folderKey);
        }

        return Walk(paths.Folder(slash < 0 ? "" : prefix[..slash]), folderKey, prefix[(slash + 1)..]);
    }

    private IEnumerable<BlobInfo> Walk(string folder, string key, string begin)
    {
        foreach (var (segment, isFolder) in Entries(folder, begin))
        {
            if (isFolder)
            {
                foreach (var info in Walk(Path.Combine(folder, BlobKey.Escape(segment.AsSpan(0, segment.Length - 1))), key + segment, ""))
                {
                    yield return info;
                }
            }
            else if (BlobRecord.Read(paths.Record(key + segment)) is { } record)
            {
                yield return record.ToInfo(key + segment);
            }
        }
    }

    // A folder is sorted as its keys begin: with its slash.
    private List<(string Segment, bool IsFolder)> Entries(string folder, string begin)
    {
        var entries = new List<(string Segment, bool IsFolder)>();
        try
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
            {
                var isFolder = (entry.Attributes & FileAttributes.Directory) != 0;
                var segment = isFolder ? BlobKey.Unescape(entry.Name) + "/" : BlobPaths.SegmentOfRecord(entry.Name);
                if (segment is not null && entry.FullName != paths.Temporary && segment.StartsWith(begin, StringComparison.Ordinal))
                {
                    entries.Add((segment, isFolder));
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            // There is nothing, or no longer.
        }

        entries.Sort((a, b) => string.CompareOrdinal(a.Segment, b.Segment));
        return entries;
    }
}
