using GeoWps.Application.Ports;
using GeoWps.Application.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>Records of other places, for the host's composition.</summary>
public static class HarvestingModule
{
    /// <summary>Before the queue.</summary>
    public static IServiceCollection AddHarvesting(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<HarvestingOptions>(configuration, HarvestingOptions.Section);
        services.AddSingleton<HarvestWeb>();
        services.AddSingleton<RowDocuments>();
        services.AddSingleton<IHarvestReader, OgcReader>();
        services.AddSingleton<IHarvestReader, ListReader>();
        services.AddSingleton<HarvestRecords>();
        services.AddSingleton<HarvestSources>();
        services.AddSingleton<IProcessProvider, HarvestProvider>();
        services.AddSingleton<DocumentRoom>();
        services.AddSingleton<OpenDocument>();
        services.AddSingleton<PreviewDocument>();
        return services;
    }

    /// <summary>The clock's part. After the queue, so that it stops first.</summary>
    public static IServiceCollection AddHarvestSchedules(this IServiceCollection services)
    {
        services.AddSingleton<HarvestSchedules>();
        services.AddHostedService(provider => provider.GetRequiredService<HarvestSchedules>());
        return services;
    }
}
