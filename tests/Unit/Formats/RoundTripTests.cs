using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Formats;
using static GeoWps.Tests.Unit.Formats.Conversion;

namespace GeoWps.Tests.Unit.Formats;

public sealed class RoundTripTests
{
    [Fact]
    public async Task MadeCollectionsComeBackAsTheyWere()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var hasZ = random.Next(3) == 0;
            var features = Enumerable.Range(0, random.Next(1, 12)).Select(_ => Made(random, hasZ)).ToArray();
            var text = Collection([.. features.Select(feature => feature.ToJsonString())]);
            ShouldBeExactly(await RoundTripAsync(text), features, seed);
        }
    }

    [Fact]
    public async Task RealCountriesComeBackAsTheyWere()
    {
        var text = Encoding.UTF8.GetString(Data("countries_110m.geojson"));
        ShouldBeTheSame(await RoundTripAsync(text), FeaturesOf(text));
    }

    [Fact]
    public async Task AFeatureLargerThanAnyBufferComesBack()
    {
        var line = string.Join(',', Enumerable.Range(0, 200_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"[{i / 7.0},{-i}]")));
        var features = await RoundTripAsync(Collection(Feature("{}", $$"""{"type":"LineString","coordinates":[{{line}}]}"""), Feature("""{"a":1}""", "null")));
        var coordinates = features[0]!["geometry"]!["coordinates"]!.AsArray();
        (coordinates.Count, coordinates[199_999]![0]!.GetValue<double>()).ShouldBe((200_000, 199_999 / 7.0));
    }

    [Fact]
    public async Task WrittenGeoJsonHasNameCrsAndRoundedCoordinatesWhenAsked()
    {
        var flatGeobuf = await ToFlatGeobufAsync("""{"type":"Point","coordinates":[1.23456,2],"crs":{"type":"name","properties":{"name":"EPSG:3857"}}}""");
        (await ToGeoJsonAsync(flatGeobuf, new GeoJsonOptions(MaxDecimals: 2, Name: "a\"b"))).ShouldBe("""
            {"type":"FeatureCollection","name":"a\"b","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},"features":[
            {"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1.23,2]}}
            ]}

            """);
    }

    private static void ShouldBeExactly(JsonArray actual, JsonObject[] expected, int seed)
    {
        actual.Count.ShouldBe(expected.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            ShouldBeTheSame(actual[i]!["properties"], expected[i]["properties"], $"seed {seed}, feature {i}");
            // Coordinates as text: not a digit may change.
            actual[i]!["geometry"]?.ToJsonString().ShouldBe(expected[i]["geometry"]?.ToJsonString(), $"seed {seed}, feature {i}");
        }
    }

    private static JsonObject Made(Random random, bool hasZ)
    {
        var properties = new JsonObject();
        foreach (var name in new[] { "i", "l", "d", "s", "b" }.Where(_ => random.Next(5) > 0).OrderBy(_ => random.Next()))
        {
            properties[name] = random.Next(6) == 0 ? null : name switch
            {
                "i" => random.Next(int.MinValue, int.MaxValue),
                "l" => random.NextInt64(long.MinValue, long.MaxValue),
                "d" => random.NextDouble() * Math.Pow(10, random.Next(-20, 20)),
                "b" => random.Next(2) == 0,
                _ => MadeText(random),
            };
        }

        return new JsonObject { ["type"] = "Feature", ["properties"] = properties, ["geometry"] = random.Next(8) == 0 ? null : MadeGeometry(random, hasZ, 0) };
    }

    private static string MadeText(Random random) =>
        "x" + string.Concat(Enumerable.Range(0, random.Next(0, 20)).Select(_ => Rune.IsValid(random.Next(0x20000)) ? new Rune(random.Next(1, 0xD7FF)).ToString() : "😀"));

    private static JsonObject MadeGeometry(Random random, bool hasZ, int depth)
    {
        var type = random.Next(depth < 3 ? 7 : 6);
        return type switch
        {
            0 => Geometry("Point", Position(random, hasZ)),
            1 => Geometry("LineString", Line(random, hasZ, random.Next(2, 9))),
            2 => Geometry("Polygon", Many(random, 3, () => Line(random, hasZ, 5))),
            3 => Geometry("MultiPoint", Line(random, hasZ, random.Next(0, 5))),
            4 => Geometry("MultiLineString", Many(random, 4, () => Line(random, hasZ, random.Next(2, 5)))),
            5 => Geometry("MultiPolygon", Many(random, 4, () => Many(random, 3, () => Line(random, hasZ, 4)))),
            _ => new JsonObject
            {
                ["type"] = "GeometryCollection",
                ["geometries"] = new JsonArray([.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => (JsonNode)MadeGeometry(random, hasZ, depth + 1))]),
            },
        };
    }

    private static JsonObject Geometry(string type, JsonArray coordinates) => new() { ["type"] = type, ["coordinates"] = coordinates };

    private static JsonArray Many(Random random, int most, Func<JsonArray> one) => new([.. Enumerable.Range(0, random.Next(1, most)).Select(_ => (JsonNode)one())]);

    private static JsonArray Line(Random random, bool hasZ, int count) => new([.. Enumerable.Range(0, count).Select(_ => (JsonNode)Position(random, hasZ))]);

    private static JsonArray Position(Random random, bool hasZ) =>
        new([.. Enumerable.Range(0, hasZ ? 3 : 2).Select(_ => (JsonNode)JsonValue.Create(Math.Round((random.NextDouble() * 360) - 180, random.Next(1, 15))))]);
}
