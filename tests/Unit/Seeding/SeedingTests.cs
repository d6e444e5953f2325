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

public sealed class SeedingTests : IDisposable
{
    private const int AllMetaTiles = 1 + 1 + 4 + 16 + 64;

    private readonly SeedWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_seeding_makes_every_metatile_once_and_a_second_one_nothing()
    {
        await using var host = await SeedHost.StartAsync(_world);

        var first = await host.ResultsAsync(await host.StartAsync("""{"operation":"seed","tileMatrixSet":"WebMercatorQuad"}"""));
        var second = await host.ResultsAsync(await host.StartAsync("""{"operation":"seed","tileMatrixSet":"WebMercatorQuad"}"""));

        (first["tiles"], first["kept"], first["failed"], first["empty"]).ShouldBe((AllTiles, 0, 0, 1 + 2 + 4 + 8 + 16));
        (second["tiles"], second["kept"]).ShouldBe((0, AllTiles));
        _world.Source.Makes.Values.ShouldAllBe(count => count == 1);
        _world.Source.Makes.Count.ShouldBe(AllMetaTiles);
        _world.Tiles.Tiles.Count.ShouldBe(AllTiles);
        first["bytes"].ShouldBe(_world.Tiles.Tiles.Values.Sum(tile => tile.Content.Length));
    }

