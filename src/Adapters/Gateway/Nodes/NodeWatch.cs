using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Gateway.Nodes;

/// <summary>Follows the registry, and asks each node by itself: whether it is ready, and what it offers.</summary>
internal sealed partial class NodeWatch(
    INodeRegistry registry, NodeDirectory directory, RememberedOffers remembered, CallerSeal seal, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<NodeWatch> log) : BackgroundService
{
    private const int MaxOfferBytes = 16 * 1024 * 1024;

    private static readonly Uri _ready = new("/health/ready", UriKind.Relative);
    private static readonly Uri _offer = new("/health/offer", UriKind.Relative);

    private readonly GatewayOptions _options = options.Value;
    private readonly Dictionary<GatewayNode, (CancellationTokenSource End, Task Running)> _probes = [];
    private readonly HttpClient _client = ClientOf(options.Value);

    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var entries in registry.WatchAsync(stoppingToken))
                {
                    Follow(entries, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception reason)
            {
                // A registry promises not to end; the nodes that are known stay known whatever it does.
                LogRegistryFailed(reason);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(_probes.Values.Select(probe => probe.Running));
    }

    private void Follow(IReadOnlyList<NodeEntry> entries, CancellationToken stoppingToken)
    {
        var (come, gone) = directory.Set(entries);
        foreach (var node in gone)
        {
            if (_probes.Remove(node, out var probe))
            {
                probe.End.Cancel();
            }
        }

        foreach (var node in come)
        {
            var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            _probes[node] = (end, ProbeAsync(node, end.Token));
        }
    }

    private async Task ProbeAsync(GatewayNode node, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(_options.ProbeMilliseconds), clock);
        var offer = new OfferState();
        try
        {
            do
            {
                var began = node.Now();
                var succeeded = await IsReadyAsync(node, cancellationToken);

                // Who is new is no use before it has said what it offers.
                if (succeeded && (offer.Asked is not { } asked || began - asked >= TimeSpan.FromSeconds(_options.OfferSeconds)))
                {
                    await ReadOfferAsync(node, offer, cancellationToken);
                    offer.Asked = node.Offer is null ? null : began;
                }

                directory.Probed(node, succeeded, began);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The node has left, or we do.
        }
    }

    private async Task<bool> IsReadyAsync(GatewayNode node, CancellationToken cancellationToken)
    {
        try
        {
            using var patience = Patience(cancellationToken);
            using var answer = await _client.GetAsync(new Uri(node.Entry.Address, _ready), HttpCompletionOption.ResponseContentRead, patience.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception reason) when (IsOfTheNode(reason, cancellationToken))
        {
            return false;
        }
    }

    private async Task ReadOfferAsync(GatewayNode node, OfferState state, CancellationToken cancellationToken)
    {
        try
        {
            using var patience = Patience(cancellationToken);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Entry.Address, _offer));
            request.Headers.TryAddWithoutValidation(CallerSeal.Header, seal.Write(new PassedCaller(IPAddress.Loopback, IsLocal: false), request.Method.Method, _offer.ToString()));
            if (state.Tag is { } tag)
            {
                request.Headers.IfNoneMatch.Add(tag);
            }

            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, patience.Token);
            Judged(node, answer.Headers.TryGetValues(CallerSeal.JudgementHeader, out var judgement) && judgement.Contains(CallerSeal.NotTaken));
            if (answer.StatusCode == HttpStatusCode.NotModified)
            {
                return;
            }

            answer.EnsureSuccessStatusCode();
            var offer = JsonSerializer.Deserialize<NodeOffer>(await answer.Content.ReadAsByteArrayAsync(patience.Token), JsonSerializerOptions.Web);
            directory.Take(node, NodeOffers.Complete(offer) ?? throw new JsonException("It is no offer."));
            state.Tag = answer.Headers.ETag;
            state.Complained = false;
            await remembered.KeepAsync(directory.Nodes, cancellationToken);
        }
        catch (Exception reason) when (reason is JsonException || IsOfTheNode(reason, cancellationToken))
        {
            if (!state.Complained)
            {
                state.Complained = true;
                LogNoOffer(node.Name, node.Prefix, reason.Message);
            }
        }
    }

    private void Judged(GatewayNode node, bool refusesSeals)
    {
        if (refusesSeals != node.RefusesSeals)
        {
            node.RefusesSeals = refusesSeals;
            if (refusesSeals)
            {
                LogRefusesSeals(node.Name, node.Prefix);
            }
            else
            {
                LogTakesSeals(node.Name, node.Prefix);
            }
        }
    }

    private static HttpClient ClientOf(GatewayOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromMilliseconds(options.ProbeTimeoutMilliseconds),
            ActivityHeadersPropagator = null,
        };
        NodeTrust.Trust(handler, options.TrustedCertificates);
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxOfferBytes };
    }

    private CancellationTokenSource Patience(CancellationToken cancellationToken)
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMilliseconds(_options.ProbeTimeoutMilliseconds));
        return patience;
    }

    private static bool IsOfTheNode(Exception reason, CancellationToken cancellationToken) =>
        reason is HttpRequestException or IOException or InvalidOperationException || (reason is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    [LoggerMessage(EventId = 7110, Level = LogLevel.Error, Message = "The registry of nodes failed; the nodes that are known stay known")]
    private partial void LogRegistryFailed(Exception reason);

    [LoggerMessage(EventId = 7111, Level = LogLevel.Warning, Message = "Node {Name} at {Address} does not say what it offers: {Reason}")]
    private partial void LogNoOffer(string name, string address, string reason);

    [LoggerMessage(
        EventId = 7152,
        Level = LogLevel.Warning,
        Message = "Node {Name} at {Address} does not take this gateway's word on where callers are, so all count as those from elsewhere: it has another Security:AdminToken, or its clock is another")]
    private partial void LogRefusesSeals(string name, string address);

    [LoggerMessage(EventId = 7153, Level = LogLevel.Information, Message = "Node {Name} at {Address} takes this gateway's word on where callers are")]
    private partial void LogTakesSeals(string name, string address);

    private sealed class OfferState
    {
        public EntityTagHeaderValue? Tag { get; set; }

        public TimeSpan? Asked { get; set; }

        public bool Complained { get; set; }
    }
}
