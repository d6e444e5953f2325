using GeoWps.Application.Ports;
using GeoWps.Application.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Nodes;

/// <summary>This node among others.</summary>
public static class NodesModule
{
    /// <summary>Who this node is. Whoever needs to know adds it; it stays one.</summary>
    public static IServiceCollection AddThisNode(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<NodeOptions>(configuration, NodeOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<NodeOptions>, NodeOptionsValidator>());
        services.TryAddSingleton(provider => ThisNode.Of(provider.GetRequiredService<IOptions<NodeOptions>>().Value, configuration["urls"]));
        return services;
    }

    /// <summary>Whether the settings let this node offer a service; for what is composed before there is anything to inject.</summary>
    public static bool Offers(IConfiguration configuration, string service)
    {
        var options = new NodeOptions();
        StrictOptions.Read(configuration.GetSection(NodeOptions.Section), NodeOptions.Section, options);
        return options.Services.Contains(service, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Makes this node known to <see cref="INodeRegistry"/>. The very last of the services that run: the others then stop when nobody sends anything more.</summary>
    public static IServiceCollection AddNodeAnnouncement(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddThisNode(configuration);
        services.AddSingleton<IValidateOptions<NodeOptions>>(new AnnouncedNodeValidator(configuration["urls"]));
        services.AddHostedService<NodeAnnouncement>();
        return services;
    }

    private sealed class AnnouncedNodeValidator(string? urls) : IValidateOptions<NodeOptions>
    {
        public ValidateOptionsResult Validate(string? name, NodeOptions options) => !string.IsNullOrEmpty(options.Address) || NodeAddress.Of(options, urls) is not null
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Node:Address is missing; urls '{urls}' does not tell by which address other nodes reach this one, such as http://10.0.0.5:8080");
    }
}
