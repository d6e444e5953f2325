using System.Globalization;
using System.Text;

namespace GeoWps.Bench.Execute;

/// <summary>The data that is sent.</summary>
internal static class Requests
{
    public static byte[] TenPoints { get; } = Buffer(Collection(Enumerable.Range(0, 10)
        .Select(n => $$$"""{"type":"Feature","properties":{"name":"point {{{n}}}"},"geometry":{"type":"Point","coordinates":[{{{n}}},{{{n}}}]}}""")));

    /// <summary>10,000 polygons of 20 vertices, about 2.5 MB (and coordinates of a plausible length).</summary>
    public static string Polygons { get; } = Collection(Enumerable.Range(0, 10_000).Select(Polygon));

    public static byte[] Buffer(string collection) => Encoding.UTF8.GetBytes(
        $$$"""
        {
            "inputs": {"INPUT": {"value": {{{collection}}}, "mediaType": "application/geo+json"}, "DISTANCE": 0.1, "SEGMENTS": 5},
            "outputs": {"OUTPUT": {"format": {"mediaType": "application/geo+json"} } },
            "response": "raw"
        }
        """);

    /// <summary>The same layer as a result that stays on the server.</summary>
    public static byte[] Keep(string collection) => Encoding.UTF8.GetBytes(
        $$$"""
        {
            "inputs": {"INPUT": {"value": {{{collection}}}, "mediaType": "application/geo+json"}, "DISTANCE": 0},
            "outputs": {"OUTPUT": {"format": {"mediaType": "application/flatgeobuf"}, "transmissionMode": "reference"} },
            "response": "document"
        }
        """);

    /// <summary>Long enough, and with so little to read and write, that the work of QGIS is what is measured.</summary>
    public static byte[] Dissolve(string href) => Encoding.UTF8.GetBytes(
        $$$"""
        {
            "inputs": {"INPUT": {"href": "{{{href}}}", "type": "application/flatgeobuf"}, "DISTANCE": 1, "SEGMENTS": 20, "DISSOLVE": true},
            "outputs": {"OUTPUT": {"format": {"mediaType": "application/flatgeobuf"} } },
            "response": "raw"
        }
        """);

    private static string Polygon(int number)
    {
        var (x, y) = ((number % 100 * 3.0) - 150, (number / 100 * 1.5) - 75);
        var ring = string.Join(',', Enumerable.Range(0, 20).Select(corner => Corner(x, y, corner % 19)));
        return $$$"""{"type":"Feature","properties":{"number":{{{number}}}},"geometry":{"type":"Polygon","coordinates":[[{{{ring}}}]]}}""";
    }

    private static string Corner(double x, double y, int corner)
    {
        var angle = corner * 2 * Math.PI / 19;
        return string.Create(CultureInfo.InvariantCulture, $"[{x + Math.Cos(angle):0.000},{y + (0.7 * Math.Sin(angle)):0.000}]");
    }

    private static string Collection(IEnumerable<string> features) => $$"""{"type":"FeatureCollection","features":[{{string.Join(',', features)}}]}""";
}
