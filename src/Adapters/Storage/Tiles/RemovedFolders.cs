using System.Threading.Channels;

namespace GeoWps.Adapters.Storage.Tiles;

/// <summary>Folders and files that are emptied by one renaming, and then removed in the background; also what an earlier run left.</summary>
internal sealed class RemovedFolders : IAsyncDisposable
{
    /// <summary>No layer's: those never begin with a dot.</summary>
    public const string Name = ".removed";

    private readonly Channel<string> _waiting = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _folder;
    private readonly Task _work;

    /// <param name="root">Of the store, on one file system.</param>
    public RemovedFolders(string root)
    {
        _folder = Path.Combine(root, Name);
        Directory.CreateDirectory(_folder);
        foreach (var entry in Directory.EnumerateFileSystemEntries(_folder))
        {
            _waiting.Writer.TryWrite(entry);
        }

        _work = Task.Run(RemoveAsync);
    }

    /// <summary>From here on it is not there.</summary>
    /// <returns>Where it is now; <see langword="null"/> when it was not there.</returns>
    public string? Take(string path)
    {
        var name = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        try
        {
            if (File.Exists(path))
            {
                File.Move(path, name);
            }
            else
            {
                Directory.Move(path, name);
            }
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        _waiting.Writer.TryWrite(name);
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _work;
        _stopping.Dispose();
    }

    private async Task RemoveAsync()
    {
        try
        {
            await foreach (var path in _waiting.Reader.ReadAllAsync(_stopping.Token))
            {
                Remove(path);
            }
        }
        catch (OperationCanceledException)
        {
            // What is left goes at the next start.
        }
    }

    // Piece by piece, so that a stop does not wait for a million files.
    private void Remove(string path)
    {
        try
        {
            if (File.Exists(path))
            {
                File.Delete(path);
                return;
            }

            foreach (var file in Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
            {
                _stopping.Token.ThrowIfCancellationRequested();
                File.Delete(file);
            }

            Directory.Delete(path, recursive: true);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            // The next start tries again.
        }
    }
}
