using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>The data that comes with the server.</summary>
internal static class Sample
{
    public const int CountriesCount = 177;
    public const int PlacesCount = 505;

    /// <summary>Polygons, longer than any text that stays inside a request.</summary>
    public static string Countries { get; } = PathOf("countries.geojson");

    /// <summary>Points.</summary>
    public static string Places { get; } = PathOf("places.geojson");

    /// <summary>A GeoPackage: countries, places, rivers, urban areas, lakes.</summary>
    public static string World { get; } = PathOf("world.gpkg");

    /// <summary>Elevation of the earth, a raster.</summary>
    public static string Relief { get; } = PathOf("relief.tif");

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

    /// <summary>The countries and two polygons that cross themselves: QGIS stops at them.</summary>
    public static JsonNode CountriesAndTwoInvalid()
    {
        var all = Read(Countries);
        for (var i = 0; i < 2; i++)
        {
            var crossed = new { type = "Polygon", coordinates = new[] { new[] { new[] { 0, 0 }, [2, 2], [2, 0], [0, 2], [0, 0] } } };
            all["features"]!.AsArray().Add(Collection(crossed)["features"]![0]!.DeepClone());
        }

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

    public static string PathOf(string name) => Path.Combine(
        typeof(Sample).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Samples").Value!, name);
}
