using GeoWps.Application.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Processes.Chains;

internal static class ChainsModule
{
    public static IServiceCollection AddChains(this IServiceCollection services)
    {
        services.AddSingleton<ChainReader>();
        services.AddSingleton<IProcessProvider>(provider => new ChainProvider(
            provider.GetRequiredService<ChainReader>,
            provider.GetRequiredService<ExecuteProcess>,
            provider.GetRequiredService<IJobStore>(),
            provider.GetRequiredService<IBlobStore>(),
            provider.GetRequiredService<IJobEvents>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ChainProvider>>()));
        return services;
    }
}
