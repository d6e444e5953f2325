using GeoWps.Adapters.Formats;
using static GeoWps.Tests.Unit.Formats.Conversion;

namespace GeoWps.Tests.Unit.Formats;

public sealed class DamageTests
{
    private const string Sample = """
        {"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"a":1,"b":"text","c":1.5,"d":true},"geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]],[[0,0],[1,0],[1,1],[0,0]]]]}},
        {"type":"Feature","properties":{"b":"more"},"geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"LineString","coordinates":[[1,2],[3,4]]}]}}]}
        """;

    [Fact]
    public async Task ACutFileIsFoundOutWhereverItIsCut()
    {
        var whole = await ToFlatGeobufAsync(Sample);
        for (var length = 0; length < whole.Length; length++)
        {
            var failure = await Should.ThrowAsync<InvalidDataException>(() => ToGeoJsonAsync(whole[..length]));
            failure.Message.ShouldContain("byte ");
        }

        (await Should.ThrowAsync<InvalidDataException>(() => ToGeoJsonAsync(whole[..^1]))).Message.ShouldStartWith("feature 2 (byte ");
        (await Should.ThrowAsync<InvalidDataException>(() => ToGeoJsonAsync("fgb\u0002fgb.."u8.ToArray()))).Message.ShouldBe("byte 0: this is not FlatGeobuf 3");
    }

    [Fact]
    public async Task ADamagedFileNeverDoesMoreThanThrow()
    {
        var whole = await ToFlatGeobufAsync(Sample);
        var random = new Random(3);
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = whole.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                damaged[random.Next(8, damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                (await ToGeoJsonAsync(damaged)).Length.ShouldBeLessThan(200_000);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(5_000);
    }

    /// <summary>Sixteen levels of collections, each of whose two places point to the one next level: 65,536 points from some hundred bytes.</summary>
    [Fact]
    public async Task PartsThatAreUsedTwiceAreRefused()
    {
        var geometry = """{"type":"Point","coordinates":[1,2]}""";
        for (var level = 0; level < 16; level++)
        {
            geometry = $$"""{"type":"GeometryCollection","geometries":[{{geometry}},{"type":"Point","coordinates":[1,2]}]}""";
        }

        var bomb = await ToFlatGeobufAsync(geometry);
        var found = 0;
        for (var at = bomb.Length - 12; at > 0; at--)
        {
            // A vector of two places: let the second point where the first does.
            if (bomb.AsSpan(at, 4).SequenceEqual((ReadOnlySpan<byte>)[2, 0, 0, 0]) && BitConverter.ToInt32(bomb, at + 4) == 28)
            {
                BitConverter.TryWriteBytes(bomb.AsSpan(at + 8), 24);
                found++;
            }
        }

        found.ShouldBe(16);
        (await Should.ThrowAsync<InvalidDataException>(() => ToGeoJsonAsync(bomb))).Message.ShouldEndWith("parts that are used twice");
    }

    [Fact]
    public async Task InfoTellsWhatTheHeaderSays()
    {
        var info = await InfoOfAsync(await ToFlatGeobufAsync(Sample));
        (info.Name, info.FeatureCount, info.GeometryType, info.HasZ, info.HasM, info.IndexNodeSize)
            .ShouldBe(("layer", 2L, GeometryType.Unknown, false, false, 0));
        info.Columns.ShouldBe(
        [
            new FlatGeobufColumn("a", ColumnType.Int, null), new FlatGeobufColumn("b", ColumnType.String, null),
            new FlatGeobufColumn("c", ColumnType.Double, null), new FlatGeobufColumn("d", ColumnType.Bool, 1),
        ]);
        info.Bbox.ShouldBe([0.0, 0, 3, 4]);
        info.Crs!.IsWgs84.ShouldBeTrue();
    }
}
