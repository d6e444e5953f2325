using System.Text;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;

namespace GeoWps.Tests.Integration.Features;

/// <summary>What every <see cref="IFeatureStore"/> does, over the same features.</summary>
public abstract class FeatureStoreContract
{
    protected const string Things = """
        {"type": "FeatureCollection", "features": [
          {"type": "Feature", "id": 1, "geometry": {"type": "Point", "coordinates": [10, 50]}, "properties": {"name": "one", "size": 1, "height": 1.5, "capital": true, "founded": "2020-01-01", "seen": "2020-01-01T12:00:00Z"}},
          {"type": "Feature", "id": 3, "geometry": {"type": "Point", "coordinates": [20, 60]}, "properties": {"name": "\"three' Ø", "size": 3, "height": 2.25, "capital": false, "founded": "2020-06-01", "seen": "2020-06-01T00:00:00Z"}},
          {"type": "Feature", "id": 5, "geometry": null, "properties": {"name": null, "size": null, "height": null, "capital": null, "founded": null, "seen": null}},
          {"type": "Feature", "id": 7, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [30, 0], [30, 5], [5, 5], [5, 30], [0, 30], [0, 0]]]}, "properties": {"name": "corner", "size": 7, "height": 0.5, "capital": false, "founded": "2021-01-01", "seen": "2021-01-01T00:00:00Z"}},
          {"type": "Feature", "id": 8, "geometry": {"type": "LineString", "coordinates": [[-10, -10], [-20, -20]]}, "properties": {"name": "line", "size": 7, "height": 4, "capital": true, "founded": "2021-01-02", "seen": "2021-01-01T00:00:00.500Z"}}]}
        """;

    protected static IReadOnlyList<LayerField> Fields { get; } =
        [new("name", "string"), new("size", "integer"), new("height", "number"), new("capital", "boolean"), new("founded", "string", "date"), new("seen", "string", "date-time")];

    protected abstract IFeatureStore Store { get; }

    protected abstract Layer Layer { get; }

    /// <summary>A layer whose table is not there.</summary>
    protected abstract Layer Missing { get; }

    protected async Task TheContractHolds()
    {
        await All_come_in_the_order_of_their_ids();
        await Pages_go_on_after_an_id();
        await Areas_are_met_exactly();
        await Fields_have_their_types();
        await Times_meet();
        await Fields_are_written_as_JSON();
        await What_can_not_be_read_says_so();
    }

    private async Task All_come_in_the_order_of_their_ids()
    {
        Store.Reads(Layer).ShouldBeTrue();
        Store.IsId(Layer, "3").ShouldBeTrue();
        Store.IsId(Layer, "three").ShouldBeFalse();
        await ShouldFindAsync(new FeatureQuery(), 1, 3, 5, 7, 8);
        await ShouldFindAsync(new FeatureQuery { Ids = ["7", "1", "4"] }, 1, 7);
    }

    private async Task Pages_go_on_after_an_id()
    {
        (await IdsAsync(new FeatureQuery { Limit = 2 })).ShouldBe([1, 3]);
        (await IdsAsync(new FeatureQuery { Limit = 2, After = "3" })).ShouldBe([5, 7]);
        (await IdsAsync(new FeatureQuery { Limit = 2, After = "4" })).ShouldBe([5, 7]);
        (await IdsAsync(new FeatureQuery { After = "8" })).ShouldBeEmpty();
        (await Store.CountAsync(Layer, new FeatureQuery { Limit = 1, After = "3", Areas = [new Extent(5, 45, 25, 65)] }, 100, default)).ShouldBe(2);
    }

    private async Task Areas_are_met_exactly()
    {
        await ShouldFindAsync(new FeatureQuery { Areas = [new Extent(5, 45, 25, 65)] }, 1, 3);
        await ShouldFindAsync(new FeatureQuery { Areas = [new Extent(10, 50, 10, 50)] }, 1);
        await ShouldFindAsync(new FeatureQuery { Areas = [new Extent(10, 10, 20, 20)] });
        await ShouldFindAsync(new FeatureQuery { Areas = [new Extent(1, 1, 2, 2)] }, 7);
        await ShouldFindAsync(new FeatureQuery { Areas = [new Extent(-19, -12, -18, -11)] });
        await ShouldFindAsync(new FeatureQuery { Areas = [new Extent(-16, -16, -14, -14), new Extent(0, 0, 1, 1), new Extent(0, 0, 2, 2)] }, 7, 8);
        await ShouldFindAsync(new FeatureQuery { Areas = [] });
        await ShouldFindAsync(new FeatureQuery { Areas = [Extent.World] }, 1, 3, 7, 8);
    }

