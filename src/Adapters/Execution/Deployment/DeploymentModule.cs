using GeoWps.Application.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace GeoWps.Adapters.Execution.Deployment;

internal static class DeploymentModule
{
    public static IServiceCollection AddDeployments(this IServiceCollection services)
    {
        services.AddSingleton<DeployedFiles>();
        services.AddSingleton<QgisDeployments>();
        services.AddSingleton<IProcessDeployments>(provider => provider.GetRequiredService<QgisDeployments>());
        if (services.Any(service => service.ServiceType == typeof(IDeployedUnits)))
        {
            services.AddHostedService<ClusterUnits>();
        }

        return services;
    }
}
