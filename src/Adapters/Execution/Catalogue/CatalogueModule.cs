using GeoWps.Adapters.Execution.Policy;
using GeoWps.Application;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution.Catalogue;

internal static class CatalogueModule
{
    public static IServiceCollection AddCatalogue(this IServiceCollection services)
    {
        services.AddSingleton(provider => new AlgorithmPolicy(
            provider.GetRequiredService<IOptions<SecurityOptions>>().Value.TrustCallers, provider.GetRequiredService<IOptions<ProcessesOptions>>().Value.Allow));
        services.AddSingleton<QgisCatalogue>();
        services.AddSingleton<IQgisCatalogue>(provider => provider.GetRequiredService<QgisCatalogue>());
        services.AddSingleton<CatalogueReading>();
        services.AddHostedService<CatalogueRefresher>();
        return services;
    }
}
