using System.Net;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Tiles;

/// <summary>Real nodes on one database, and a source that counts: a tile is made by one of them.</summary>
public sealed class TileTurnsTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IAsyncLifetime
{
    private const string Token = "token-of-the-tests-0";
    private const string Layer = "counted";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CountedTiles _source = new();
    private RunningServer[] _nodes = [];

    public async Task InitializeAsync()
    {
        if (PostgresServer.WhyNot is not null)
        {
            return;
        }

        var database = await postgres.CreateDatabaseAsync();
        _nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RunningServer.StartAsync(
            "--Storage:Provider", "Postgres", "--Storage:ConnectionString", database, "--Python:Execution", "None", "--Security:AdminToken", Token, "--Sources:UpstreamAttempts", "1")));
        var form = new { id = Layer, source = new { upstream = new { protocol = "xyz", template = _source.Template } }, tiles = new { maxZoom = 9 } };
        (await SendAsync(_nodes[0], HttpMethod.Post, "admin/layers", JsonSerializer.Serialize(form))).ShouldBe(HttpStatusCode.Created);
        foreach (var node in _nodes)
        {
            await UntilAsync(async () => (await node.Client.GetAsync(new Uri($"collections/{Layer}", UriKind.Relative))).IsSuccessStatusCode);
        }
    }

    public async Task DisposeAsync()
    {
        _source.Open();
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        _source.Dispose();
    }

    [PostgresFact]
    public async Task Forty_requests_at_three_nodes_are_one_to_the_source()
    {
        _source.Close();
        var asked = Enumerable.Range(0, 40).Select(i => TileAsync(_nodes[i % 3], 3, 4, 2)).ToArray();
        await UntilAsync(() => Task.FromResult(_source.Requests.Count > 0));
        await Task.Delay(300);
        _source.Open();

        var tiles = await Task.WhenAll(asked);

        tiles.Select(CountedTiles.NumberOf).Distinct().ShouldBe([1]);
        _source.Requests.ShouldBe(["/3/4/2.png"]);

        // Who asks later asks nobody.
        foreach (var node in _nodes)
        {
            CountedTiles.NumberOf(await TileAsync(node, 3, 4, 2)).ShouldBe(1);
        }

        _source.Requests.Count.ShouldBe(1);
        _nodes.Count(node => node.Log.Any(line => line.Contains("was brought from schema version", StringComparison.Ordinal))).ShouldBe(1);
        _nodes.SelectMany(node => node.LinesOf("warn").Concat(node.Errors)).Where(line => line.Contains("Storage", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task When_the_node_that_makes_is_killed_another_makes()
    {
        _source.Close();
        var first = TileAsync(_nodes[0], 4, 1, 1);
        await UntilAsync(() => Task.FromResult(_source.Requests.Count == 1));
        var others = new[] { TileAsync(_nodes[1], 4, 1, 1), TileAsync(_nodes[2], 4, 1, 1) };

        await _nodes[0].KillAsync();
        await UntilAsync(() => Task.FromResult(_source.Requests.Count == 2));
        _source.Open();

        (await Task.WhenAll(others)).Select(CountedTiles.NumberOf).ShouldBe([2, 2]);
        await Should.ThrowAsync<HttpRequestException>(first);
        _source.Requests.Count.ShouldBe(2);
    }

    [PostgresFact]
    public async Task A_node_that_stood_still_does_not_bring_back_what_was_emptied_meanwhile()
    {
        _source.Close();
        var first = TileAsync(_nodes[0], 5, 1, 1);
        await UntilAsync(() => Task.FromResult(_source.Requests.Count == 1));

        _nodes[0].Freeze();
        await Task.Delay(TimeSpan.FromSeconds(6));
        (await SendAsync(_nodes[1], HttpMethod.Delete, $"cache/{Layer}")).ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NoContent);
        _source.Open();
        await Task.Delay(300);
        _nodes[0].GoOn();

        // It has its old one, and may give it to who asked before; nobody else sees it.
        CountedTiles.NumberOf(await first).ShouldBe(1);
        foreach (var node in (RunningServer[])[_nodes[1], _nodes[2], _nodes[0]])
        {
            CountedTiles.NumberOf(await TileAsync(node, 5, 1, 1)).ShouldBe(2);
        }
    }

    [PostgresFact]
    public async Task When_making_fails_who_waited_tries_by_itself()
    {
        _source.Close();
        _source.Status = 500;
        var first = _nodes[0].Client.GetAsync(PathOf(6, 1, 1));
        await UntilAsync(() => Task.FromResult(_source.Requests.Count == 1));
        var second = _nodes[1].Client.GetAsync(PathOf(6, 1, 1));
        await Task.Delay(200);
        _source.Open();

        (await first).IsSuccessStatusCode.ShouldBeFalse();
        (await second).IsSuccessStatusCode.ShouldBeFalse();
        _source.Requests.Count.ShouldBe(2);
        _source.Status = 200;
        CountedTiles.NumberOf(await TileAsync(_nodes[2], 6, 1, 1)).ShouldBe(3);
    }

    private static Uri PathOf(int level, int row, int column) => new($"collections/{Layer}/map/tiles/WebMercatorQuad/{level}/{row}/{column}?f=png", UriKind.Relative);

    private static Task<byte[]> TileAsync(RunningServer node, int level, int column, int row) => node.Client.GetByteArrayAsync(PathOf(level, row, column));

    private static async Task<HttpStatusCode> SendAsync(RunningServer node, HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new("Bearer", Token);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await node.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
