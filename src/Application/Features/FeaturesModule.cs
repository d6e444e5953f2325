using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Collections;
using GeoWps.Application.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GeoWps.Application.Features;

/// <summary>Features of layers, for the host's composition. Before <c>AddRequests</c>: layers are inputs of processes, too.</summary>
public static class FeaturesModule
{
    public static IServiceCollection AddFeatures(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<FeaturesOptions>(configuration, FeaturesOptions.Section);
        services.AddSingleton<LayerFeatures>();
        services.AddSingleton<FeaturesAt>();
        services.TryAddSingleton<RemoteCollections>();
        services.AddSingleton<ICollectionReader>(provider => ActivatorUtilities.CreateInstance<OwnCollections>(provider, provider.GetRequiredService<RemoteCollections>()));
        return services;
    }
}
