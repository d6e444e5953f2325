using System.Net;
using System.Text.Json;
using GeoWps.Domain.Layers;

namespace GeoWps.Tests.Unit.Http.Maps;

/// <summary>Map tiles of several layers: OGC 20-057, classes "Dataset Tilesets" and "Collections Selection". The pictures here are texts.</summary>
public sealed class DatasetMapTests(MapServer server) : IClassFixture<MapServer>
{
    private const string Tile = "map/tiles/WebMercatorQuad/8/85/135";

    [Fact]
    [Trait("ATS", "/conf/dataset-tilesets/operation")]
    public async Task The_tilesets_of_all_layers_are_listed_and_linked_to()
    {
        var landing = await JsonAsync("");
        var link = landing.GetProperty("links").EnumerateArray().Single(link => link.GetProperty("rel").GetString() == "http://www.opengis.net/def/rel/ogc/1.0/tilesets-map");
        link.GetProperty("href").GetString().ShouldBe(server.Address + "map/tiles");

        var list = (await JsonAsync("map/tiles")).GetProperty("tilesets").EnumerateArray().ToList();
        list.Select(tileset => tileset.GetProperty("tileMatrixSetId").GetString()).ShouldContain("WebMercatorQuad");
        list.ShouldAllBe(tileset => tileset.GetProperty("dataType").GetString() == "map");

        var one = await JsonAsync("map/tiles/WebMercatorQuad");
        one.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("id").GetString()).ShouldBe(["hills", "areas"], "pictures lie below areas");
        one.GetProperty("links").EnumerateArray().Where(each => each.GetProperty("rel").GetString() == "item").Select(item => item.GetProperty("type").GetString())
            .ShouldBe(["image/png", "image/jpeg", "image/webp"]);
        var limits = one.GetProperty("tileMatrixSetLimits").EnumerateArray().Single(each => each.GetProperty("tileMatrix").GetString() == "8");
        (limits.GetProperty("minTileCol").GetInt32(), limits.GetProperty("maxTileRow").GetInt32()).ShouldBe((131, 90));
    }

    [Theory]
    [InlineData("", "hills WebMercatorQuad 8 85 135 png + areas WebMercatorQuad 8 85 135 png")]
    [InlineData("?collections=areas,hills", "areas WebMercatorQuad 8 85 135 png + hills WebMercatorQuad 8 85 135 png")]
    [InlineData("?collections=hills,areas", "hills WebMercatorQuad 8 85 135 png + areas WebMercatorQuad 8 85 135 png")]
    [Trait("ATS", "/conf/collections-selection/collections-response")]
    public async Task Layers_lie_over_each_other_in_the_order_asked_for(string query, string parts)
    {
        using var answer = await server.Client.GetAsync(Tile + query);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        (await answer.Content.ReadAsStringAsync()).ShouldBe($"png 256x256: {parts}");
    }

    [Fact]
    public async Task One_layer_is_sent_as_it_is_where_its_format_is_wanted()
    {
        (await server.Client.GetStringAsync(Tile + "?collections=hills&f=jpeg")).ShouldBe("hills WebMercatorQuad 8 85 135 jpeg");
        (await server.Client.GetStringAsync(Tile + "?collections=hills&f=webp")).ShouldBe("webp 256x256: hills WebMercatorQuad 8 85 135 png", "it makes none");
        (await server.Client.GetStringAsync(Tile + "?collections=hills,areas&f=jpeg")).ShouldStartWith("jpeg 256x256: ");
    }

    [Theory]
    [InlineData(Tile + "?collections=nothing", HttpStatusCode.BadRequest)]
    [InlineData(Tile + "?f=mvt", HttpStatusCode.BadRequest)]
    [InlineData("map/tiles/WebMercatorQuad/8/1/1", HttpStatusCode.NotFound)]
    [InlineData("map/tiles/WebMercatorQuad/9/1/1", HttpStatusCode.NotFound)]
    [InlineData("map/tiles/Unknown/8/85/135", HttpStatusCode.NotFound)]
    [InlineData("map/tiles/WebMercatorQuad?collections=nothing", HttpStatusCode.BadRequest)]
    public async Task What_is_not_there_is_refused(string path, HttpStatusCode status)
    {
        using var answer = await server.Client.GetAsync(path);

        answer.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task A_tile_that_has_not_changed_is_not_sent_again()
    {
        using var first = await server.Client.GetAsync(Tile + "?collections=areas,hills");
        using var request = new HttpRequestMessage(HttpMethod.Get, Tile + "?collections=areas,hills") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var again = await server.Client.SendAsync(request);

        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task It_is_fresh_as_long_as_the_part_that_ages_first()
    {
        // One with an end is not among all layers.
        server.Layers.Add(MapServer.Layer("quick") with { Expires = DateTimeOffset.MaxValue, Caching = new LayerCaching { MaxAgeSeconds = 10 } });

        using var alone = await server.Client.GetAsync(Tile + "?collections=areas,hills");
        using var together = await server.Client.GetAsync(Tile + "?collections=areas,quick,hills");

        alone.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromMinutes(5));
        together.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromSeconds(10));
    }

    private async Task<JsonElement> JsonAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("application/json");
        using var answer = await server.Client.SendAsync(request);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }
}
