using GeoWps.Domain.Nodes;

namespace GeoWps.Application.Nodes;

/// <summary>Who this node is.</summary>
/// <param name="Id">Of this run.</param>
/// <param name="Address">Under which others reach it; <see langword="null"/> where that can't be told, which only a node that nobody looks for may have.</param>
/// <param name="Services">What it may offer, of <see cref="NodeServices.All"/>, in that order.</param>
public sealed record ThisNode(string Id, string Name, Uri? Address, IReadOnlyList<string> Services, string Version)
{
    public bool Offers(string service) => service == NodeServices.Core || Services.Contains(service);

    /// <param name="offer">What it does offer.</param>
    /// <exception cref="InvalidOperationException">It has no address.</exception>
    public NodeEntry ToEntry(NodeOffer offer) =>
        new(Id, Name, Address ?? throw new InvalidOperationException("A node without an address can't be announced."), [.. Services.Where(service => offer.Services.Any(one => one.Service == service))])
        {
            Version = Version,
        };

    /// <param name="urls">Where it listens, as <c>urls</c> says.</param>
    internal static ThisNode Of(NodeOptions options, string? urls)
    {
        var version = typeof(ThisNode).Assembly.GetName().Version?.ToString(3) ?? "";
        var name = string.IsNullOrEmpty(options.Name) ? DefaultName(urls) : options.Name;
        return new($"{name}-{Guid.NewGuid():N}", name, NodeAddress.Of(options, urls), [.. NodeServices.All.Where(service => options.Services.Contains(service, StringComparer.OrdinalIgnoreCase))], version);
    }

    private static string DefaultName(string? urls)
    {
        var port = NodeAddress.Listening(urls).Select(address => address.Port).FirstOrDefault();
        return port > 0 ? $"{Environment.MachineName}-{port}" : Environment.MachineName;
    }
}
