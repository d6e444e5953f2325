using GeoWps.Application.Nodes;
using GeoWps.Domain.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GeoWps.Tests.Unit.Discovery;

/// <summary>As much of a node as registries look at: whether it is ready, and what it offers.</summary>
internal sealed class NodeDouble : IAsyncDisposable
{
    private readonly WebApplication _app;

    private NodeDouble(WebApplication app, string name, string[] services) =>
        (_app, Entry) = (app, new NodeEntry($"{name}-{Guid.NewGuid():N}", name, new Uri(app.Urls.Single() + "/"), services) { Version = "1.2.3" });

    public NodeEntry Entry { get; }

    public bool IsReady { get; set; } = true;

    public static async Task<NodeDouble> StartAsync(string name, params string[] services)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        NodeDouble? node = null;
        app.MapGet("/health/ready", () => TypedResults.StatusCode(node!.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable));
        app.MapGet(NodeOfferDocument.Path, () => TypedResults.Bytes(
            NodeOfferDocument.Write(new NodeOffer(node!.Entry.Id, name, "1.2.3", [new ServiceOffer(NodeServices.Core, []), .. services.Select(service => new ServiceOffer(service, []))], [])),
            "application/json"));
        await app.StartAsync();
        return node = new NodeDouble(app, name, services);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(0);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
