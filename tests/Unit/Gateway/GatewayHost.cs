using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using GeoWps.Adapters.Gateway;
using GeoWps.Adapters.Gateway.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GeoWps.Tests.Unit.Gateway;

/// <summary>A real gateway before small nodes; it probes twenty times a second.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    public const string Token = "the-token-of-these-tests";

    private readonly WebApplication _app;
    private readonly Registry _registry = new();
    private readonly IReadOnlyList<SmallNode> _nodes;

    private GatewayHost(IReadOnlyList<SmallNode> nodes, IReadOnlyList<(string, string)> settings)
    {
        _nodes = nodes;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            [new("Gateway:ProbeMilliseconds", "50"), new("Gateway:ProbeTimeoutMilliseconds", "1000"), new("Gateway:RiseSeconds", "0"), new("Gateway:OfferSeconds", "1")]);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Item1, setting.Item2)));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<INodeRegistry>(_registry);
        builder.Services.AddSingleton<ICallStatistics, NoStatistics>();
        builder.Services.AddSingleton(new AdminToken(Token));
        builder.Services.AddGateway(builder.Configuration, builder.Configuration[OffersFile]);
        _app = builder.Build();
        _app.MapGateway();
    }

    /// <summary>Not a setting of the gateway's: where its host has it keep what nodes offer.</summary>
    public const string OffersFile = "Tests:OffersFile";

    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public NodeDirectory Directory => _app.Services.GetRequiredService<NodeDirectory>();

    public static async Task<GatewayHost> StartAsync(IReadOnlyList<SmallNode> nodes, params (string, string)[] settings)
    {
        var host = new GatewayHost(nodes, settings);
        await host._app.StartAsync();
        host.Client.BaseAddress = new Uri(host._app.Urls.Single());
        host.Know([.. nodes]);
        if (nodes.Count > 0)
        {
            await host.UntilAsync(() => host.Directory.Nodes.Count == nodes.Count && host.Directory.Nodes.All(node => node.IsIn));
        }

        return host;
    }

    public void Know(params SmallNode[] nodes) => _registry.Say([.. nodes.Select(node => node.Entry)]);

    public GatewayNode Of(SmallNode node) => Directory.Nodes.Single(known => known.Entry.Name == node.Name);

    /// <summary>Waits for what comes in its own time; the limit only ends a test that fails.</summary>
    public async Task UntilAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        for (var patience = Stopwatch.StartNew(); !condition(); await Task.Delay(5))
        {
            (patience.Elapsed < TimeSpan.FromSeconds(30)).ShouldBeTrue(what);
        }
    }

    public async Task<JsonElement> AdministerAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Authorization", $"Bearer {Token}" } } };
        using var answer = await Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private sealed class Registry : INodeRegistry
    {
        private readonly Channel<IReadOnlyList<NodeEntry>> _lists = Channel.CreateUnbounded<IReadOnlyList<NodeEntry>>();

        public void Say(IReadOnlyList<NodeEntry> nodes) => _lists.Writer.TryWrite(nodes);

        public Task<IAsyncDisposable> AnnounceAsync(NodeEntry self, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<IReadOnlyList<NodeEntry>> WatchAsync(CancellationToken cancellationToken) => _lists.Reader.ReadAllAsync(cancellationToken);
    }

    private sealed class NoStatistics : ICallStatistics
    {
        public Task AddAsync(IReadOnlyList<CallHour> figures, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<IReadOnlyList<CallHour>> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<CallHour>>([]);

        public Task ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
