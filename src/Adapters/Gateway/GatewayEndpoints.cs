using System.Globalization;
using GeoWps.Adapters.Gateway.Answers;
using GeoWps.Adapters.Gateway.Calls;
using GeoWps.Adapters.Gateway.Composites;
using GeoWps.Adapters.Gateway.Forwarding;
using GeoWps.Adapters.Gateway.Nodes;
using GeoWps.Adapters.Gateway.Routing;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace GeoWps.Adapters.Gateway;

/// <summary>What stands at which path of the gateway's.</summary>
internal sealed class GatewayEndpoints(
    NodeForwarder forwarder, CompositeAnswers composites, StoreLists lists, RecordAnswers records, NodeDirectory directory, ProxyRoutes routes, CallDocuments documents, OwnHealth health, ICallStatistics statistics,
    AdminToken token, IOptions<GatewayOptions> options, TimeProvider clock)
{
    /// <summary>By which a caller asks for a service whose paths it need not know.</summary>
    private const string ServiceHeader = "X-GeoWps-Service";

    // Before all that nodes offer.
    private const int Own = -100;
    private const int Inner = -50;
    private const int RetryAfterSeconds = 5;
    private const int MaxHours = 24 * 3650;

    private static readonly string[] _read = ["GET", "HEAD"];

    public void Map(IEndpointRouteBuilder app)
    {
        On(app, "/health/live", context => JsonText.SendAsync(context, OwnHealth.Status("live")));
        On(app, "/health/ready", health.ReadyAsync);
        On(app, "/health/cluster", health.ClusterAsync);
        On(app, "/metrics", context => JsonText.SendAsync(context, documents.Metrics(), contentType: "text/plain; version=0.0.4; charset=utf-8"));
        On(app, "/admin/nodes", context => AdministerAsync(context, () => JsonText.SendAsync(context, documents.Nodes())));
        On(app, "/admin/services", context => AdministerAsync(context, () => ServicesAsync(context)));
        On(app, "/processes", composites.ProcessesAsync);
        On(app, StoreLists.JobsPath, lists.JobsAsync);
        On(app, StoreLists.CollectionsPath, lists.CollectionsAsync);
        On(app, RecordAnswers.SearchPath, context => records.SearchAsync(context, RecordAnswers.SearchPath));
        On(app, RecordAnswers.ItemsPath, context => records.SearchAsync(context, RecordAnswers.ItemsPath));
        On(app, RecordAnswers.ChangesPath, records.ChangesAsync);
        On(app, "/composites/{name}", context => composites.OwnAsync(context, context.Request.RouteValues["name"] as string ?? ""));
        foreach (var inner in (string[])["/admin/{**rest}", "/metrics/{**rest}", "/health/{**rest}"])
        {
            app.Map(inner, (RequestDelegate)(context => GatewayProblem.NotFound(context.Request.Path).WriteAsync(context))).WithOrder(Inner).WithMetadata(OwnPath.Instance);
        }
    }

    /// <summary>Before the path is looked at: whether it could be found at all. A path that is not known yet is not one that does not exist.</summary>
    public Task NoteEarly(HttpContext context, RequestDelegate next)
    {
        if (routes.AreUnknown)
        {
            context.Features.Set(Early.Instance);
        }

        return next(context);
    }

    /// <summary>By the name of a service, whatever the path.</summary>
    public async Task ByNameAsync(HttpContext context, RequestDelegate next)
    {
        var endpoint = context.GetEndpoint();
        if (!context.Request.Headers.TryGetValue(ServiceHeader, out var name) || endpoint?.Metadata.GetMetadata<OwnPath>() is not null)
        {
            await next(context);
            await TellWrongMethodAsync(context);
            return;
        }

        var service = name.ToString();
        if (!directory.Knows(service))
        {
            await (IsEarly(context) ? NoNodes : GatewayProblem.NoSuchService(service)).WriteAsync(context);
            return;
        }

        // Of records the server's own address is the search: /?type=C finds what has the code C.
        if (service == NodeServices.Records && context.Request.Path.Value is ("/" or "") && _read.Contains(context.Request.Method))
        {
            context.Request.Path = RecordAnswers.SearchPath;
            await records.SearchAsync(context, RecordAnswers.SearchPath);
            return;
        }

        var route = endpoint?.Metadata.GetMetadata<RouteModel>()?.Config;
        await forwarder.ForwardAsync(context, new Destination(service, route?.Match.Path ?? "*", ProcessOf(context, route)));
    }

    /// <summary>By a path that some node offers.</summary>
    public Task ByPathAsync(HttpContext context)
    {
        var route = context.GetRouteModel().Config;
        return forwarder.ForwardAsync(context, new Destination(route.ClusterId!, route.Match.Path!, ProcessOf(context, route)));
    }

    /// <summary>Nobody offers it; or nobody has said yet what it offers.</summary>
    public Task UnknownAsync(HttpContext context) => (IsEarly(context) ? NoNodes : GatewayProblem.NotFound(context.Request.Path)).WriteAsync(context);

    private GatewayProblem NoNodes => GatewayProblem.NoNodes(options.Value.RetryAfterSeconds);

    private static bool IsEarly(HttpContext context) => context.Features.Get<Early>() is not null;

    private static void On(IEndpointRouteBuilder app, string path, RequestDelegate answer) => app.MapMethods(path, _read, answer).WithOrder(Own).WithMetadata(OwnPath.Instance);

    private async Task AdministerAsync(HttpContext context, Func<Task> answer)
    {
        if (Bearer.Refuse(context, token) is { } refusal)
        {
            await refusal.WriteAsync(context);
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        await answer();
    }

    private async Task ServicesAsync(HttpContext context)
    {
        var hours = options.Value.StatisticsDays * 24;
        if (context.Request.Query.TryGetValue("hours", out var text)
            && (!int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out hours) || hours is < 1 or > MaxHours))
        {
            await GatewayProblem.BadParameter($"hours: a whole number from 1 to {MaxHours}").WriteAsync(context);
            return;
        }

        var now = clock.GetUtcNow();
        var from = now - TimeSpan.FromHours(hours);
        try
        {
            await JsonText.SendAsync(context, documents.Services(await statistics.ReadAsync(from, now, context.RequestAborted), from, now));
        }
        catch (IOException) when (!context.Response.HasStarted)
        {
            await GatewayProblem.NoFigures(RetryAfterSeconds).WriteAsync(context);
        }
    }

    private static string? ProcessOf(HttpContext context, RouteConfig? route) =>
        route?.Metadata is { } metadata && metadata.TryGetValue(OfferRoutes.ProcessParameter, out var name) ? context.Request.RouteValues[name] as string : null;

    // The framework says so without a word.
    private static async Task TellWrongMethodAsync(HttpContext context)
    {
        var response = context.Response;
        if (response.StatusCode == StatusCodes.Status405MethodNotAllowed && !response.HasStarted && context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>() is null)
        {
            var allow = response.Headers.Allow;
            var problem = GatewayProblem.WrongMethod(context.Request.Method) with { Allow = allow };
            await problem.WriteAsync(context);
        }
    }

    /// <summary>Marks a request that came before there were routes.</summary>
    private sealed class Early
    {
        public static Early Instance { get; } = new();
    }

    /// <summary>Marks what the gateway answers itself.</summary>
    private sealed class OwnPath
    {
        public static OwnPath Instance { get; } = new();
    }
}
