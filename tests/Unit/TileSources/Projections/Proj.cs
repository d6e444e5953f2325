using System.Diagnostics;
using System.Globalization;

namespace GeoWps.Tests.Unit.TileSources.Projections;

/// <summary>PROJ, by the programs that come with GDAL.</summary>
internal static class Proj
{
    public static bool IsInstalled { get; } = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "gdaltransform")) && File.Exists(Path.Combine(folder, "gdalsrsinfo"))) ?? false;

    /// <summary>x before y on both sides, whatever the axes.</summary>
    public static double[] Transform(string from, string to, double[] pairs)
    {
        var lines = string.Concat(pairs.Chunk(2).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair[0]:R} {pair[1]:R}\n")));
        return [.. Run("gdaltransform", lines, "-s_srs", from, "-t_srs", to, "-output_xy").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
    }

    /// <summary>WKT 1 as GDAL writes it into GeoPackages.</summary>
    public static string Definition(string code) => Run("gdalsrsinfo", "", "-o", "wkt1", code).Trim();

    /// <summary>WKT 2 (OGC 18-010r11) in one line.</summary>
    public static string Wkt2(string code) => Run("gdalsrsinfo", "", "-o", "wkt2_2019", "--single-line", code).Trim();

    /// <summary>The degrees that a definition stands on, counted from Greenwich.</summary>
    public static string Geographic(string wkt)
    {
        var system = ((ProjNet.CoordinateSystems.ProjectedCoordinateSystem)new ProjNet.CoordinateSystems.CoordinateSystemFactory().CreateFromWkt(wkt)).GeographicCoordinateSystem;
        var ellipsoid = system.HorizontalDatum.Ellipsoid;
        return system.PrimeMeridian.Longitude == 0
            ? $"EPSG:{system.AuthorityCode}"
            : string.Create(CultureInfo.InvariantCulture, $"+proj=longlat +a={ellipsoid.SemiMajorAxis:R} +rf={ellipsoid.InverseFlattening:R} +no_defs");
    }

    private static string Run(string tool, string input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, errors.Result);
        return output.Result;
    }
}
