using System.Diagnostics;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Layers;

namespace GeoWps.Tests.Integration.Records;

/// <summary>What a server has becomes a record soon and stops being one soon, and its use is counted.</summary>
[Collection(LayersServerTests.Name)]
public sealed class UseTests(LayersServer server)
{
    private const string Points =
        """
        {"type": "FeatureCollection", "features": [
          {"type": "Feature", "properties": {"name": "a"}, "geometry": {"type": "Point", "coordinates": [7, 51]}},
          {"type": "Feature", "properties": {"name": "b"}, "geometry": {"type": "Point", "coordinates": [8, 52]}}]}
        """;

    [QgisFact]
    public async Task A_layer_is_found_while_it_is_there_and_its_features_are_counted()
    {
        (await server.SendDataAsync(HttpMethod.Post, "admin/layers?id=counted&title=Quaggas%20of%20the%20karoo", System.Text.Encoding.UTF8.GetBytes(Points), "application/geo+json")).ShouldBe(201);
        await UntilAsync("quaggas karoo", ["layers:counted"]);

        var features = (await server.GetAsync("collections/counted/items?limit=1")).ShouldBe(200).Json;
        var next = features.GetProperty("links").EnumerateArray().Single(link => link.GetProperty("rel").GetString() == "next").GetProperty("href").GetString()!;
        (await server.GetAsync(new Uri(next).PathAndQuery[1..])).ShouldBe(200);
        (await server.GetAsync("collections/counted/items?f=html")).ShouldBe(200);
        (await server.GetAsync($"collections/counted/items/{features.GetProperty("features")[0].GetProperty("id")}")).ShouldBe(200);
        (await server.GetAsync("collections/counted/items/none")).ShouldBe(404);
        var (opened, downloaded) = await UseOfAsync("layers:counted");
        (opened, downloaded).ShouldBe((2, 1), "a page and a feature; features, whose second page is the same once more");

        (await server.AdministerAsync(HttpMethod.Delete, "admin/layers/counted")).ShouldBe(204);
        await UntilAsync("quaggas karoo", []);
    }

    [QgisFact]
    public async Task Results_are_counted_in_whichever_protocol_they_are_got()
    {
        var (_, before) = await UseOfAsync("processes:echo");
        (await server.SendAsync(HttpMethod.Post, "processes/echo/execution", new StringContent("""{"inputs":{"literalInput":"x"}}""", System.Text.Encoding.UTF8, "application/json"))).ShouldBe(200);
        (await server.GetAsync("wps?service=WPS&version=1.0.0&request=Execute&identifier=echo&RawDataOutput=literalOutput&DataInputs=literalInput=x")).ShouldBe(200);
        (await server.GetAsync("wps?service=WPS&version=1.0.0&request=Execute&identifier=echo&DataInputs=literalInput=x")).ShouldBe(200);
        (await server.GetAsync("wps?service=WPS&version=1.0.0&request=DescribeProcess&identifier=echo")).ShouldBe(200);
        (await UseOfAsync("processes:echo")).Downloaded.ShouldBe(before + 3);
    }

    private async Task UntilAsync(string words, string[] ids)
    {
        var found = Array.Empty<string?>();
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30); await Task.Delay(100))
        {
            var answer = (await server.GetAsync($"search?f=json&q={Uri.EscapeDataString(words)}")).ShouldBe(200).Json;
            found = [.. answer.GetProperty("features").EnumerateArray().Select(one => one.GetProperty("id").GetString())];
            if (found.SequenceEqual(ids))
            {
                return;
            }
        }

        found.ShouldBe(ids);
    }

    private async Task<(long Opened, long Downloaded)> UseOfAsync(string record)
    {
        var rows = (await server.AdministerAsync(HttpMethod.Get, "admin/use?by=record&limit=1000")).ShouldBe(200).Json.GetProperty("use").EnumerateArray().Where(row => row.GetProperty("record").GetString() == record).ToArray();
        return rows is [var row] ? (row.GetProperty("opened").GetInt64(), row.GetProperty("downloaded").GetInt64()) : (0, 0);
    }
}
