using GeoWps.Application.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Settings;
using GeoWps.Application.Tiles;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Layers;

public static class LayersModule
{
    /// <summary>What is published. Whoever keeps tiles registers an <see cref="ILayerWatch"/> before.</summary>
    public static IServiceCollection AddLayers(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<LayersOptions>(configuration, LayersOptions.Section);
        services.TryAddSingleton<ILayerWatch, NoLayerWatch>();
        services.AddSingleton<LayerCatalogue>();
        services.AddSingleton<DataReading>();
        services.AddSingleton<LayerPublication>();
        services.AddSingleton<PublishLayer>();
        services.AddSingleton<ChangeLayer>();
        services.AddSingleton<RemoveLayer>();
        services.AddSingleton<IProcessProvider>(provider => new PublishProvider(
            provider.GetRequiredService<InputReader>(),
            provider.GetRequiredService<DataReading>(),
            provider.GetRequiredService<LayerPublication>(),
            provider.GetRequiredService<LayerCatalogue>(),
            provider.GetRequiredService<ILayerFiles>(),
            provider.GetRequiredService<IVectorStores>(),
            provider.GetRequiredService<IOperatorFolders>(),
            provider.GetRequiredService<TileMatrixSets>(),
            provider.GetRequiredService<IBlobStore>(),
            provider.GetRequiredService<IJobStore>(),
            provider.GetRequiredService<IJobEvents>(),
            provider.GetRequiredService<ExecuteProcess>,
            provider.GetRequiredService<IOptions<LayersOptions>>(),
            provider.GetRequiredService<IOptions<JobsOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PublishProvider>>()));
        services.AddSingleton<IMessageHandler, LayerMessages>();
        services.AddSingleton<LayerKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<LayerKeeper>());
        services.AddSingleton<SampleLayers>();
        services.AddHostedService(provider => provider.GetRequiredService<SampleLayers>());
        return services;
    }
}
