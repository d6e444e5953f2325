using System.Diagnostics;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>A test that talks to real QGIS; skipped, and counted so, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class QgisFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> Missing = new(() =>
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", "import qgis.core"]) { RedirectStandardError = true });
            python!.WaitForExit();
            return python.ExitCode != 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return true;
        }
    });

    public QgisFactAttribute() => Skip = Missing.Value ? "python3-qgis is not installed" : null;
}
