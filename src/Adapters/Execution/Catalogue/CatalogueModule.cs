using GeoWps.Adapters.Execution.Policy;
using GeoWps.Application;
using GeoWps.Application.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution.Catalogue;

internal static class CatalogueModule
{
    public static IServiceCollection AddCatalogue(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<ProcessesOptions>(configuration, ProcessesOptions.Section);
        services.AddStrictOptions<SecurityOptions>(configuration, SecurityOptions.Section);
        services.AddSingleton(ExecutionFolders.Of(configuration));
        services.AddSingleton(provider => new AlgorithmPolicy(
            provider.GetRequiredService<IOptions<SecurityOptions>>().Value.TrustCallers, provider.GetRequiredService<IOptions<ProcessesOptions>>().Value.Allow));
        services.AddSingleton<QgisCatalogue>();
        services.AddSingleton<IQgisCatalogue>(provider => provider.GetRequiredService<QgisCatalogue>());
        services.AddHostedService<CatalogueRefresher>();
        return services;
    }
}
