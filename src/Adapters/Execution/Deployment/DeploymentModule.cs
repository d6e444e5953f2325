using GeoWps.Application.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace GeoWps.Adapters.Execution.Deployment;

internal static class DeploymentModule
{
    public static IServiceCollection AddDeployments(this IServiceCollection services)
    {
        services.AddSingleton<DeployedFiles>();
        services.AddSingleton<IProcessDeployments, QgisDeployments>();
        return services;
    }
}
