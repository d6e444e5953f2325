using System.Runtime.InteropServices;

namespace GeoWps.Adapters.Storage.Files;

/// <summary>A second name for a file, so that a blob can be renamed without a moment in which it has no name.</summary>
internal static partial class HardLink
{
    /// <returns><see langword="false"/> where the file system has no such thing.</returns>
    public static bool TryCreate(string existing, string name) => !OperatingSystem.IsWindows() && Link(existing, name) == 0;

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);
}