    /// <param name="execution">The job is made by the process's path and not by the layer's.</param>
    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(true, "Seeding:Anyone")]
    public async Task A_seeding_is_dismissed_by_the_administrator_unless_anyone_started_it(bool execution, string? anyone)
    {
        await using var host = await SeedHost.StartAsync(_world, anyone is null ? [] : [(anyone, "true")]);
        _world.Source.OnMake = (_, stop) => Task.Delay(Timeout.Infinite, stop);
        var job = await host.StartAsync(execution ? "processes/geowps:seed/execution" : "cache/world/seed", execution
            ? """{"inputs": {"layer": "world"}}"""
            : """{"operation": "seed"}""", anyone is null ? SeedHost.Token : null);

        using var without = await host.SendAsync(HttpMethod.Delete, $"jobs/{job}", token: null);
        without.StatusCode.ShouldBe(anyone is null ? HttpStatusCode.Unauthorized : HttpStatusCode.OK);
        if (anyone is null)
        {
            using var with = await host.SendAsync(HttpMethod.Delete, $"jobs/{job}");
            with.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await host.EndAsync(job)).GetProperty("status").GetString().ShouldBe("dismissed");
    }

    [Fact]
    public async Task What_is_missing_or_too_old_is_made_and_nothing_else()
    {
        await using var host = await SeedHost.StartAsync(_world);
        _world.Layers.Layers["world"] = FakeLayers.World("world") with { Caching = new() { ExpireByLevel = new Dictionary<int, int> { [3] = 3600 } } };
        await host.ResultsAsync(await host.StartAsync("""{"operation":"seed","tileMatrixSet":"WebMercatorQuad"}"""));
        _world.Source.Makes.Clear();
        _world.Tiles.Tiles.TryRemove(new TileKey(Key, 4, new TileIndex(5, 6)), out _);
        var old = new TileKey(Key, 3, new TileIndex(0, 7));
        _world.Tiles.Tiles[old] = _world.Tiles.Tiles[old] with { Made = DateTimeOffset.UtcNow.AddHours(-2) };

        var again = await host.ResultsAsync(await host.StartAsync("""{"operation":"seed","tileMatrixSet":"WebMercatorQuad"}"""));

        again["tiles"].ShouldBe(8);
        _world.Source.Makes.Keys.Select(made => made.Tiles).ShouldBe([new MetaTile(3, new TileRange(0, 6, 1, 7)), new MetaTile(4, new TileRange(4, 6, 5, 7))], ignoreOrder: true);
    }

    [Fact]
    public async Task A_reseeding_makes_all_anew_and_the_old_stays_until_then()
    {
        await using var host = await SeedHost.StartAsync(_world);
        await host.ResultsAsync(await host.StartAsync("""{"operation":"seed","tileMatrixSet":"WebMercatorQuad","maxZoom":2}"""));
        _world.Source.Data = "new";
        var missing = 0;
        _world.Source.OnMake = (tiles, _) =>
        {
            missing += _world.Tiles.Tiles.ContainsKey(new TileKey(Key, tiles.Level, new TileIndex(tiles.Range.MinColumn, tiles.Range.MinRow))) ? 0 : 1;
            return Task.CompletedTask;
        };

        var done = await host.ResultsAsync(await host.StartAsync("""{"operation":"reseed","tileMatrixSet":"WebMercatorQuad","maxZoom":2}"""));

        done["tiles"].ShouldBe(21);
        missing.ShouldBe(0);
        _world.Tiles.Tiles.Values.ShouldAllBe(tile => Text(tile).StartsWith("new", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_emptied_while_it_is_seeded_is_not_filled_with_what_is_old()
    {
        await using var host = await SeedHost.StartAsync(_world, ("Seeding:Threads", "1"));
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _world.Source.OnMake = async (tiles, stop) =>
        {
            if (tiles.Level == 3 && begun.TrySetResult())
            {
                await goOn.Task.WaitAsync(stop);
            }
        };
        var job = await host.StartAsync("""{"operation":"reseed","tileMatrixSet":"WebMercatorQuad"}""");
        await begun.Task;
        _world.Source.Data = "new";
        await host.Get<InvalidateTiles>().ExecuteAsync("world", new SeedArea.Everywhere(), CancellationToken.None);
        goOn.SetResult();

        await host.EndAsync(job);

        _world.Tiles.Tiles.Values.Where(tile => Text(tile).StartsWith("old", StringComparison.Ordinal)).ShouldBeEmpty();
        _world.Tiles.Tiles.Count.ShouldBe(64 + 256);
    }

    [Fact]
    public async Task Too_much_is_refused_with_the_count()
    {
        await using var host = await SeedHost.StartAsync(_world, ("Limits:SeedTiles", "300"));

        using var refused = await host.SendAsync(HttpMethod.Post, "cache/world/seed", """{"operation":"seed","tileMatrixSet":"WebMercatorQuad"}""");

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("341 tiles; at most 300 are allowed");
        _world.Source.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"operation":"seed","bbox":[-10,-10,10,10],"minZoom":4}""", 4)]
    [InlineData("""{"operation":"seed","bbox":[170,-10,-170,10],"minZoom":4}""", 4)]
    [InlineData("""{"operation":"seed","polygon":{"type":"Polygon","coordinates":[[[1,1],[20,1],[1,20],[1,1]]]},"tileMatrix":"4"}""", 1)]
    [InlineData("""{"operation":"seed","polygon":{"type":"Polygon","coordinates":[[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]]},"minZoom":4}""", 64)]
    [InlineData("""{"operation":"seed","tiles":"6/33/33\n6/34/33\n","minZoom":3}""", 2)]
    public async Task Only_an_area_is_seeded(string request, int metaTiles)
    {
        await using var host = await SeedHost.StartAsync(_world);

        await host.ResultsAsync(await host.StartAsync(request.Replace("\"seed\"", "\"seed\",\"tileMatrixSet\":\"WebMercatorQuad\"", StringComparison.Ordinal)));

        _world.Source.Makes.Count.ShouldBe(metaTiles);
    }

    [Fact]
    public async Task A_list_of_mercator_tiles_finds_its_places_in_another_set()
    {
        await using var host = await SeedHost.StartAsync(_world);

        await host.ResultsAsync(await host.StartAsync("""{"operation":"seed","tileMatrixSet":"WorldCRS84Quad","tiles":"4/8/7","minZoom":3,"maxZoom":3}"""));

        // A sixteenth of the world east of Greenwich, north of the equator: 0 to 22.5 degrees, by 0 to 21.9.
        _world.Source.Makes.Keys.Single().ShouldBe(("WorldCRS84Quad", new MetaTile(3, new TileRange(8, 2, 9, 3))));
    }

    [Theory]
    [InlineData("""{"operation":"sow"}""", "operation")]
    [InlineData("""{}""", "operation")]
    [InlineData("""{"operation":"seed","bbox":[1,2,3]}""", "bbox")]
    [InlineData("""{"operation":"seed","bbox":[1,50,3,2]}""", "bbox")]
    [InlineData("""{"operation":"seed","format":"gif"}""", "format")]
    [InlineData("""{"operation":"seed","format":"png"}""", "format")]
    [InlineData("""{"operation":"seed","tileMatrixSet":"Moon"}""", "tileMatrixSet")]
    [InlineData("""{"operation":"seed","tileMatrix":"x"}""", "tileMatrix")]
    [InlineData("""{"operation":"seed","minZoom":3,"maxZoom":2}""", "maxZoom")]
    [InlineData("""{"operation":"seed","tiles":"1/2/3"}""", "tiles[1]")]
    [InlineData("""{"operation":"seed","bbox":[1,2,3,4],"tiles":"1/1/1"}""", "tiles")]
    [InlineData("""{"operation":"seed","polygon":{"type":"Point","coordinates":[1,2]}}""", "polygon")]
    [InlineData("""{"operation":"seed","colour":"red"}""", "colour")]
    [InlineData("""{"operation":"seed","threads":0}""", "threads")]
    public async Task A_mistake_is_told_with_its_place(string request, string place)
    {
        await using var host = await SeedHost.StartAsync(_world);

        using var refused = await host.SendAsync(HttpMethod.Post, "cache/world/seed", request);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("mistakes").EnumerateArray().Select(mistake => mistake.GetProperty("place").GetString()).ShouldContain(place);
    }

    [Fact]
    public async Task Strangers_can_neither_seed_nor_empty_by_any_protocol()
    {
        await using var host = await SeedHost.StartAsync(_world);
        const string Execute = """{"inputs":{"layer":"world"}}""";
        const string Wps = """
            <wps:Execute service="WPS" version="2.0.0" response="document" mode="async" xmlns:wps="http://www.opengis.net/wps/2.0" xmlns:ows="http://www.opengis.net/ows/2.0">
              <ows:Identifier>geowps:truncate</ows:Identifier><wps:Input id="layer"><wps:Data>world</wps:Data></wps:Input></wps:Execute>
            """;
        (HttpMethod Method, string Path, string? Body, string Type)[] requests =
        [
            (HttpMethod.Post, "processes/geowps:seed/execution", Execute, "application/json"),
            (HttpMethod.Post, "processes/geowps:truncate/execution", Execute, "application/json"),
            (HttpMethod.Post, "processes/geowps:seed/validation", Execute, "application/json"),
            (HttpMethod.Get, "processes/geowps:truncate/execution?layer=world", null, ""),
            (HttpMethod.Post, "wps", Wps, "text/xml"),
            (HttpMethod.Post, "cache/world/seed", """{"operation":"truncate"}""", "application/json"),
            (HttpMethod.Post, "cache/world/expire", "0/0/0", "text/plain"),
            (HttpMethod.Delete, "cache/world", null, ""),
            (HttpMethod.Get, "cache/world", null, ""),
            (HttpMethod.Get, "cache", null, ""),
        ];

        foreach (var (method, path, body, type) in requests)
        {
            using var without = await host.SendAsync(method, path, body, type, token: null);
            using var wrong = await host.SendAsync(method, path, body, type, token: "not-the-token-at-all");

            without.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
            ((int)wrong.StatusCode).ShouldBeOneOf(401, 403);
        }

        _world.Tiles.Removed.ShouldBeEmpty();
        _world.Source.Count.ShouldBe(0);
    }

    [Fact]
    public async Task The_token_opens_the_processes_to_every_protocol()
    {
        await using var host = await SeedHost.StartAsync(_world);

        using var started = await host.SendAsync(HttpMethod.Post, "processes/geowps:seed/execution", """{"inputs":{"layer":"world","maxZoom":1,"bbox":{"bbox":[0,0,10,10]},"tileMatrixSet":["WebMercatorQuad"]}}""");
        started.StatusCode.ShouldBe(HttpStatusCode.Created, await started.Content.ReadAsStringAsync());
        var seeded = await host.ResultsAsync(JsonElement.Parse(await started.Content.ReadAsStringAsync()).GetProperty("jobID").GetString()!);
        using var emptied = await host.SendAsync(HttpMethod.Get, "processes/geowps:truncate/execution?layer=world");

        seeded["tiles"].ShouldBe(5);
        emptied.IsSuccessStatusCode.ShouldBeTrue(await emptied.Content.ReadAsStringAsync());
        _world.Tiles.Removed.ShouldBe(["world"]);
    }

    [Fact]
    public async Task Anyone_may_seed_where_the_operator_says_so()
    {
        await using var host = await SeedHost.StartAsync(_world, ("Seeding:Anyone", "true"));

        using var started = await host.SendAsync(HttpMethod.Post, "processes/geowps:seed/execution", """{"inputs":{"layer":"world","maxZoom":0}}""", token: null);

        started.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_metatile_that_fails_is_tried_again()
    {
        await using var host = await SeedHost.StartAsync(_world);
        var failures = 0;
        _world.Source.OnMake = (tiles, _) => tiles.Level == 2 && Interlocked.Increment(ref failures) <= 2 ? throw new TileSourceException("not now", retryAfter: TimeSpan.FromMilliseconds(1)) : Task.CompletedTask;

        var done = await host.ResultsAsync(await host.StartAsync("""{"operation":"seed","tileMatrixSet":"WebMercatorQuad","maxZoom":2}"""));

        (done["tiles"], done["failed"]).ShouldBe((21, 0));
    }

    [Fact]
    public async Task Few_tiles_may_fail_and_are_counted()
    {
        await using var host = await SeedHost.StartAsync(_world, ("Seeding:Retries", "0"));
        _world.Source.OnMake = (tiles, _) => tiles.Level == 2 && tiles.Range.MinColumn == 0 && tiles.Range.MinRow == 0 ? throw new TileSourceException("a hole") : Task.CompletedTask;

        var done = await host.ResultsAsync(await host.StartAsync("""{"operation":"seed","tileMatrixSet":"WebMercatorQuad"}"""));

        (done["tiles"], done["failed"]).ShouldBe((AllTiles - 4, 4));
    }

    [Fact]
    public async Task Of_a_large_block_only_the_metatile_fails_that_can_not_be_made()
    {
        await using var host = await SeedHost.StartAsync(_world, ("Seeding:Retries", "0"));
        _world.Source.SideOfAll = 8;
        _world.Source.OnMake = (tiles, _) => tiles.Level == 3 && tiles.Range.Contains(new TileIndex(5, 5)) ? throw new TileSourceException("a hole") : Task.CompletedTask;

        var done = await host.ResultsAsync(await host.StartAsync("""{"operation":"seed","tileMatrixSet":"WebMercatorQuad"}"""));

        (done["tiles"], done["failed"]).ShouldBe((AllTiles - 4, 4));
        _world.Source.Makes.Keys.ShouldContain(made => made.Tiles.Level == 2 && made.Tiles.Range.Count == 16);
    }

    [Fact]
    public async Task When_more_than_a_share_fails_the_job_does_and_says_why()
    {
        await using var host = await SeedHost.StartAsync(_world, ("Seeding:Retries", "0"));
        _world.Source.OnMake = (tiles, _) => tiles.Level > 1 ? throw new TileSourceException("the disk is gone") : Task.CompletedTask;

        var status = await host.EndAsync(await host.StartAsync("""{"operation":"seed","tileMatrixSet":"WebMercatorQuad"}"""));

        status.GetProperty("status").GetString().ShouldBe("failed");
        status.GetProperty("message").GetString()!.ShouldContain("the disk is gone");
    }

    [Fact]
    public async Task A_seeding_whose_layer_goes_fails()
    {
        await using var host = await SeedHost.StartAsync(_world);
        _world.Source.OnMake = async (tiles, stop) =>
        {
            if (tiles.Level == 3)
            {
                await host.Get<LayerCatalogue>().RemoveAsync("world", CancellationToken.None);
                await Task.Delay(Timeout.Infinite, stop);
            }
        };

        var status = await host.EndAsync(await host.StartAsync("""{"operation":"seed","tileMatrixSet":"WebMercatorQuad"}"""));

        status.GetProperty("message").GetString()!.ShouldContain("is gone");
    }

    [Fact]
    public async Task A_dismissed_seeding_stops_though_its_source_does_not_listen()
    {
        await using var host = await SeedHost.StartAsync(_world);
        var begun = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        _world.Source.OnMake = (_, _) =>
        {
            begun.TrySetResult();
            return never.Task;
        };
        var job = await host.StartAsync("""{"operation":"reseed"}""");
        await begun.Task;

        using var dismissed = await host.SendAsync(HttpMethod.Delete, $"jobs/{job}");

        dismissed.StatusCode.ShouldBe(HttpStatusCode.OK);
        await host.DisposeAsync();
        _world.Tiles.Tiles.ShouldBeEmpty();
        never.SetResult();
    }

    [Fact]
    public async Task A_seeding_goes_on_after_its_server_was_lost_from_where_it_was()
    {
        // As a killed server leaves it: its last word is what it had kept; nothing of its end is stored.
        var stuck = new TaskCompletionSource();
        var kept = new TaskCompletionSource();
        _world.Source.OnMake = async (tiles, stop) =>
        {
            if (tiles.Level == 4)
            {
                stuck.TrySetResult();
                await Task.Delay(Timeout.Infinite, stop);
            }
        };
        await using var first = await SeedHost.StartAsync(_world, ("Seeding:Threads", "2"));
        var job = await first.StartAsync("""{"operation":"reseed","tileMatrixSet":"WebMercatorQuad"}""");
        await stuck.Task;
        while (await _world.Blobs.FindAsync($"jobs/{job}/request/cursor-1", CancellationToken.None) is null)
        {
            await Task.Delay(20);
        }

        _world.Source.OnMake = (_, _) => Task.CompletedTask;
        await using var second = await SeedHost.StartAsync(_world, ("Seeding:Threads", "2"));
        var done = await second.ResultsAsync(job);

        done["tiles"].ShouldBe(AllTiles);
        _world.Tiles.Tiles.Count.ShouldBe(AllTiles);
        _world.Source.Makes.Keys.Count(made => made.Tiles.Level < 4).ShouldBe(AllMetaTiles - 64);
        _world.Source.Makes.Where(made => made.Key.Tiles.Level < 4).Sum(made => made.Value).ShouldBe(AllMetaTiles - 64);

        // A job has ended before all that it kept is gone.
        for (var i = 0; i < 500 && await _world.Blobs.FindAsync($"jobs/{job}/request/cursor-1", CancellationToken.None) is not null; i++)
        {
            await Task.Delay(20);
        }

        (await _world.Blobs.FindAsync($"jobs/{job}/request/cursor-1", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_large_polygon_is_read_when_the_job_runs()
    {
        await using var host = await SeedHost.StartAsync(_world);
        var ring = string.Join(',', Enumerable.Range(0, 20_000).Select(i => FormattableString.Invariant($"[{10 + (9 * Math.Cos(i * 2 * Math.PI / 20_000)):0.000000},{10 + (9 * Math.Sin(i * 2 * Math.PI / 20_000)):0.000000}]")));
        var polygon = $$"""{"type":"Polygon","coordinates":[[{{ring}},[19,10]]]}""";

        var done = await host.ResultsAsync(await host.StartAsync($$"""{"operation":"seed","tileMatrixSet":"WebMercatorQuad","minZoom":4,"polygon":{{polygon}}}"""));

        done["tiles"].ShouldBe(4);
    }
}
