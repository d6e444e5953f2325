using System.Globalization;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Storage;

/// <summary>The data directory, held by this process alone for as long as it lives.</summary>
internal sealed class DataDirectory(IOptions<DataOptions> options) : IDisposable
{
    private const string LockName = ".lock";
    private const string HolderName = ".lock.pid";

    private FileStream? _lock;

    /// <summary>Its full path, once it is held: whoever wants to use it before would use it unprotected.</summary>
    public string Root => _lock is not null
        ? Path.GetFullPath(options.Value.Directory)
        : throw new InvalidOperationException($"{nameof(StorageModule.PrepareStorageAsync)} has to run before the storage is used.");

    /// <exception cref="StorageUnavailableException">It can't be made or written, or another server uses it.</exception>
    public void Take()
    {
        var root = Path.GetFullPath(options.Value.Directory);
        try
        {
            Make(root);

            // An flock: the kernel releases it with the process, however that ends; and processes that it starts do not inherit it.
            _lock = new FileStream(Path.Combine(root, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);

            // A file of its own: the locked one can't even be read.
            File.WriteAllText(Path.Combine(root, HolderName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (UnauthorizedAccessException reason)
        {
            throw new StorageUnavailableException($"Data:Directory: '{root}' is not allowed; a folder that this user can write", reason);
        }
        catch (IOException reason) when (IsHeld(root))
        {
            throw new StorageUnavailableException(
                $"Data:Directory: '{root}' is not allowed; another server uses it ({Holder(root)}), each has a folder of its own", reason);
        }
        catch (IOException reason)
        {
            throw new StorageUnavailableException($"Data:Directory: '{root}' is not allowed; {reason.Message}", reason);
        }
    }

    public void Dispose() => _lock?.Dispose();

    private static void Make(string root)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(root);
        }
        else
        {
            Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static bool IsHeld(string root)
    {
        try
        {
            using var other = new FileStream(Path.Combine(root, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException reason)
        {
            return reason is not (FileNotFoundException or DirectoryNotFoundException);
        }
    }

    private static string Holder(string root)
    {
        try
        {
            return $"process {File.ReadAllText(Path.Combine(root, HolderName))}";
        }
        catch (IOException)
        {
            return "process unknown";
        }
    }
}
