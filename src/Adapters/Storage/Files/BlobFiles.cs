using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Files;

/// <summary>Puts the files of a blob in place and takes them away, one change of a key at a time, and none while a whole folder is renamed.</summary>
internal sealed class BlobFiles(BlobPaths paths) : IDisposable
{
    /// <summary>How often a folder may vanish under a file that is moved into it, or get one while it is removed; each time somebody else has got on.</summary>
    private const int Tries = 20;

    private readonly KeyLocks _locks = new();
    private readonly ReaderWriterLockSlim _folders = new();
    private readonly BlobDoubts _doubts = new(paths);

    /// <summary>Makes two whole temporary files the blob of this key, in the place of the one before; unless the condition does not hold.</summary>
    public bool Publish(string key, string eTag, string temporaryContent, string temporaryRecord, BlobCondition condition)
    {
        var path = paths.Record(key);
        var content = paths.Content(key, eTag);
        _folders.EnterReadLock();
        try
        {
            lock (_locks.For(key))
            {
                var before = BlobRecord.Read(path);
                if (!condition.Holds(before?.ETag))
                {
                    return false;
                }

                using var doubt = _doubts.Note(new BlobDoubt(key, before is null || before.ETag == eTag ? [eTag] : [eTag, before.ETag]));
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

                Show(key, eTag);
                if (before is not null && before.ETag != eTag)
                {
                    Delete(paths.Content(key, before.ETag));
                }
            }
        }
        finally
        {
            _folders.ExitReadLock();
        }

        return true;
    }

    /// <summary>Moves a blob to a key where the same content is already: notes it before that is so.</summary>
    public IDisposable NoteMove(string from, string to, string eTag) => _doubts.Note(new BlobDoubt(from, [eTag], to));

    /// <param name="onlyETag">Nothing is removed when the blob is another one by now; <see langword="null"/>: whichever it is.</param>
    public bool Remove(string key, string? onlyETag)
    {
        var path = paths.Record(key);
        _folders.EnterReadLock();
        try
        {
            lock (_locks.For(key))
            {
                if (BlobRecord.Read(path) is not { } record || (onlyETag ?? record.ETag) != record.ETag)
                {
                    return false;
                }

                using var doubt = _doubts.Note(new BlobDoubt(key, [record.ETag]));
                Delete(path);
                Hide(key);
                Delete(paths.Content(key, record.ETag));
                RemoveEmptyFolders(Path.GetDirectoryName(path)!);
            }
        }
        finally
        {
            _folders.ExitReadLock();
        }

        return true;
    }

    /// <summary>Renames a folder in one step.</summary>
    /// <param name="key">A key in it, or where it was.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="IOException">There is something where it should go.</exception>
    public bool MoveFolder(string folder, string destination, string key)
    {
        _folders.EnterWriteLock();
        try
        {
            if (!Directory.Exists(folder))
            {
                return false;
            }

            var above = Path.GetDirectoryName(destination)!;
            using var doubt = _doubts.Note(new BlobDoubt(key, [], Into: Path.GetRelativePath(paths.Root, above)));
            if (Directory.Exists(destination))
            {
                RemoveEmptyFolders(destination);
            }

            Directory.CreateDirectory(above);
            try
            {
                Directory.Move(folder, destination);
            }
            catch (IOException)
            {
                RemoveEmptyFolders(above);
                throw;
            }

            RemoveEmptyFolders(Path.GetDirectoryName(folder)!);
            return true;
        }
        finally
        {
            _folders.ExitWriteLock();
        }
    }

    /// <summary>Ends or takes back what an earlier process left half-done.</summary>
    public void Tidy()
    {
        foreach (var doubt in _doubts.Read())
        {
            var record = BlobRecord.Read(paths.Record(doubt.Key));
            if (record is not null && doubt.MovedTo is { } to && BlobRecord.Read(paths.Record(to))?.ETag == record.ETag && doubt.ETags.Contains(record.ETag))
            {
                Delete(paths.Record(doubt.Key));
                record = null;
            }

            foreach (var eTag in doubt.ETags.Where(eTag => eTag != record?.ETag))
            {
                Delete(paths.Content(doubt.Key, eTag));
            }

            if (record is null)
            {
                Hide(doubt.Key);
            }
            else
            {
                Show(doubt.Key, record.ETag);
            }

            RemoveEmptyFolders(Path.GetDirectoryName(paths.Record(doubt.Key))!);
            if (doubt.Into is { } into)
            {
                RemoveEmptyFolders(Path.GetFullPath(into, paths.Root));
            }
        }
    }

    public void Dispose()
    {
        _folders.Dispose();
        _doubts.Dispose();
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

    /// <summary>Removes a folder that has become empty, and those above it; of one that is not there, those above it.</summary>
    private void RemoveEmptyFolders(string folder)
    {
        try
        {
            for (; folder.Length > paths.Root.Length; folder = Path.GetDirectoryName(folder)!)
            {
                if (Directory.Exists(folder))
                {
                    if (Directory.EnumerateFileSystemEntries(folder).Any())
                    {
                        return;
                    }

                    Directory.Delete(folder);
                }
            }
        }
        catch (IOException)
        {
            // Somebody has put something into it, or was quicker.
        }
    }

    // Where the file system has no second names, there is only the content under its tag and name. Replaced by one rename, so that who opens it by this name has one of them whole.
    private void Show(string key, string eTag)
    {
        if (paths.Shown(key) is not { } shown)
        {
            return;
        }

        var content = paths.Content(key, eTag);
        if (HardLink.TryCreate(content, shown))
        {
            return;
        }

        var temporary = paths.NewTemporary();
        try
        {
            if (HardLink.TryCreate(content, temporary))
            {
                File.Move(temporary, shown, overwrite: true);
            }
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            // A folder has the name, or somebody has put something there.
        }
        finally
        {
            // Two names of one file can't be renamed to each other: nothing happens then, and the first one stays.
            Delete(temporary);
        }
    }

    private void Hide(string key)
    {
        if (paths.Shown(key) is { } shown)
        {
            try
            {
                Delete(shown);
            }
            catch (UnauthorizedAccessException)
            {
                // A folder.
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
