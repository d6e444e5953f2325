namespace GeoWps.Adapters.Storage.Files;

/// <summary>Makes a copy of a folder of blobs aside, of second names of the same files where there are such.</summary>
internal sealed class BlobCopies(BlobPaths paths)
{
    /// <summary>How often a blob may be replaced while it is copied.</summary>
    private const int Tries = 20;

    /// <param name="prefix">Ends in a slash.</param>
    /// <param name="aside">Is made.</param>
    /// <returns>Whether there was anything.</returns>
    public bool Make(string prefix, string aside, CancellationToken cancellationToken)
    {
        var copies = new BlobPaths(aside);
        var any = false;
        foreach (var info in new BlobListing(paths).Read(prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = info.Key[prefix.Length..];
            var folder = Path.GetDirectoryName(copies.Record(key))!;
            Directory.CreateDirectory(folder);
            any |= TryCopy(info.Key, copies, key);
        }

        return any;
    }

    private bool TryCopy(string from, BlobPaths copies, string to)
    {
        for (var i = 0; i < Tries && BlobRecord.Read(paths.Record(from)) is { } record; i++)
        {
            var content = copies.Content(to, record.ETag);
            try
            {
                LinkOrCopy(paths.Content(from, record.ETag), content);
            }
            catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
            {
                continue;
            }

            File.WriteAllBytes(copies.Record(to), record.Write());
            if (paths.Shown(from) is not null)
            {
                HardLink.TryCreate(content, Path.Combine(Path.GetDirectoryName(content)!, BlobPaths.NameOf(to)));
            }

            return true;
        }

        return false;
    }

    private static void LinkOrCopy(string from, string to)
    {
        if (!HardLink.TryCreate(from, to))
        {
            File.Copy(from, to);
        }
    }
}
