using System.Text.Json;
using GeoWps.Domain.Nodes;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Gateway.Nodes;

/// <summary>What nodes offered last, in a file: after a restart there are routes at once, also to a node that is slow to say again what it offers.</summary>
/// <param name="file"><see langword="null"/>: nothing is kept.</param>
internal sealed partial class RememberedOffers(string? file, ILogger<RememberedOffers> log)
{
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Lazy<Dictionary<string, NodeOffer>> _known = new(() => Read(file, log));

    /// <returns>What the node at this address offered; <see langword="null"/> when that is not known.</returns>
    public NodeOffer? Find(Uri address) => _known.Value.GetValueOrDefault(address.AbsoluteUri);

    /// <summary>Keeps what the nodes offer now.</summary>
    public async Task KeepAsync(IReadOnlyList<GatewayNode> nodes, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            return;
        }

        await _writing.WaitAsync(cancellationToken);
        try
        {
            var offers = nodes.Where(node => node.Offer is not null).DistinctBy(node => node.Entry.Address.AbsoluteUri).ToDictionary(node => node.Entry.Address.AbsoluteUri, node => node.Offer!);
            var made = file + ".new";
            await File.WriteAllBytesAsync(made, JsonSerializer.SerializeToUtf8Bytes(offers, JsonSerializerOptions.Web), cancellationToken);
            File.Move(made, file, overwrite: true);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            LogNotKept(log, reason.Message);
        }
        finally
        {
            _writing.Release();
        }
    }

    private static Dictionary<string, NodeOffer> Read(string? file, ILogger log)
    {
        try
        {
            if (file is not null && File.Exists(file))
            {
                var offers = JsonSerializer.Deserialize<Dictionary<string, NodeOffer>>(File.ReadAllBytes(file), JsonSerializerOptions.Web) ?? [];
                return offers.Where(pair => pair.Value is not null).Select(pair => (pair.Key, Offer: NodeOffers.Complete(pair.Value))).Where(pair => pair.Offer is not null).ToDictionary(pair => pair.Key, pair => pair.Offer!);
            }
        }
        catch (Exception reason) when (reason is JsonException or IOException or UnauthorizedAccessException)
        {
            LogUnreadable(log, reason.Message);
        }

        return [];
    }

    [LoggerMessage(EventId = 7150, Level = LogLevel.Warning, Message = "What nodes offer can't be kept for the next start: {Reason}")]
    private static partial void LogNotKept(ILogger log, string reason);

    [LoggerMessage(EventId = 7151, Level = LogLevel.Warning, Message = "What nodes offered last can't be read: {Reason}")]
    private static partial void LogUnreadable(ILogger log, string reason);
}
