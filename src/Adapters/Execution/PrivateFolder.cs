namespace GeoWps.Adapters.Execution;

/// <summary>Folders that nobody else can look into.</summary>
internal static class PrivateFolder
{
    public static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>With all that is in it. A process that is being killed may still write there, so this is tried more than once.</summary>
    public static void Remove(string path)
    {
        for (var attempt = 1; Directory.Exists(path); attempt++)
        {
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (Exception error) when ((error is IOException or UnauthorizedAccessException) && attempt < 5)
            {
                Thread.Sleep(20 * attempt);
            }
        }
    }
}
