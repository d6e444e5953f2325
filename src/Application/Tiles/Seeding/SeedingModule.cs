using GeoWps.Application.Ports;
using GeoWps.Application.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>Making and removing tiles by the job, for the host's composition.</summary>
public static class SeedingModule
{
    /// <summary>After <see cref="TilesModule.AddTiles"/>, and before the queue.</summary>
    public static IServiceCollection AddSeeding(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<SeedingOptions>(configuration, SeedingOptions.Section);
        services.AddSingleton<IValidateOptions<SeedingOptions>, SeedingOptionsValidator>();
        services.AddSingleton<SeedInputs>();
        services.AddSingleton<PlanSeed>();
        services.AddSingleton<TileThreads>();
        services.AddSingleton<SeedTiles>();
        services.AddSingleton<ExportTiles>();
        services.AddSingleton<TruncateTiles>();
        services.AddSingleton<InvalidateTiles>();
        services.AddSingleton<StartSeeding>();
        services.AddSingleton<ScheduleCatalogue>();
        services.AddSingleton<RunSchedule>();
        services.AddSingleton<IProcessProvider, SeedProvider>();
        return services;
    }

    /// <summary>The clock's part. After the queue, so that it stops first.</summary>
    public static IServiceCollection AddSeedSchedules(this IServiceCollection services)
    {
        services.AddSingleton<SeedSchedules>();
        services.AddHostedService(provider => provider.GetRequiredService<SeedSchedules>());
        return services;
    }
}
