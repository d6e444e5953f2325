using GeoWps.Adapters.Gateway.Nodes;
using GeoWps.Domain.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace GeoWps.Adapters.Gateway.Routing;

/// <summary>Routes and clusters of what is offered now, as one picture that the proxy takes over as a whole. What was offered once stays a route.</summary>
internal sealed partial class ProxyRoutes : IProxyConfigProvider, IConfigChangeListener, IDisposable
{
    private readonly Lock _lock = new();
    private readonly NodeDirectory _directory;
    private readonly ILogger<ProxyRoutes> _log;
    private readonly Dictionary<string, HashSet<RouteKey>> _seen = new(StringComparer.Ordinal);
    private volatile Picture _picture = new([], []);
    private volatile bool _applied;

    public ProxyRoutes(NodeDirectory directory, ILogger<ProxyRoutes> log)
    {
        (_directory, _log) = (directory, log);
        _directory.Changed += Renew;
    }

    /// <summary>No node has said yet what it offers, or the proxy does not go by it yet.</summary>
    public bool AreUnknown => !_applied;

    public IProxyConfig GetConfig() => _picture;

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs) => _applied |= proxyConfigs.Any(config => config.Routes.Count > 0);

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        // Loaded is not applied.
    }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception)
    {
        // The proxy logs it.
    }

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception)
    {
        // Nor is anything loaded here that could fail.
    }

    public void Dispose() => _directory.Changed -= Renew;

    private void Renew()
    {
        Picture before, now;
        lock (_lock)
        {
            before = _picture;
            var isNew = false;
            foreach (var offer in _directory.Nodes.SelectMany(node => node.Offer?.Services ?? []))
            {
                if (!_seen.TryGetValue(offer.Service, out var routes))
                {
                    _seen.Add(offer.Service, routes = []);
                    isNew = true;
                }

                foreach (var route in offer.Routes)
                {
                    isNew |= routes.Add(new RouteKey(route.Template, string.Join(',', route.Methods)));
                }
            }

            // Which nodes there are, the directory says at each request: connections do not notice.
            if (!isNew)
            {
                return;
            }

            var offers = _seen.Select(service => new ServiceOffer(
                service.Key, [.. service.Value.Select(route => new RouteOffer(route.Template, route.Methods.Split(',', StringSplitOptions.RemoveEmptyEntries)))]));
            var made = OfferRoutes.Of(offers, out var dropped);
            foreach (var template in dropped)
            {
                LogDropped(template);
            }

            _picture = now = new Picture(made, [.. _seen.Keys.Select(service => new ClusterConfig { ClusterId = service })]);
        }

        LogRoutes(now.Routes.Count, string.Join(", ", now.Clusters.Select(cluster => cluster.ClusterId)));
        before.End();
    }

    [LoggerMessage(EventId = 7120, Level = LogLevel.Information, Message = "{Count} routes lead to {Services}")]
    private partial void LogRoutes(int count, string services);

    [LoggerMessage(EventId = 7121, Level = LogLevel.Warning, Message = "The template {Template} can not be a route")]
    private partial void LogDropped(string template);

    private readonly record struct RouteKey(string Template, string Methods);

    private sealed class Picture(IReadOnlyList<RouteConfig> routes, IReadOnlyList<ClusterConfig> clusters) : IProxyConfig
    {
        private readonly CancellationTokenSource _ended = new();

        public IReadOnlyList<RouteConfig> Routes { get; } = routes;

        public IReadOnlyList<ClusterConfig> Clusters { get; } = clusters;

        public IChangeToken ChangeToken => new CancellationChangeToken(_ended.Token);

        public void End() => _ended.Cancel();
    }
}
