using System.Diagnostics;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Workers;

/// <summary>A test of the walls around workers; skipped, and counted so, where none can be built.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SandboxFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> Works = new(() =>
    {
        try
        {
            string[] arguments = ["--unshare-net", "--unshare-ipc", "--unshare-pid", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--", "/bin/true"];
            using var bubblewrap = Process.Start(new ProcessStartInfo("bwrap", arguments) { RedirectStandardError = true })!;
            bubblewrap.WaitForExit();
            return bubblewrap.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    public SandboxFactAttribute() => Skip = Qgis.WhyNot ?? (Works.Value ? null : "bubblewrap is not installed or may not make namespaces");
}
