using GeoWps.Application.Jobs;
using GeoWps.Application.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace GeoWps.Application.Processes.Elsewhere;

public static class ElsewhereModule
{
    /// <summary>Processes of other nodes. After all that are run here: what a node has itself goes before. Before <see cref="ApplicationModule.AddJobs"/>.</summary>
    public static IServiceCollection AddElsewhere(this IServiceCollection services)
    {
        services.AddSingleton<NodeLanes>();
        services.AddSingleton<RemoteProcesses>();
        services.AddSingleton<IProcessProvider>(provider => provider.GetRequiredService<RemoteProcesses>());
        services.AddSingleton<OfferedProcesses>();
        services.AddSingleton<RunnerPresence>();
        services.AddHostedService(provider => provider.GetRequiredService<RunnerPresence>());
        return services;
    }
}
