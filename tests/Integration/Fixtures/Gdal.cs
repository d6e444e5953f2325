using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>GDAL's command line tools: they make the data that tests send, and judge what comes back. Each owner has a folder of its own.</summary>
internal sealed partial class Gdal : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("geowps-data-");
    private int _count;

    public string Folder => _folder.FullName;

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Runs <c>ogr2ogr</c>; the folder's own name for the result.</summary>
    public string Vector(string source, string name, string driver, params string[] options)
    {
        Run("ogr2ogr", ["-f", driver, .. options, PathOf(name), source]);
        return PathOf(name);
    }

    public string Raster(string source, string name, string driver, params string[] options)
    {
        Run("gdal_translate", ["-q", "-of", driver, .. options, source, PathOf(name)]);
        return PathOf(name);
    }

    /// <summary>Keeps what a server answered, under a name with this extension.</summary>
    public string Keep(byte[] content, string extension)
    {
        var path = PathOf($"kept-{Interlocked.Increment(ref _count)}.{extension}");
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>How many features <c>ogrinfo</c> counts in all layers.</summary>
    public static int CountFeatures(string path) =>
        FeatureCount().Matches(Run("ogrinfo", "-so", "-al", path)).Sum(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    public static string LayersOf(string path) => Run("ogrinfo", "-so", "-al", path);

    public static string FeaturesOf(string path) => Run("ogrinfo", "-q", "-al", "-geom=NO", path);

    /// <summary>All that <c>ogrinfo</c> tells of what lies at an address, which it reads in ranges.</summary>
    public static string VectorAt(string address) => Run("ogrinfo", "-al", AtAddress(address));

    public static string RasterAt(string address) => Run("gdalinfo", AtAddress(address));

    /// <summary>What <c>gdalinfo</c> says of a data source by its name.</summary>
    public static string Info(string source) => Run("gdalinfo", source);

    /// <summary>What <c>gdalinfo</c> says, with statistics.</summary>
    public static string RasterInfo(string path) => Run("gdalinfo", "-stats", "--config", "GDAL_PAM_ENABLED", "NO", path);

    public void Dispose() => _folder.Delete(recursive: true);

    private static string AtAddress(string address) => (address.EndsWith(".zip", StringComparison.Ordinal) ? "/vsizip/" : "") + "/vsicurl/" + address;

    private static string Run(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"{tool} {string.Join(' ', arguments)}\n{errors.Result}");
        return output;
    }

    [GeneratedRegex(@"^Feature Count: (\d+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex FeatureCount();
}
