using System.Text;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Formats;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Formats;

/// <summary>Both directions on texts and arrays, for tests.</summary>
internal static class Conversion
{
    public static async Task<(FeatureOutcome Outcome, byte[] FlatGeobuf)> ConvertAsync(byte[] geoJson, int chunk = int.MaxValue)
    {
        var output = new MemoryStream();
        using var input = new DribblingStream(geoJson, chunk);
        var outcome = await GeoJsonToFlatGeobuf.ConvertAsync(input, output, "layer", CancellationToken.None);
        return (outcome, output.ToArray());
    }

    public static async Task<byte[]> ToFlatGeobufAsync(string geoJson)
    {
        var (outcome, flatGeobuf) = await ConvertAsync(Encoding.UTF8.GetBytes(geoJson));
        outcome.ShouldBeOfType<FeatureOutcome.Written>(outcome.ToString());
        return flatGeobuf;
    }

    public static async Task<string> RefusalOfAsync(string geoJson)
    {
        var (outcome, flatGeobuf) = await ConvertAsync(Encoding.UTF8.GetBytes(geoJson));
        flatGeobuf.ShouldBeEmpty("nothing may be written before everything is right");
        return outcome.ShouldBeOfType<FeatureOutcome.Invalid>(outcome.ToString()).Message;
    }

    public static async Task<string> ReasonAgainstAsync(string geoJson)
    {
        var (outcome, flatGeobuf) = await ConvertAsync(Encoding.UTF8.GetBytes(geoJson));
        flatGeobuf.ShouldBeEmpty();
        return outcome.ShouldBeOfType<FeatureOutcome.NotRepresentable>(outcome.ToString()).Reason;
    }

    public static async Task<string> ToGeoJsonAsync(byte[] flatGeobuf, GeoJsonOptions? options = null, int chunk = int.MaxValue)
    {
        var output = new MemoryStream();
        using var input = new DribblingStream(flatGeobuf, chunk);
        await FlatGeobufToGeoJson.WriteAsync(input, output, options ?? GeoJsonOptions.Default, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    public static async Task<JsonArray> RoundTripAsync(string geoJson) => FeaturesOf(await ToGeoJsonAsync(await ToFlatGeobufAsync(geoJson)));

    public static JsonArray FeaturesOf(string geoJson) => JsonNode.Parse(geoJson)!["features"]!.AsArray();

    public static Task<FlatGeobufInfo> InfoOfAsync(byte[] flatGeobuf) => FlatGeobufInfo.ReadAsync(new MemoryStream(flatGeobuf), CancellationToken.None);

    public static string Collection(params string[] features) => $$"""{"type":"FeatureCollection","features":[{{string.Join(",\n", features)}}]}""";

    public static string Feature(string properties, string geometry = """{"type":"Point","coordinates":[1,2]}""", string more = "") =>
        $$"""{"type":"Feature",{{more}}"properties":{{properties}},"geometry":{{geometry}}}""";

    /// <summary>The repository's <c>tests/data</c>.</summary>
    public static byte[] Data(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "tests", "data", name);
            if (File.Exists(path))
            {
                return File.ReadAllBytes(path);
            }
        }

        throw new FileNotFoundException(name);
    }

    /// <summary>Same features, members in any order, numbers within a rounding, a missing property as good as null.</summary>
    public static void ShouldBeTheSame(JsonNode? actual, JsonNode? expected, string path = "$")
    {
        if (expected is JsonObject || actual is JsonObject)
        {
            var (left, right) = (actual.ShouldBeOfType<JsonObject>(path), expected.ShouldBeOfType<JsonObject>(path));
            foreach (var name in left.Select(member => member.Key).Union(right.Select(member => member.Key)).Where(name => name is not "bbox"))
            {
                ShouldBeTheSame(left[name], right[name], $"{path}.{name}");
            }
        }
        else if (expected is JsonArray items)
        {
            var array = actual.ShouldBeOfType<JsonArray>(path);
            array.Count.ShouldBe(items.Count, path);
            for (var i = 0; i < items.Count; i++)
            {
                ShouldBeTheSame(array[i], items[i], $"{path}[{i}]");
            }
        }
        else if (expected?.GetValueKind() == System.Text.Json.JsonValueKind.Number)
        {
            var wanted = NumberOf(expected);
            NumberOf(actual.ShouldNotBeNull(path)).ShouldBe(wanted, Math.Abs(wanted) * 1e-14, path);
        }
        else
        {
            actual?.ToJsonString().ShouldBe(expected?.ToJsonString(), path);
            (actual is null).ShouldBe(expected is null, path);
        }
    }

    private static double NumberOf(JsonNode node) => double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Gives a few bytes at a time, so that every value is cut somewhere.</summary>
    private sealed class DribblingStream(byte[] content, int chunk) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, chunk)], cancellationToken);
    }
}
