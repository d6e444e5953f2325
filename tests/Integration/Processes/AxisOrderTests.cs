using System.Globalization;
using System.Text.RegularExpressions;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>The same points in every format and CRS, out of the server and in again, are the same points: each format has its own order of coordinates.</summary>
[Collection(OpenServerTests.Name)]
public sealed partial class AxisOrderTests(OpenServer qgis)
{
    private static readonly string[] _formats =
    [
        "application/geo+json", "application/geopackage+sqlite3", "application/flatgeobuf", "application/gml+xml; version=3.2", "application/gml+xml; version=3.1",
        "application/gml+xml; version=2.1", "application/zip", "text/csv", "application/vnd.google-earth.kml+xml",
    ];

    /// <summary>By CRS, with two points that are not each other's mirror.</summary>
    private static readonly (string Crs, double[][] Points)[] _layers =
    [
        ("urn:ogc:def:crs:EPSG::4326", [[8.25, 50.5], [-70.125, -33.5]]),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", [[8.25, 50.5], [-70.125, -33.5]]),
        ("urn:ogc:def:crs:EPSG::3857", [[890555.5, 6446275.25], [-7800000.5, -3900000]]),
        ("urn:ogc:def:crs:EPSG::25832", [[428000.5, 5538000], [700000, 5300000.25]]),
        ("urn:ogc:def:crs:EPSG::31467", [[3428000.5, 5540000], [3500000, 5300000.25]]),
        ("urn:ogc:def:crs:EPSG::3035", [[4180000.5, 2990000], [4321000, 3210000.25]]),
    ];

    public static TheoryData<string, int> All
    {
        get
        {
            var all = new TheoryData<string, int>();
            foreach (var format in _formats)
            {
                for (var i = 0; i < _layers.Length; i++)
                {
                    all.Add(format, i);
                }
            }

            return all;
        }
    }

    [QgisTheory]
    [MemberData(nameof(All))]
    public async Task A_layer_comes_back_as_it_went(string format, int layer)
    {
        var (crs, points) = _layers[layer];
        var content = (await CentroidsAsync(Layer(crs, points), format)).ShouldBe(200).Body;
        var stored = qgis.Files.Put($"axis-{Guid.NewGuid():N}", content, format);

        var again = await CentroidsAsync(new { href = stored, type = format }, "application/geo+json");

        var isKml = format.EndsWith("kml+xml", StringComparison.Ordinal);
        var expected = isKml ? await InDegreesAsync(crs, points) : points;
        var tolerance = isKml ? 1e-9 : 1e-6;
        Coordinates(again.ShouldBe(200)).SelectMany(point => point).ShouldBe(expected.SelectMany(point => point), tolerance);
        if (!isKml && format != "text/csv")
        {
            NameOf(again).ShouldBe(layer < 2 ? null : crs);
        }
    }

    [QgisTheory]
    [MemberData(nameof(All))]
    public async Task GDAL_sees_the_same_points(string format, int layer)
    {
        var (crs, points) = _layers[layer];
        if (format.EndsWith("kml+xml", StringComparison.Ordinal))
        {
            points = await InDegreesAsync(crs, points);
        }

        var answer = await qgis.ExecuteAsync("native:centroids", new
        {
            inputs = new { INPUT = Layer(crs, points: _layers[layer].Points) },
            outputs = new { OUTPUT = new { format = new { mediaType = format }, transmissionMode = "reference" } },
            response = "document",
        });
        var info = Gdal.VectorAt(answer.ShouldBe(200).Json.GetProperty("OUTPUT").GetProperty("href").GetString()!);

        var seen = Point().Matches(info).Select(match => new[] { match.Groups[1].Value, match.Groups[2].Value }.Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray()).ToList();
        foreach (var point in points)
        {
            seen.ShouldContain(other => Math.Abs(other[0] - point[0]) < 1e-9 && Math.Abs(other[1] - point[1]) < 1e-9, info);
        }
    }

    private static object Layer(string crs, double[][] points) => new
    {
        type = "FeatureCollection",
        crs = new { type = "name", properties = new { name = crs } },
        features = points.Select((point, number) => new { type = "Feature", properties = new { number }, geometry = new { type = "Point", coordinates = point } }),
    };

    private static double[][] Coordinates(Answer answer) =>
    [
        .. answer.Json.GetProperty("features").EnumerateArray()
            .OrderBy(feature => feature.GetProperty("properties").GetProperty("number").GetInt32())
            .Select(feature => feature.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Take(2).Select(number => number.GetDouble()).ToArray()),
    ];

    private static string? NameOf(Answer answer) =>
        answer.Json.TryGetProperty("crs", out var crs) ? crs.GetProperty("properties").GetProperty("name").GetString() : null;

    private async Task<double[][]> InDegreesAsync(string crs, double[][] points) =>
        Coordinates((await qgis.ExecuteAsync("native:reprojectlayer", new { inputs = new { INPUT = Layer(crs, points), TARGET_CRS = "EPSG:4326" } })).ShouldBe(200));

    private Task<Answer> CentroidsAsync(object input, string mediaType) =>
        qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = input }, outputs = new { OUTPUT = new { format = new { mediaType } } } });

    [GeneratedRegex(@"POINT (?:Z )?\((\S+) ([^\s)]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Point();
}
