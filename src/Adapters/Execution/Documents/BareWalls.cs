using System.ComponentModel;
using System.Diagnostics;

namespace GeoWps.Adapters.Execution.Documents;

/// <summary>How bubblewrap locks in a program that needs nothing but itself: no network, nothing of the server's to be seen.</summary>
internal static class BareWalls
{
    public static string[] Arguments =>
    [
        "--unshare-all", "--cap-drop", "ALL", "--new-session",
        "--ro-bind", "/usr", "/usr", "--ro-bind-try", "/lib", "/lib", "--ro-bind-try", "/lib64", "/lib64", "--ro-bind-try", "/bin", "/bin", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache",
        "--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev", "--chdir", "/",
    ];

    /// <summary>Whether it works here.</summary>
    public static async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("bwrap", [.. Arguments, "--", "/bin/true"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
