using System.Net;
using GeoWps.Adapters.Gateway.Answers;
using GeoWps.Adapters.Gateway.Calls;
using GeoWps.Adapters.Gateway.Nodes;
using GeoWps.Adapters.Gateway.Routing;
using GeoWps.Application.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Forwarder;

namespace GeoWps.Adapters.Gateway.Forwarding;

/// <summary>
/// Sends a request to a node of its service, and to another one where the first failed and that is safe: it never reached the first, or asking twice is like asking
/// once; nothing of its body was read, and nothing of an answer was sent.
/// </summary>
internal sealed class NodeForwarder(
    IHttpForwarder forwarder, IProxyStateLookup clusters, NodeDirectory directory, CallBook calls, PassedOn passedOn, IOptions<GatewayOptions> options, TimeProvider clock)
{
    private const int ClientClosedRequest = 499;

    private readonly Homes _homes = new();

    private readonly ForwarderRequestConfig _plain = ConfigOf(options.Value, Uri.UriSchemeHttp);
    private readonly ForwarderRequestConfig _secure = ConfigOf(options.Value, Uri.UriSchemeHttps);

    public RetryBudget Budget { get; } = new(options.Value.RetryPercent, options.Value.MinRetries, clock);

    public CallBook Calls => calls;

    public PassedOn PassedOn => passedOn;

    public GatewayOptions Options => options.Value;

    public TimeProvider Clock => clock;

    public async Task ForwardAsync(HttpContext context, Destination destination)
    {
        if (InnerPaths.Holds(context.Request.Path.Value ?? "/"))
        {
            await GatewayProblem.NotFound(context.Request.Path).WriteAsync(context);
            return;
        }

        if (!clusters.TryGetCluster(destination.Service, out var cluster) || cluster.Model.HttpClient is not { } client)
        {
            await NoNode(destination).WriteAsync(context);
            return;
        }

        var delivery = DeliveryOf(context, destination);
        Budget.Begin();
        try
        {
            await DeliverAsync(delivery, client);
        }
        finally
        {
            Budget.End();
            delivery.GiveTurnBack();
        }
    }

    public bool HasAnother(Delivery delivery) => Choose(delivery) is not null;

    /// <summary>Whether a node that can be asked is of another store than this one and those before.</summary>
    public bool HasAnotherStore(Delivery delivery) =>
        directory.Services.TryGetValue(delivery.Destination.Service, out var service)
        && Array.Exists(service.Nodes, node => MayTake(node, delivery.Destination.Process, delivery) && node.Store != delivery.Node.Store);

    private Delivery DeliveryOf(HttpContext context, Destination destination)
    {
        if (!directory.Services.TryGetValue(destination.Service, out var service) || !service.HasSeveralStores || Homes.ThingOf(destination.Template, context.Request.Path.Value ?? "/") is not { } thing)
        {
            return new Delivery(this, context, destination);
        }

        // A file comes to lie where it is looked for first, beside the others of its folder.
        var home = _homes.Find(thing);
        return new Delivery(this, context, destination)
        {
            Thing = thing,
            IsHomeKnown = home is not null,
            Home = home ?? (destination.Service == NodeServices.Files ? Homes.ChosenFor(Homes.FolderOf(thing), service.Stores.Select(store => store[0].Store)) : null),
        };
    }

    /// <summary>The node of a name, when the request could go there.</summary>
    public GatewayNode? Named(Delivery delivery, string name) => directory.Services.TryGetValue(delivery.Destination.Service, out var service)
        ? Array.Find(service.Nodes, node => node.Name == name && MayTake(node, null, delivery))
        : null;

    private static ForwarderRequestConfig ConfigOf(GatewayOptions options, string scheme)
    {
        var (version, policy) = NodeTrust.Of(new Uri($"{scheme}://node"));
        return new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromSeconds(options.ActivitySeconds), Version = version, VersionPolicy = policy };
    }

    private async Task DeliverAsync(Delivery delivery, HttpMessageInvoker client)
    {
        var context = delivery.Context;
        if (Choose(delivery) is not { } node)
        {
            await NoNode(delivery.Destination).WriteAsync(context);
            return;
        }

        while (true)
        {
            var aborted = context.RequestAborted;
            var error = await forwarder.SendAsync(context, node.Prefix, client, node.Entry.Address.Scheme == Uri.UriSchemeHttps ? _secure : _plain, delivery, delivery.Begin(node));
            var failure = await JudgeAsync(delivery, error, aborted);
            if (failure is null)
            {
                return;
            }

            if ((delivery.HandedOnTo ?? (delivery.HoldsTurn || delivery.IsMissing ? Choose(delivery) : null)) is not { } next)
            {
                await failure.WriteAsync(context);
                return;
            }

            context.Response.Clear();
            node = next;
        }
    }

    /// <returns>What to tell the caller if no other node is asked; <see langword="null"/> when all was said.</returns>
    private async ValueTask<GatewayProblem?> JudgeAsync(Delivery delivery, ForwarderError error, CancellationToken aborted)
    {
        var (context, node, service) = (delivery.Context, delivery.Node, delivery.Destination.Service);
        if (error == ForwarderError.None && delivery.IsMissing)
        {
            delivery.End(failed: false);
            node.Answered();
            return GatewayProblem.NotFound(context.Request.Path);
        }

        if (error == ForwarderError.None && !delivery.IsHeldBack)
        {
            if (delivery.IsElsewhere)
            {
                delivery.End(failed: false);
                node.Answered();
                return null;
            }

            var failed = context.Response.StatusCode >= StatusCodes.Status500InternalServerError;
            delivery.End(failed);
            if (!failed)
            {
                node.Answered();
                delivery.Suspects?.ForEach(directory.Struck);
                Learn(delivery);
            }

            return null;
        }

        var (cutOff, cause) = (delivery.WasCutOff, context.Features.Get<IForwarderErrorFeature>()?.Exception);
        if (delivery.IsHeldBack)
        {
            delivery.End(failed: !delivery.IsElsewhere);
            if (!delivery.IsElsewhere)
            {
                delivery.Suspect();
            }

            return GatewayProblem.Broken(service);
        }

        // Who leaves is no failure of the node's, nor is who sends something that can't be read.
        if (aborted.IsCancellationRequested || (IsOfCaller(error) && !cutOff))
        {
            delivery.End(failed: false);
            if (!context.Response.HasStarted && aborted.IsCancellationRequested)
            {
                context.Response.StatusCode = ClientClosedRequest;
            }

            return null;
        }

        delivery.End(failed: true);
        if (context.Response.HasStarted)
        {
            return null;
        }

        var neverSent = !cutOff && IsUnreachable(cause);
        if (neverSent)
        {
            directory.Refused(node);
        }
        else
        {
            delivery.Suspect();
        }

        if (neverSent || delivery.IsIdempotent)
        {
            await delivery.MayGoOnAsync();
        }
        else
        {
            // What was sent is not sent again, whatever turn it holds.
            delivery.GiveTurnBack();
        }

        return neverSent ? NoNode(delivery.Destination) : cutOff || error is ForwarderError.RequestTimedOut ? GatewayProblem.TooLate(service) : GatewayProblem.Broken(service);
    }

    /// <summary>Where a thing is that another store did not have, and where one is that was made.</summary>
    private void Learn(Delivery delivery)
    {
        var response = delivery.Context.Response;
        if (delivery.Thing is { } thing)
        {
            if (response.StatusCode == StatusCodes.Status404NotFound)
            {
                _homes.Forget(thing);
            }
            else if (delivery.WasMissing)
            {
                _homes.Remember(thing, delivery.Node.Store);
            }
        }

        if (response.StatusCode == StatusCodes.Status201Created && Uri.TryCreate(response.Headers.Location.ToString(), UriKind.RelativeOrAbsolute, out var made)
            && directory.Services[delivery.Destination.Service].HasSeveralStores)
        {
            _homes.Remember(made.IsAbsoluteUri ? Uri.UnescapeDataString(made.AbsolutePath) : made.OriginalString, delivery.Node.Store);
        }
    }

    private GatewayNode? Choose(Delivery delivery)
    {
        if (!directory.Services.TryGetValue(delivery.Destination.Service, out var service))
        {
            return null;
        }

        var all = service.Nodes;
        var process = delivery.Destination.Process;

        // A process that nobody has is for any node to say so: it may have come this moment.
        if (process is not null && !AnyHas(all, process))
        {
            process = null;
        }

        if (delivery.Home is { } home)
        {
            var there = Array.FindAll(all, node => node.Store == home && MayTake(node, process, delivery));
            if (there.Length > 0 || (delivery.IsHomeKnown && !delivery.IsWithout(home)))
            {
                return service.Balancer.Choose(there);
            }
        }

        // Mostly all of them.
        if (AllMayTake(all, process, delivery))
        {
            return service.Balancer.Choose(all);
        }

        // Without a node that has it, one that hands it on: the job waits until there is one.
        return service.Balancer.Choose(Those(all, process, delivery))
            ?? (process is null ? null : service.Balancer.Choose(Array.FindAll(all, node => node.IsIn && node.TakesProcess(process) && !delivery.HasTried(node) && !delivery.IsWithout(node.Store))));
    }

    private static GatewayNode[] Those(GatewayNode[] nodes, string? process, Delivery delivery) => Array.FindAll(nodes, node => MayTake(node, process, delivery));

    private static bool AnyHas(GatewayNode[] nodes, string process) => Array.Exists(nodes, node => node.HasProcess(process) || node.TakesProcess(process));

    private static bool AllMayTake(GatewayNode[] nodes, string? process, Delivery delivery)
    {
        foreach (var node in nodes)
        {
            if (!MayTake(node, process, delivery))
            {
                return false;
            }
        }

        return true;
    }

    private static bool MayTake(GatewayNode node, string? process, Delivery delivery) => node.IsIn && (process is null || node.HasProcess(process)) && !delivery.HasTried(node) && !delivery.IsWithout(node.Store);

    private GatewayProblem NoNode(Destination destination)
    {
        var process = destination.Process is { } id && directory.Services.TryGetValue(destination.Service, out var service) && Array.Exists(service.Nodes, node => node.IsIn) ? id : null;
        return GatewayProblem.NoNode(destination.Service, process, options.Value.RetryAfterSeconds);
    }

    private static bool IsOfCaller(ForwarderError error) => error is
        ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled or ForwarderError.RequestCanceled or ForwarderError.ResponseBodyClient or ForwarderError.ResponseBodyCanceled
        or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient or ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeResponseCanceled;

    /// <summary>No connection came about, so that nothing was sent.</summary>
    private static bool IsUnreachable(Exception? cause) =>
        cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
        || cause is OperationCanceledException { InnerException: TimeoutException };
}