    private async Task Fields_have_their_types()
    {
        await ShouldFindAsync(Matching(0, "\"three' Ø"), 3);
        await ShouldFindAsync(Matching(0, "THREE"));
        await ShouldFindAsync(Matching(1, 7L), 7, 8);
        await ShouldFindAsync(Matching(2, 2.25), 3);
        await ShouldFindAsync(Matching(2, 4.0), 8);
        await ShouldFindAsync(Matching(3, true), 1, 8);
        await ShouldFindAsync(Matching(3, false), 3, 7);
        await ShouldFindAsync(Matching(4, new DateOnly(2021, 1, 2)), 8);
        await ShouldFindAsync(Matching(5, new DateTimeOffset(2020, 6, 1, 2, 0, 0, TimeSpan.FromHours(2))), 3);
        await ShouldFindAsync(Matching(1, 7L) with { Areas = [new Extent(-16, -16, -14, -14)] }, 8);
    }

    private async Task Times_meet()
    {
        await ShouldFindAsync(At(5, "2020-01-01"), 1);
        await ShouldFindAsync(At(5, "2020-06-01T00:00:00Z/.."), 3, 7, 8);
        await ShouldFindAsync(At(5, "../2021-01-01T00:00:00Z"), 1, 3, 7, 8);
        await ShouldFindAsync(At(5, "2021-01-01T00:00:00.200Z/.."), 8);
        await ShouldFindAsync(At(5, "1970-01-01"));
        await ShouldFindAsync(At(4, "2021-01-01T10:00:00Z"), 7);
        await ShouldFindAsync(At(4, "2020-06-01/2021-01-01"), 3, 7);
    }

    private async Task Fields_are_written_as_JSON()
    {
        var features = await ReadAsync(new FeatureQuery { Ids = ["3", "5"] });
        features[0].Properties.GetProperty("name").GetString().ShouldBe("\"three' Ø");
        features[0].Properties.GetProperty("size").GetInt64().ShouldBe(3);
        features[0].Properties.GetProperty("height").GetDouble().ShouldBe(2.25);
        features[0].Properties.GetProperty("capital").ValueKind.ShouldBe(JsonValueKind.False);
        features[0].Properties.GetProperty("founded").GetString().ShouldBe("2020-06-01");
        features[0].Properties.GetProperty("seen").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2020, 6, 1, 0, 0, 0, TimeSpan.Zero));
        features[0].Geometry.Length.ShouldBe(21);
        features[1].Properties.EnumerateObject().ShouldAllBe(field => field.Name == "fid" || field.Value.ValueKind == JsonValueKind.Null);
        features[1].Geometry.ShouldBeEmpty();
        (await ReadAsync(new FeatureQuery { Limit = 1, Fields = [Fields[1], Fields[0]] }))[0].Properties.EnumerateObject().Select(field => field.Name).ShouldBe(["size", "name"]);
        (await ReadAsync(new FeatureQuery { Limit = 1, Fields = [] }))[0].Properties.GetRawText().ShouldBe("{}");
    }

    private async Task What_can_not_be_read_says_so()
    {
        var failure = await Should.ThrowAsync<FeatureStoreException>(async () =>
        {
            await using var cursor = await Store.OpenAsync(Missing, new FeatureQuery(), default);
            await cursor.ReadAsync(default);
        });
        failure.Message.ShouldNotContain("/");
    }

    private static FeatureQuery Matching(int field, object value) => new() { Matches = [new FieldMatch(Fields[field], value)] };

    private static FeatureQuery At(int field, string text)
    {
        TimeInterval.TryParse(text, out var interval).ShouldBeTrue(text);
        return new FeatureQuery { Time = (Fields[field], interval) };
    }

    private async Task ShouldFindAsync(FeatureQuery query, params long[] ids)
    {
        (await IdsAsync(query)).ShouldBe(ids);
        (await Store.CountAsync(Layer, query, 100, default)).ShouldBe(ids.Length);
    }

    private async Task<List<long>> IdsAsync(FeatureQuery query) => [.. (await ReadAsync(query)).Select(feature => feature.Id)];

    private async Task<List<(long Id, byte[] Geometry, JsonElement Properties)>> ReadAsync(FeatureQuery query)
    {
        var features = new List<(long, byte[], JsonElement)>();
        await using var cursor = await Store.OpenAsync(Layer, query, default);
        while (await cursor.ReadAsync(default))
        {
            using var stream = new MemoryStream();
            using (var json = new Utf8JsonWriter(stream))
            {
                cursor.WriteProperties(json);
            }

            features.Add((cursor.Id.Number, cursor.Geometry.ToArray(), JsonElement.Parse(Encoding.UTF8.GetString(stream.ToArray()))));
        }

        return features;
    }
}
