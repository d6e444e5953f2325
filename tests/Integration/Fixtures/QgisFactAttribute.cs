using System.Diagnostics;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>A test that talks to real QGIS; skipped, and counted so, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class QgisFactAttribute : FactAttribute
{
    public QgisFactAttribute() => Skip = Qgis.WhyNot;
}

/// <summary>The same for a test with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class QgisTheoryAttribute : TheoryAttribute
{
    public QgisTheoryAttribute() => Skip = Qgis.WhyNot;
}

/// <summary>The same for a test that needs PostgreSQL, too.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class QgisPostgresTheoryAttribute : TheoryAttribute
{
    public QgisPostgresTheoryAttribute() => Skip = Qgis.WhyNot ?? PostgresServer.WhyNot;
}

internal static class Qgis
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

    public static bool IsMissing => Missing.Value;

    /// <summary>The reason to skip; <see langword="null"/> where QGIS is.</summary>
    public static string? WhyNot => IsMissing ? "python3-qgis is not installed" : null;
}
