using System.Net;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Tiles;

/// <summary>Three nodes on one PostgreSQL with a layer of another server's tiles, which the tests of a class share. Each begins with <see cref="MendAsync"/>, and asks for tiles of its own.</summary>
public sealed class TurnsCluster : IAsyncLifetime
{
    public const string Layer = "counted";

    private const string Token = "token-of-the-tests-0";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public PostgresServer Database { get; } = new();

    internal CountedTiles Source { get; } = new();

    public RunningServer[] Nodes { get; private set; } = [];

    public async Task InitializeAsync()
    {
        if (PostgresServer.WhyNot is not null)
        {
            return;
        }

        await Database.InitializeAsync();
        var database = await Database.CreateDatabaseAsync();
        await PostgresServer.KeepCommitsAsync(database);
        Nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RunningServer.StartAsync(
            "--Storage:Provider", "Postgres", "--Storage:ConnectionString", database, "--Python:Execution", "None", "--Security:AdminToken", Token, "--Sources:UpstreamAttempts", "1")));
        var form = new { id = Layer, source = new { upstream = new { protocol = "xyz", template = Source.Template } }, tiles = new { maxZoom = 9 } };
        (await SendAsync(Nodes[0], HttpMethod.Post, "admin/layers", JsonSerializer.Serialize(form))).ShouldBe(HttpStatusCode.Created);
        await MendAsync();
    }

    public async Task DisposeAsync()
    {
        Source.Open();
        foreach (var node in Nodes.Where(node => node.IsRunning))
        {
            node.GoOn();
        }

        await Task.WhenAll(Nodes.Select(node => node.DisposeAsync().AsTask()));
        Source.Dispose();
        await Database.DisposeAsync();
    }

    /// <summary>All nodes are there and have the layer, and the source answers well.</summary>
    public async Task MendAsync()
    {
        Source.Status = 200;
        Source.Open();
        await Task.WhenAll(Nodes.Where(node => !node.IsRunning).Select(node => node.StartAgainAsync()));
        foreach (var node in Nodes)
        {
            await UntilAsync(async () => (await node.Client.GetAsync(new Uri($"collections/{Layer}", UriKind.Relative))).IsSuccessStatusCode);
        }
    }

    public static Uri PathOf(int level, int row, int column) => new($"collections/{Layer}/map/tiles/WebMercatorQuad/{level}/{row}/{column}?f=png", UriKind.Relative);

    public static Task<byte[]> TileAsync(RunningServer node, int level, int column, int row) => node.Client.GetByteArrayAsync(PathOf(level, row, column));

    public static async Task<HttpStatusCode> SendAsync(RunningServer node, HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new("Bearer", Token);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await node.Client.SendAsync(request);
        return answer.StatusCode;
    }

    public static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
