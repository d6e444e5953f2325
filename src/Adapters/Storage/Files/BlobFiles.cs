namespace GeoWps.Adapters.Storage.Files;

/// <summary>Puts the two files of a blob in place and takes them away, one change of a key at a time.</summary>
internal sealed class BlobFiles(BlobPaths paths)
{
    /// <summary>How often a folder may vanish under a file that is moved into it, or get one while it is removed; each time somebody else has got on.</summary>
    private const int Tries = 20;

    private readonly KeyLocks _locks = new();

    /// <summary>Makes two whole temporary files the blob of this key, in the place of the one before.</summary>
    public void Publish(string key, string eTag, string temporaryContent, string temporaryRecord)
    {
        var path = paths.Record(key);
        var content = paths.Content(key, eTag);
        lock (_locks.For(key))
        {
            var before = BlobRecord.Read(path);
            MoveInto(temporaryContent, content);
            try
            {
                MoveInto(temporaryRecord, path);
            }
            catch
            {
                Delete(content);
                throw;
            }

            if (!File.Exists(content))
            {
                // The folder was deleted between the two or after them: then this blob is deleted too.
                Delete(path);
            }

            if (before is not null && before.ETag != eTag)
            {
                Delete(paths.Content(key, before.ETag));
            }
        }
    }

    /// <param name="onlyETag">Nothing is removed when the blob is another one by now; <see langword="null"/>: whichever it is.</param>
    public bool Remove(string key, string? onlyETag)
    {
        var path = paths.Record(key);
        lock (_locks.For(key))
        {
            if (BlobRecord.Read(path) is not { } record || (onlyETag ?? record.ETag) != record.ETag)
            {
                return false;
            }

            Delete(path);
            Delete(paths.Content(key, record.ETag));
        }

        RemoveEmptyFolders(Path.GetDirectoryName(path)!);
        return true;
    }

    /// <summary>Removes a folder that has become empty, and those above it.</summary>
    public void RemoveEmptyFolders(string folder)
    {
        try
        {
            while (folder.Length > paths.Root.Length && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
                folder = Path.GetDirectoryName(folder)!;
            }
        }
        catch (IOException)
        {
            // Somebody has put something into it, or was quicker.
        }
    }

    /// <summary>Removes a folder with all that is in it, which was moved aside: what was on its way into it then may arrive in it still.</summary>
    public static void RemoveFolder(string folder)
    {
        for (var i = 1; ; i++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (i < Tries)
            {
                // Not empty: once more.
            }
        }
    }

    private static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (DirectoryNotFoundException)
        {
            // The whole folder was deleted meanwhile.
        }
    }

    /// <summary>Folders come and go with what is in them: one can go while it is made, or between its making and its use.</summary>
    private static void MoveInto(string file, string destination)
    {
        var folder = Path.GetDirectoryName(destination)!;
        for (var i = 1; ; i++)
        {
            try
            {
                Directory.CreateDirectory(folder);
                File.Move(file, destination, overwrite: true);
                return;
            }
            catch (IOException) when (i < Tries && File.Exists(file))
            {
                // Once more. A folder that goes while it is made is said to be missing, or to be a file.
            }
        }
    }
}
