using System.Net;
using GeoWps.Tests.Integration.Fixtures;
using static GeoWps.Tests.Integration.Tiles.TurnsCluster;

namespace GeoWps.Tests.Integration.Tiles;

/// <summary>Real nodes on one database, and a source that counts: a tile is made by one of them.</summary>
public sealed class TileTurnsTests(TurnsCluster cluster) : IClassFixture<TurnsCluster>
{
    [PostgresFact]
    public async Task Forty_requests_at_three_nodes_are_one_to_the_source()
    {
        await cluster.MendAsync();
        cluster.Source.Close();
        var asked = Enumerable.Range(0, 40).Select(i => TileAsync(cluster.Nodes[i % 3], 3, 4, 2)).ToArray();
        await UntilAsync(() => cluster.Source.RequestsOf(3, 4, 2) > 0);
        await Task.Delay(300);
        cluster.Source.Open();

        var tiles = await Task.WhenAll(asked);

        tiles.Select(CountedTiles.NumberOf).Distinct().ShouldBe([1]);
        cluster.Source.RequestsOf(3, 4, 2).ShouldBe(1);

        // Who asks later asks nobody.
        foreach (var node in cluster.Nodes)
        {
            CountedTiles.NumberOf(await TileAsync(node, 3, 4, 2)).ShouldBe(1);
        }

        cluster.Source.RequestsOf(3, 4, 2).ShouldBe(1);
        cluster.Nodes.Count(node => node.Log.Any(line => line.Contains("was brought from schema version", StringComparison.Ordinal))).ShouldBe(1);
    }

    [PostgresFact]
    public async Task When_the_node_that_makes_is_killed_another_makes()
    {
        await cluster.MendAsync();
        cluster.Source.Close();
        var first = TileAsync(cluster.Nodes[0], 4, 1, 1);
        await UntilAsync(() => cluster.Source.RequestsOf(4, 1, 1) == 1);
        var others = new[] { TileAsync(cluster.Nodes[1], 4, 1, 1), TileAsync(cluster.Nodes[2], 4, 1, 1) };

        await cluster.Nodes[0].KillAsync();
        await UntilAsync(() => cluster.Source.RequestsOf(4, 1, 1) == 2);
        cluster.Source.Open();

        (await Task.WhenAll(others)).Select(CountedTiles.NumberOf).ShouldBe([2, 2]);
        await Should.ThrowAsync<HttpRequestException>(first);
        cluster.Source.RequestsOf(4, 1, 1).ShouldBe(2);
    }

    [PostgresFact]
    public async Task A_node_that_stood_still_does_not_bring_back_what_was_emptied_meanwhile()
    {
        await cluster.MendAsync();
        cluster.Source.Close();
        var first = TileAsync(cluster.Nodes[0], 5, 1, 1);
        await UntilAsync(() => cluster.Source.RequestsOf(5, 1, 1) == 1);

        cluster.Nodes[0].Freeze();
        await Task.Delay(TimeSpan.FromSeconds(6));
        (await SendAsync(cluster.Nodes[1], HttpMethod.Delete, $"cache/{Layer}")).ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NoContent);
        cluster.Source.Open();
        await Task.Delay(300);
        cluster.Nodes[0].GoOn();

        // It has its old one, and may give it to who asked before; nobody else sees it.
        CountedTiles.NumberOf(await first).ShouldBe(1);
        foreach (var node in (RunningServer[])[cluster.Nodes[1], cluster.Nodes[2], cluster.Nodes[0]])
        {
            CountedTiles.NumberOf(await TileAsync(node, 5, 1, 1)).ShouldBe(2);
        }
    }

    [PostgresFact]
    public async Task When_making_fails_who_waited_tries_by_itself()
    {
        await cluster.MendAsync();
        cluster.Source.Close();
        cluster.Source.Status = 500;
        var first = cluster.Nodes[0].Client.GetAsync(PathOf(6, 1, 1));
        await UntilAsync(() => cluster.Source.RequestsOf(6, 1, 1) == 1);
        var second = cluster.Nodes[1].Client.GetAsync(PathOf(6, 1, 1));
        await Task.Delay(200);
        cluster.Source.Open();

        (await first).IsSuccessStatusCode.ShouldBeFalse();
        (await second).IsSuccessStatusCode.ShouldBeFalse();
        cluster.Source.RequestsOf(6, 1, 1).ShouldBe(2);
        cluster.Source.Status = 200;
        CountedTiles.NumberOf(await TileAsync(cluster.Nodes[2], 6, 1, 1)).ShouldBe(3);
    }

    [PostgresFact]
    public async Task While_PostgreSQL_is_away_each_node_makes_for_itself_and_afterwards_one_makes_again()
    {
        await cluster.MendAsync();
        await cluster.Database.CrashAsync();
        try
        {
            var tiles = await Task.WhenAll(cluster.Nodes.Select(node => TileAsync(node, 7, 1, 1)));

            tiles.Select(CountedTiles.NumberOf).Order().ShouldBe([1, 2, 3]);
            await UntilAsync(() => cluster.Nodes.All(node => node.Log.Any(line => line.Contains("does not say which node makes a tile", StringComparison.Ordinal))));
        }
        finally
        {
            await cluster.Database.StartAgainAsync();
        }

        // Turns are unlogged and gone with the crash; whose they were is nobody's concern. A node may have to find its database again first.
        for (var row = 10; ; row++)
        {
            (row < 200).ShouldBeTrue("several made each");
            cluster.Source.Close();
            var asked = Enumerable.Range(0, 12).Select(i => TileAsync(cluster.Nodes[i % 3], 8, 1, row)).ToArray();
            await UntilAsync(() => cluster.Source.RequestsOf(8, 1, row) > 0);
            await Task.Delay(200);
            cluster.Source.Open();
            if ((await Task.WhenAll(asked)).Select(CountedTiles.NumberOf).Distinct().Count() == 1 && cluster.Source.RequestsOf(8, 1, row) == 1)
            {
                return;
            }
        }
    }
}
