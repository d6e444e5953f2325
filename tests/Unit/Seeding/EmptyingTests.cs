using System.Net;
using System.Text;
using System.Text.Json;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Application.Tiles.Seeding;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
using static GeoWps.Tests.Unit.Seeding.SeedWorld;

namespace GeoWps.Tests.Unit.Seeding;

/// <summary>What takes tiles away: truncating, and areas that have changed.</summary>
public sealed class EmptyingTests : IDisposable
{
    private readonly SeedWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_truncate_of_a_level_or_a_set_or_a_layer_walks_no_tiles()
    {
        await using var host = await SeedHost.StartAsync(_world);

        await host.ResultsAsync(await host.StartAsync("""{"operation":"truncate","tileMatrixSet":"WebMercatorQuad","format":"mvt","minZoom":3,"maxZoom":3}"""));
        await host.ResultsAsync(await host.StartAsync("""{"operation":"truncate","tileMatrixSet":"WebMercatorQuad","format":"mvt"}"""));
        await host.ResultsAsync(await host.StartAsync("""{"operation":"truncate"}"""));

        _world.Tiles.Removed.ShouldBe([new TileSelection(Key, 3), new TileSelection(Key), "world"]);
    }

    [Fact]
    public async Task A_truncate_of_an_area_leaves_the_rest()
    {
        await using var host = await SeedHost.StartAsync(_world);
        await host.ResultsAsync(await host.StartAsync("""{"operation":"seed","tileMatrixSet":"WebMercatorQuad"}"""));

        await host.ResultsAsync(await host.StartAsync("""{"operation":"truncate","bbox":[1,1,20,20],"minZoom":4}"""));

        _world.Tiles.Tiles.Count.ShouldBe(AllTiles - 1);
        _world.Tiles.Tiles.ContainsKey(new TileKey(Key, 4, new TileIndex(8, 7))).ShouldBeFalse();
    }

    [Fact]
    public async Task Changed_tiles_of_a_list_go_with_those_above_and_below()
    {
        await using var host = await SeedHost.StartAsync(_world);
        await host.ResultsAsync(await host.StartAsync("""{"operation":"seed","tileMatrixSet":"WebMercatorQuad"}"""));

        using var gone = await host.SendAsync(HttpMethod.Post, "cache/world/expire", "3/4/3\n", "text/plain");

        gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        _world.Tiles.Tiles.Count.ShouldBe(AllTiles - (1 + 1 + 1 + 1 + 4));
    }

    [Fact]
    public async Task A_changed_box_takes_along_the_tiles_that_show_it_in_their_buffer()
    {
        await using var host = await SeedHost.StartAsync(_world);
        await host.ResultsAsync(await host.StartAsync("""{"operation":"seed","tileMatrixSet":"WebMercatorQuad","minZoom":4}"""));

        using var gone = await host.SendAsync(HttpMethod.Post, "cache/world/expire", """{"bbox":[0.1,5,0.2,6]}""");

        // 64 of 4096 units are a third of a degree: the tile west of Greenwich shows it.
        gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        _world.Tiles.Tiles.Count.ShouldBe(256 - 2);
    }

    [Fact]
    public async Task Changed_tiles_can_be_made_anew_at_once()
    {
        await using var host = await SeedHost.StartAsync(_world);
        await host.ResultsAsync(await host.StartAsync("""{"operation":"seed"}"""));
        _world.Source.Data = "new";

        using var started = await host.SendAsync(HttpMethod.Post, "cache/world/expire?reseed=true&minZoom=2&maxZoom=3", "3/4/3-5/3", "text/plain");
        started.StatusCode.ShouldBe(HttpStatusCode.Created, await started.Content.ReadAsStringAsync());
        await host.ResultsAsync(JsonElement.Parse(await started.Content.ReadAsStringAsync()).GetProperty("jobID").GetString()!);

        Text(_world.Tiles.Tiles[new TileKey(Key, 3, new TileIndex(4, 3))]).ShouldStartWith("new");
        Text(_world.Tiles.Tiles[new TileKey(Key, 3, new TileIndex(0, 0))]).ShouldStartWith("old");
        _world.Tiles.Tiles.ContainsKey(new TileKey(Key, 0, default)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("x", "text/plain", HttpStatusCode.BadRequest)]
    [InlineData("""{"bbox":[1,2,3,4],"polygon":{}}""", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("[", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("<a/>", "text/xml", HttpStatusCode.UnsupportedMediaType)]
    public async Task What_names_no_area_expires_nothing(string body, string type, HttpStatusCode status)
    {
        await using var host = await SeedHost.StartAsync(_world);

        using var refused = await host.SendAsync(HttpMethod.Post, "cache/world/expire", body, type);

        refused.StatusCode.ShouldBe(status);
        _world.Tiles.Removed.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_kept_is_told_and_a_whole_layer_is_emptied()
    {
        await using var host = await SeedHost.StartAsync(_world);
        await host.ResultsAsync(await host.StartAsync("""{"operation":"seed","maxZoom":0}"""));

        using var use = await host.SendAsync(HttpMethod.Get, "cache/world");
        using var unknown = await host.SendAsync(HttpMethod.Get, "cache/moon");
        using var emptied = await host.SendAsync(HttpMethod.Delete, "cache/world");

        JsonElement.Parse(await use.Content.ReadAsStringAsync()).GetProperty("tilesets").EnumerateArray()
            .Select(tileset => (tileset.GetProperty("tileMatrixSet").GetString(), tileset.GetProperty("tiles").GetInt64())).ShouldBe([("WebMercatorQuad", 1), ("WorldCRS84Quad", 2)]);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        emptied.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        _world.Tiles.Tiles.ShouldBeEmpty();
    }
}
