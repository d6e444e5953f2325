using System.Security.Cryptography;
using System.Text;

namespace GeoWps.Adapters.Shell.Files;

/// <summary>
/// Which uploads of this user's files are under way, so that the same command goes on with them: one small file each in the user's state folder (<c>$XDG_STATE_HOME/geowps/uploads</c>).
/// A file that has changed since is another one.
/// </summary>
internal sealed class UploadMemory
{
    private readonly string _path;

    private UploadMemory(string path) => _path = path;

    /// <param name="target">Where it goes.</param>
    public static UploadMemory Of(FileInfo file, Uri server, string target)
    {
        var identity = string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{server}\n{target}\n{file.FullName}\n{file.Length}\n{file.LastWriteTimeUtc.Ticks}");
        return new UploadMemory(Path.Combine(Folder(), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))));
    }

    /// <returns>The id of the upload; <see langword="null"/> when none is known.</returns>
    public string? Recall()
    {
        try
        {
            return File.ReadAllText(_path).Trim() is { Length: > 0 and <= 200 } id && id.All(char.IsAsciiLetterOrDigit) ? id : null;
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Keep(string id)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            File.WriteAllText(_path, id);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            // Then another command begins anew; this one goes on.
        }
    }

    public void Forget()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            // The server says that there is no such upload, when it is asked.
        }
    }

    private static string Folder()
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set)
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".local", "state");
        return Path.Combine(state, "geowps", "uploads");
    }
}
