using System.Net;
using System.Text;
using System.Text.Json;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using static GeoWps.Tests.Unit.Seeding.SeedWorld;

namespace GeoWps.Tests.Unit.Seeding;

public sealed class ExportTests : IDisposable
{
    private readonly SeedWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("""{"inputs":{"layer":"world"}}""", TileArchiveKind.MbTiles, "world.mbtiles", "application/vnd.sqlite3")]
    [InlineData("""{"inputs":{"layer":"world","archive":"pmtiles"}}""", TileArchiveKind.PmTiles, "world.pmtiles", "application/vnd.pmtiles")]
    [InlineData("""{"inputs":{"layer":"world"},"outputs":{"archive":{"format":{"mediaType":"application/vnd.pmtiles"}}}}""", TileArchiveKind.PmTiles, "world.pmtiles", "application/vnd.pmtiles")]
    public async Task All_tiles_come_once_into_one_file_that_is_the_result(string request, TileArchiveKind kind, string name, string mediaType)
    {
        await using var host = await SeedHost.StartAsync(_world);

        var job = await StartAsync(host, request);

        (await host.EndAsync(job)).GetProperty("status").GetString().ShouldBe("successful");
        using var result = await host.Client.GetAsync($"jobs/{job}/results/archive");
        result.StatusCode.ShouldBe(HttpStatusCode.OK);
        (result.Content.Headers.ContentType!.MediaType, result.Content.Headers.ContentDisposition?.FileName?.Trim('"')).ShouldBe((mediaType, name));
        var lines = (await result.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        (lines.Length, lines.Distinct().Count()).ShouldBe((AllTiles, AllTiles));
        _world.Archives.Kind.ShouldBe(kind);
        _world.Archives.Tiles.ShouldAllBe(tile => Text(tile) == $"old {tile.Level}/{tile.Tile.Column}/{tile.Tile.Row}");
        LeftAside().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_archive_is_told_what_is_in_it()
    {
        _world.Layers.Layers["world"] = FakeLayers.World("world") with
        {
            Title = "The world",
            Attribution = "somebody",
            Contents = new LayerContents { Kind = LayerKind.Vector, Extent = Extent.World, GeometryType = "Polygon", Fields = [new LayerField("a", "string"), new LayerField("b", "integer")] },
            Tiles = new LayerTiles { MaxLevel = 4, MetaTile = 2, Name = "lands", Attributes = ["b"] },
        };
        await using var host = await SeedHost.StartAsync(_world);

        await host.EndAsync(await StartAsync(host, """{"inputs":{"layer":"world","minZoom":1,"maxZoom":3,"bbox":{"bbox":[5,47,15,55]}}}"""));

        var told = _world.Archives.Description!;
        (told.Name, told.Attribution, told.Format, told.Extent, told.MinZoom, told.MaxZoom).ShouldBe(("The world", "somebody", TileFormat.Mvt, new Extent(5, 47, 15, 55), 1, 3));
        var layer = told.Layers.ShouldHaveSingleItem();
        (layer.Id, layer.MinZoom, layer.MaxZoom, layer.GeometryType).ShouldBe(("lands", 1, 3, "Polygon"));
        layer.Fields.ShouldBe([new LayerField("b", "integer")]);
        _world.Archives.Tiles.Select(tile => tile.Level).Distinct().ShouldBe([1, 2, 3], ignoreOrder: true);
    }

    [Theory]
    [InlineData(""" "bbox":{"bbox":[1,1,20,20]} """, 1)]
    [InlineData(""" "bbox":{"bbox":[170,-10,-170,10]} """, 4)]
    [InlineData(""" "bbox":{"bbox":[1,1,80,20]} """, 4)]
    [InlineData(""" "polygon":{"type":"Polygon","coordinates":[[[1,1],[20,1],[1,20],[1,1]]]} """, 1)]
    [InlineData(""" "polygon":{"type":"Polygon","coordinates":[[[1,-60],[20,-60],[20,60],[1,60],[1,-60]]]} """, 8)]
    public async Task Tiles_that_only_share_a_metatile_with_the_area_are_left_out(string area, int tiles)
    {
        await using var host = await SeedHost.StartAsync(_world);

        await host.EndAsync(await StartAsync(host, """{"inputs":{"layer":"world","minZoom":4,AREA}}""".Replace("AREA", area, StringComparison.Ordinal)));

        _world.Archives.Tiles.Count.ShouldBe(tiles);
        _world.Archives.Tiles.Select(tile => tile.Tile).Distinct().Count().ShouldBe(tiles);
    }

    [Fact]
    public async Task Without_an_area_the_bounds_end_where_the_map_does()
    {
        await using var host = await SeedHost.StartAsync(_world);

        await host.EndAsync(await StartAsync(host, """{"inputs":{"layer":"world","maxZoom":0}}"""));

        var extent = _world.Archives.Description!.Extent;
        (extent.MinX, extent.MaxX, Math.Round(extent.MinY, 4), Math.Round(extent.MaxY, 4)).ShouldBe((-180, 180, -85.0511, 85.0511));
    }

    [Fact]
    public async Task What_is_kept_and_fresh_is_not_made_again()
    {
        _world.Layers.Layers["world"] = FakeLayers.World("world") with { Caching = new() { ExpireByLevel = new Dictionary<int, int> { [3] = 3600 } } };
        await using var host = await SeedHost.StartAsync(_world);
        await host.ResultsAsync(await host.StartAsync("""{"operation":"seed","tileMatrixSet":"WebMercatorQuad"}"""));
        _world.Source.Makes.Clear();
        _world.Source.Data = "new";
        var old = new TileKey(Key, 3, new TileIndex(0, 7));
        _world.Tiles.Tiles[old] = _world.Tiles.Tiles[old] with { Made = DateTimeOffset.UtcNow.AddHours(-2) };
        _world.Tiles.Tiles.TryRemove(new TileKey(Key, 4, new TileIndex(5, 6)), out _);

        await host.EndAsync(await StartAsync(host, """{"inputs":{"layer":"world"}}"""));

        _world.Source.Makes.Keys.Select(made => made.Tiles).ShouldBe([new MetaTile(3, new TileRange(0, 6, 1, 7)), new MetaTile(4, new TileRange(4, 6, 5, 7))], ignoreOrder: true);
        _world.Archives.Tiles.Count.ShouldBe(AllTiles);
        _world.Archives.Tiles.Count(tile => Text(tile).StartsWith("new", StringComparison.Ordinal)).ShouldBe(8);
    }

    [Fact]
    public async Task A_layer_whose_tiles_are_not_kept_is_exported_as_well()
    {
        _world.Layers.Layers["world"] = FakeLayers.World("world") with { Caching = new() { Enabled = false } };
        await using var host = await SeedHost.StartAsync(_world);

        (await host.EndAsync(await StartAsync(host, """{"inputs":{"layer":"world"}}"""))).GetProperty("status").GetString().ShouldBe("successful");

        _world.Archives.Tiles.Count.ShouldBe(AllTiles);
        _world.Tiles.Tiles.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_tile_that_fails_is_tried_again_and_then_ends_the_job_with_the_place()
    {
        await using var host = await SeedHost.StartAsync(_world, ("Seeding:Retries", "1"));
        var failures = 0;
        _world.Source.OnMake = (tiles, _) => tiles.Level == 2 && Interlocked.Increment(ref failures) == 1 ? throw new TileSourceException("not now", retryAfter: TimeSpan.FromMilliseconds(1)) : Task.CompletedTask;
        (await host.EndAsync(await StartAsync(host, """{"inputs":{"layer":"world","maxZoom":2}}"""))).GetProperty("status").GetString().ShouldBe("successful");

        _world.Source.OnMake = (tiles, _) => tiles.Level == 3 && tiles.Range.MinColumn == 4 && tiles.Range.MinRow == 2 ? throw new TileSourceException("a hole", retryAfter: TimeSpan.FromMilliseconds(1)) : Task.CompletedTask;
        var job = await StartAsync(host, """{"inputs":{"layer":"world"}}""");
        var status = await host.EndAsync(job);

        status.GetProperty("status").GetString().ShouldBe("failed");
        status.GetProperty("message").GetString()!.ShouldContain("the tiles at 3/4/2 failed: a hole");
        await NothingLeftAsync(job);
    }

    [Fact]
    public async Task An_archive_that_can_not_be_written_fails_the_job_and_leaves_nothing()
    {
        await using var host = await SeedHost.StartAsync(_world);
        _world.Archives.OnTile = () => throw new TileArchiveException("the tile 0/0/0 is png, not mvt");
        var job = await StartAsync(host, """{"inputs":{"layer":"world"}}""");

        var status = await host.EndAsync(job);

        status.GetProperty("message").GetString()!.ShouldContain("is png, not mvt");
        await NothingLeftAsync(job);
    }

    [Fact]
    public async Task A_dismissed_export_stops_though_its_source_does_not_listen_and_leaves_nothing()
    {
        await using var host = await SeedHost.StartAsync(_world);
        var (begun, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        _world.Source.OnMake = (_, _) =>
        {
            begun.TrySetResult();
            return never.Task;
        };
        var job = await StartAsync(host, """{"inputs":{"layer":"world"}}""");
        await begun.Task;
        LeftAside().ShouldHaveSingleItem();

        using var dismissed = await host.SendAsync(HttpMethod.Delete, $"jobs/{job}");

        dismissed.StatusCode.ShouldBe(HttpStatusCode.OK);
        await host.DisposeAsync();
        await NothingLeftAsync(job);
        never.SetResult();
    }

    [Fact]
    public async Task An_archive_of_two_states_of_a_layer_is_none()
    {
        await using var host = await SeedHost.StartAsync(_world);
        _world.Source.OnMake = async (tiles, _) =>
        {
            if (tiles.Level == 4)
            {
                await host.Get<LayerCatalogue>().RemoveAsync("world", CancellationToken.None);
            }
        };
        var job = await StartAsync(host, """{"inputs":{"layer":"world"}}""");

        var status = await host.EndAsync(job);

        status.GetProperty("message").GetString()!.ShouldContain("has changed or gone");
        await NothingLeftAsync(job);
    }

    [Fact]
    public async Task Too_much_is_refused_with_the_count()
    {
        await using var host = await SeedHost.StartAsync(_world, ("Limits:SeedTiles", "300"));

        using var refused = await ExecuteAsync(host, """{"inputs":{"layer":"world"}}""");

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("341 tiles; at most 300 are allowed");
    }

    [Theory]
    [InlineData("""{"layer":"nowhere"}""", "layer")]
    [InlineData("""{"layer":"world","archive":"zip"}""", "archive")]
    [InlineData("""{"layer":"world","tileMatrixSet":"WorldCRS84Quad"}""", "tileMatrixSet")]
    [InlineData("""{"layer":"world","format":"png"}""", "format")]
    [InlineData("""{"layer":"world","format":"gif"}""", "format")]
    [InlineData("""{"layer":"world","minZoom":3,"maxZoom":2}""", "maxZoom")]
    [InlineData("""{"layer":"world","minZoom":5}""", "")]
    [InlineData("""{"layer":"world","bbox":{"bbox":[1,50,3,2]}}""", "bbox")]
    [InlineData("""{"layer":"world","tiles":"1/0/0"}""", "tiles")]
    public async Task A_mistake_is_told_with_its_place(string inputs, string place)
    {
        await using var host = await SeedHost.StartAsync(_world);

        using var refused = await ExecuteAsync(host, $$"""{"inputs":{{inputs}}}""");

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("mistakes").EnumerateArray()
            .Select(mistake => mistake.GetProperty("place").GetString()!.Replace("inputs.", "", StringComparison.Ordinal)).ShouldContain(place);
    }

    [Fact]
    public async Task A_kind_and_a_media_type_that_differ_are_refused()
    {
        await using var host = await SeedHost.StartAsync(_world);

        using var refused = await ExecuteAsync(host, """{"inputs":{"layer":"world","archive":"mbtiles"},"outputs":{"archive":{"format":{"mediaType":"application/vnd.pmtiles"}}}}""");

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("the output's media type");
    }

    [Fact]
    public async Task Strangers_can_export_where_the_operator_says_so_and_nowhere_else()
    {
        await using (var host = await SeedHost.StartAsync(_world))
        {
            using var refused = await ExecuteAsync(host, """{"inputs":{"layer":"world","maxZoom":0}}""", token: null);
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        await using var open = await SeedHost.StartAsync(_world, ("Seeding:Anyone", "true"));
        using var started = await ExecuteAsync(open, """{"inputs":{"layer":"world","maxZoom":0}}""", token: null);
        started.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private static Task<HttpResponseMessage> ExecuteAsync(SeedHost host, string request, string? token = SeedHost.Token) =>
        host.SendAsync(HttpMethod.Post, "processes/geowps:export/execution", request, token: token);

    private static async Task<string> StartAsync(SeedHost host, string request)
    {
        using var started = await ExecuteAsync(host, request);
        var body = await started.Content.ReadAsStringAsync();
        started.StatusCode.ShouldBe(HttpStatusCode.Created, body);
        return JsonElement.Parse(body).GetProperty("jobID").GetString()!;
    }

    private static string Text(ArchivedTile tile) => Encoding.UTF8.GetString(tile.Content.Span);

    private string[] LeftAside() => Directory.GetFileSystemEntries(Path.Combine(_world.LayerFolder, ".aside"));

    private async Task NothingLeftAsync(string job)
    {
        LeftAside().ShouldBeEmpty();
        (await _world.Blobs.ListAsync($"jobs/{job}/", CancellationToken.None).CountAsync()).ShouldBe(0);
    }
}
