using GeoWps.Application.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace GeoWps.Adapters.Execution.Runs;

internal static class RunsModule
{
    public static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.AddSingleton<RequestChecks>();
        services.AddSingleton<RunStaging>();
        services.AddSingleton<ResultDelivery>();
        services.AddSingleton<IProcessProvider, QgisProvider>();
        return services;
    }
}
