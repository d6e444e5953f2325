using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>The data that comes with the server.</summary>
internal static class Sample
{
    public const int CountriesCount = 175;
    public const int PlacesCount = 505;

    /// <summary>Polygons, longer than any text that stays inside a request. Two are not valid: QGIS stops at them.</summary>
    public static string AllCountries { get; } = PathOf("countries.geojson");

    /// <summary>Those that are valid.</summary>
    public static string Countries { get; } = WriteValid();

    /// <summary>Points.</summary>
    public static string Places { get; } = PathOf("places.geojson");

    /// <summary>Elevation, 403 x 344.</summary>
    public static string Dem { get; } = PathOf("jacksboro_dem.tif");

    /// <summary>A collection of its own for each caller.</summary>
    public static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllBytes(path))!;

    /// <summary>The first features of a file.</summary>
    public static JsonNode First(string path, int count)
    {
        var all = Read(path);
        all["features"] = new JsonArray([.. all["features"]!.AsArray().Take(count).Select(feature => feature!.DeepClone())]);
        return all;
    }

    public static JsonNode Point(double x, double y) => Collection(new { type = "Point", coordinates = new[] { x, y } });

    /// <summary>One feature.</summary>
    public static JsonNode Collection(object geometry) => JsonSerializer.SerializeToNode(new
    {
        type = "FeatureCollection",
        features = new[] { new { type = "Feature", properties = new { name = "here" }, geometry } },
    })!;

    /// <summary>The files at the top of the zip.</summary>
    public static byte[] Zip(params IEnumerable<string> files)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in files)
            {
                zip.CreateEntryFromFile(file, Path.GetFileName(file));
            }
        }

        return bytes.ToArray();
    }

    private static string WriteValid()
    {
        var all = Read(AllCountries);
        all["features"] = new JsonArray([.. all["features"]!.AsArray().Where(feature => (string?)feature!["properties"]!["NAME"] is not ("North Korea" or "Somaliland")).Select(feature => feature!.DeepClone())]);
        var path = Path.Combine(AppContext.BaseDirectory, "valid_countries.geojson");
        File.WriteAllText(path, all.ToJsonString());
        return path;
    }

    private static string PathOf(string name) => Path.Combine(
        typeof(Sample).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Samples").Value!, name);
}
