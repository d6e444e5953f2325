using Microsoft.Extensions.DependencyInjection;

namespace GeoWps.Application.Processes.Deployment;

/// <summary>Deploying, replacing and undeploying processes, by whatever the node has to run them.</summary>
public static class DeploymentModule
{
    public static IServiceCollection AddDeployment(this IServiceCollection services)
    {
        services.AddSingleton<PackageReader>();
        services.AddSingleton<PackageTrial>();
        services.AddSingleton<DeployProcess>();
        services.AddSingleton<ReplaceProcess>();
        services.AddSingleton<UndeployProcess>();
        services.AddSingleton<FindPackage>();
        return services;
    }
}
