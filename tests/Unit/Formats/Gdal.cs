using System.Diagnostics;

namespace GeoWps.Tests.Unit.Formats;

/// <summary>A test that asks GDAL's tools; skipped, with the reason, where they are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GdalFactAttribute : FactAttribute
{
    public GdalFactAttribute()
    {
        if (!Gdal.IsInstalled)
        {
            Skip = "GDAL's ogr2ogr and ogrinfo are not installed";
        }
    }
}

/// <summary>GDAL's command line tools as the judge from outside, each test in a folder of its own.</summary>
internal sealed class Gdal : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("geowps-formats-");

    public static bool IsInstalled { get; } = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "ogr2ogr")) && File.Exists(Path.Combine(folder, "ogrinfo"))) ?? false;

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public string Put(string name, byte[] content)
    {
        File.WriteAllBytes(PathOf(name), content);
        return PathOf(name);
    }

    /// <summary>Runs <c>ogr2ogr</c> from one file of the folder to another.</summary>
    public byte[] Translate(string from, string to, params string[] options)
    {
        Run("ogr2ogr", [.. options, PathOf(to), PathOf(from)]);
        return File.ReadAllBytes(PathOf(to));
    }

    /// <summary>What <c>ogrinfo</c> says about each feature; the driver's feature ids left out.</summary>
    public string Features(string name) =>
        System.Text.RegularExpressions.Regex.Replace(Run("ogrinfo", "-q", "-al", PathOf(name)), @"OGRFeature\(.*\):\d+", "OGRFeature");

    /// <summary>Lines such as <c>name: Integer (0.0)</c>.</summary>
    public string[] Fields(string name) =>
        [.. Run("ogrinfo", "-so", "-al", PathOf(name)).Split('\n').Where(line => line.EndsWith(".0)", StringComparison.Ordinal) && line.Contains(": "))];

    public string Summary(string name) => Run("ogrinfo", "-so", "-al", PathOf(name));

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Run(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        errors.Result.ShouldNotContain("ERROR", customMessage: tool);
        process.ExitCode.ShouldBe(0, errors.Result);
        return output;
    }
}
