using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Domain.Nodes;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Discovery.Consul;

/// <summary>
/// Nodes are instances of the service <c>geowps</c>: tags are what they offer, meta their name, address and version. Known are those that the agents' checks find ready.
/// </summary>
/// <param name="beat">From one look whether the agent still knows this node to the next: agents may forget over a restart.</param>
/// <param name="remembered">Who was known before this process; <see langword="null"/>: nobody.</param>
internal sealed partial class ConsulNodes(
    ConsulClient consul, ConsulOptions options, TimeSpan beat, TimeProvider clock, ILogger<ConsulNodes> logger, NodesFile? remembered = null) : INodeRegistry
{
    public const string Service = "geowps";

    /// <summary>News that come in a rush are taken together.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    /// <summary>An agent that was away may have forgotten its nodes. Within this time each looks, and tells it again; until then who was known is.</summary>
    private TimeSpan Grace => beat * 2;

    public async Task<IAsyncDisposable> AnnounceAsync(NodeEntry self, CancellationToken cancellationToken) =>
        await Announcement.StartAsync(new Membership(consul, Registration(self)), beat, clock, logger, cancellationToken);

    public async IAsyncEnumerable<IReadOnlyList<NodeEntry>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ulong index = 0;
        var failures = 0;
        long? back = null;
        IReadOnlyList<NodeEntry>? last = null;
        while (true)
        {
            IReadOnlyList<NodeEntry>? nodes = null;
            try
            {
                var (found, instances) = await consul.WatchAsync(Service, back is null ? index : 0, cancellationToken);
                if (failures > 0)
                {
                    back = clock.GetTimestamp();
                }

                // As Consul wants it: one that goes backwards starts anew (a server was restored), and none of 0 would ever wait.
                index = found < index ? 0 : Math.Max(found, 1);
                nodes = NodesOf(instances);
                failures = 0;
                if (back is { } since && clock.GetElapsedTime(since) < Grace)
                {
                    var before = last ?? await (remembered?.ReadAsync(cancellationToken) ?? Task.FromResult<IReadOnlyList<NodeEntry>?>(null)) ?? [];
                    nodes = NodeLists.Ordered(nodes.Concat(before.Where(known => !nodes.Any(node => node.Address == known.Address))));
                }
                else
                {
                    back = null;
                }
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it is: a watch only ends by cancellation.
                index = 0;
                if (failures++ == 0)
                {
                    LogUnanswered(IsAway(error) ? null : error, error.Message);
                }
            }

            if (nodes is not null && !nodes.SameAs(last))
            {
                last = nodes;
                yield return nodes;
            }

            await Task.Delay(back is not null ? beat / 4 : failures == 0 ? Breath : RegistryPause.After(failures, beat), clock, cancellationToken);
        }
    }

    /// <summary>Of several at one address the last: the others are earlier runs that ended without a word.</summary>
    private IReadOnlyList<NodeEntry> NodesOf(IReadOnlyList<ConsulInstance> instances) => NodeLists.Ordered(instances
        .Select(instance => (Entry: EntryOf(instance), Order: instance.Service?.CreateIndex ?? 0))
        .Where(one => one.Entry is not null)
        .GroupBy(one => one.Entry!.Address, (_, same) => same.MaxBy(one => one.Order).Entry!));

    private NodeEntry? EntryOf(ConsulInstance instance)
    {
        if (instance.Service is not { Id: not null } service)
        {
            return null;
        }

        var meta = service.Meta ?? new Dictionary<string, string>();
        var host = string.IsNullOrEmpty(service.Address) ? instance.Node?.Address : service.Address;
        if (!NodeAddress.TryParse(meta.GetValueOrDefault("address") ?? string.Create(CultureInfo.InvariantCulture, $"http://{host}:{service.Port}"), out var address))
        {
            LogNoAddress(service.Id);
            return null;
        }

        return new NodeEntry(service.Id, meta.GetValueOrDefault("name") ?? service.Id, address, [.. NodeServices.All.Where(name => service.Tags?.Contains(name) == true)])
        {
            Version = meta.GetValueOrDefault("version") ?? "",
        };
    }

    private ConsulRegistration Registration(NodeEntry self) => new(
        self.Id, Service, self.Address.Host, self.Address.Port, self.Services,
        new Dictionary<string, string> { ["name"] = self.Name, ["address"] = self.Address.AbsoluteUri, ["version"] = self.Version },
        new ConsulCheck(
            "takes work",
            new Uri(self.Address, "/health/ready").AbsoluteUri,
            string.Create(CultureInfo.InvariantCulture, $"{options.IntervalSeconds}s"),
            "5s",
            string.Create(CultureInfo.InvariantCulture, $"{options.DeregisterAfterMinutes}m"),
            // It is announced when it is ready; the first check may be a whole interval away.
            "passing"));

    private static bool IsAway(Exception error) => error is HttpRequestException or JsonException or OperationCanceledException or IOException;

    private sealed class Membership(ConsulClient consul, ConsulRegistration registration) : IMembership
    {
        public async Task KeepAsync(CancellationToken cancellationToken)
        {
            if (await consul.KnowsAsync(registration.Id, cancellationToken))
            {
                return;
            }

            await consul.RegisterAsync(registration, cancellationToken);

            // An earlier run that was killed: its check would pass, since we answer it.
            foreach (var earlier in await consul.ListOwnAsync(cancellationToken))
            {
                if (earlier.Service == Service && earlier.Id != registration.Id && earlier.Meta?.GetValueOrDefault("address") == registration.Meta["address"])
                {
                    await consul.DeregisterAsync(earlier.Id, cancellationToken);
                }
            }
        }

        public Task EndAsync(CancellationToken cancellationToken) => consul.DeregisterAsync(registration.Id, cancellationToken);

        public bool IsAway(Exception error) => ConsulNodes.IsAway(error);
    }

    [LoggerMessage(EventId = 7030, Level = LogLevel.Warning, Message = "Consul does not say which nodes there are; asking on: {Reason}")]
    private partial void LogUnanswered(Exception? error, string reason);

    [LoggerMessage(EventId = 7031, Level = LogLevel.Warning, Message = "Consul has an instance of the service without a usable address: {Id}")]
    private partial void LogNoAddress(string id);
}
