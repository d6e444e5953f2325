using System.Net.Http.Headers;
using GeoWps.Tests.Integration.Fixtures;
using Npgsql;

namespace GeoWps.Tests.Integration.Tiles;

/// <summary>A layer that QGIS draws, on two nodes that share a database.</summary>
public sealed class DrawnByOneTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const string Token = "token-of-the-tests-0";

    // Each time that a tile is stored: a metatile that two nodes made is stored twice.
    private const string Watch =
        """
        CREATE TABLE public.stored (level integer NOT NULL, tile_row integer NOT NULL, tile_column integer NOT NULL);
        CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO public.stored SELECT level, NEW.tile_row, NEW.tile_column FROM geowps.tile_level WHERE id = NEW.level_id AND format = 'png';
            RETURN NULL;
        END $$;
        CREATE TRIGGER note AFTER INSERT OR UPDATE ON geowps.tile FOR EACH ROW EXECUTE FUNCTION public.note();
        """;

    [PostgresQgisFact]
    public async Task Each_tile_is_drawn_once_however_many_ask_both_and_a_truncation_empties_the_memory_of_both()
    {
        var database = await postgres.CreateDatabaseAsync();
        var nodes = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => RunningServer.StartAsync(
            "--Storage:Provider", "Postgres", "--Storage:ConnectionString", database, "--Security:AdminToken", Token, "--Node:Services", "tiles", "--Python:Drawers", "1")));
        await using var one = nodes[0];
        await using var other = nodes[1];
        using (var data = new ByteArrayContent(await File.ReadAllBytesAsync(Sample.World)) { Headers = { ContentType = MediaTypeHeaderValue.Parse("application/geopackage+sqlite3") } })
        {
            await AdministerAsync(one, HttpMethod.Post, "admin/layers?id=countries&table=countries&filename=world.gpkg", data);
        }

        await QgisServer.Until(async () => (await other.Client.GetAsync("collections/countries")).IsSuccessStatusCode, "the other node has the layer");
        await PostgresServer.RunAsync(database, Watch);
        (int Row, int Column)[] places = [.. from row in Enumerable.Range(0, 8) from column in Enumerable.Range(0, 8) select (row, column)];

        var drawn = await Task.WhenAll(from place in places from node in (RunningServer[])[one, other, one] select TileAsync(node, place));

        drawn.Chunk(3).ShouldAllBe(same => same.All(tile => tile.SequenceEqual(same[0])));
        var stored = await StoredAsync(database);
        stored.Keys.ShouldBe(places, ignoreOrder: true);
        stored.Values.ShouldAllBe(times => times == 1);

        // Both have it in memory by now: only the one that is asked is told, and the other makes it anew as soon as it has heard.
        await AdministerAsync(one, HttpMethod.Delete, "cache/countries", null);
        await QgisServer.Until(
            async () =>
            {
                await TileAsync(other, places[0]);
                return (await StoredAsync(database))[places[0]] == 2;
            },
            "the other node's memory is empty");
        one.Errors.Concat(other.Errors).ShouldBeEmpty();
    }

    private static Task<byte[]> TileAsync(RunningServer node, (int Row, int Column) place) =>
        node.Client.GetByteArrayAsync(new Uri($"collections/countries/map/tiles/WebMercatorQuad/3/{place.Row}/{place.Column}?f=png", UriKind.Relative));

    private static async Task AdministerAsync(RunningServer node, HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content, Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };
        using var answer = await node.Client.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>How often each tile of the level was stored.</summary>
    private static async Task<Dictionary<(int Row, int Column), long>> StoredAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT tile_row, tile_column, count(*) FROM public.stored WHERE level = 3 GROUP BY 1, 2", connection);
        await using var row = await command.ExecuteReaderAsync();
        var stored = new Dictionary<(int, int), long>();
        while (await row.ReadAsync())
        {
            stored.Add((row.GetInt32(0), row.GetInt32(1)), row.GetInt64(2));
        }

        return stored;
    }
}
