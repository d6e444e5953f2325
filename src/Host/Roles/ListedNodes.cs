using System.Runtime.CompilerServices;
using GeoWps.Application.Ports;
using GeoWps.Application.Settings;
using GeoWps.Domain.Nodes;
using Microsoft.Extensions.Options;

namespace GeoWps.Roles;

/// <summary>Section <c>Discovery</c>.</summary>
public sealed class DiscoveryOptions
{
    public const string Section = "Discovery";

    /// <summary>Base addresses of the nodes: <c>http://10.0.0.5:8080</c>. Default: none.</summary>
    public string[] Nodes { get; set; } = [];
}

/// <summary>The nodes that the settings name, as long as this process lives.</summary>
internal sealed class ListedNodes(IOptions<DiscoveryOptions> options) : INodeRegistry
{
    public Task<IAsyncDisposable> AnnounceAsync(NodeEntry self, CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable>(new Nothing());

    public async IAsyncEnumerable<IReadOnlyList<NodeEntry>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return [.. options.Value.Nodes.Select(node => new Uri(node)).Select(address => new NodeEntry(address.Authority, address.Authority, address, []))];
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

internal sealed class DiscoveryOptionsValidator : IValidateOptions<DiscoveryOptions>
{
    public ValidateOptionsResult Validate(string? name, DiscoveryOptions options)
    {
        string[] wrong =
        [
            .. options.Nodes.Where(node => !Uri.TryCreate(node, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                .Select(node => $"Discovery:Nodes: '{node}' is not allowed; an address such as http://10.0.0.5:8080"),
        ];
        return wrong.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}

internal static class ListedNodesModule
{
    public static IServiceCollection AddListedNodes(this IServiceCollection services, IConfiguration settings)
    {
        services.AddStrictOptions<DiscoveryOptions>(settings, DiscoveryOptions.Section);
        services.AddSingleton<IValidateOptions<DiscoveryOptions>, DiscoveryOptionsValidator>();
        return services.AddSingleton<INodeRegistry, ListedNodes>();
    }
}
