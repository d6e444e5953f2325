using GeoWps.Adapters.Execution.InProcess;
using GeoWps.Adapters.Execution.Pool;
using GeoWps.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution.Workers;

internal static class WorkersModule
{
    public static IServiceCollection AddWorkers(this IServiceCollection services, PythonExecution execution)
    {
        services.AddSingleton(provider => Limits(provider.GetRequiredService<IOptions<JobsOptions>>().Value));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<PythonOptions>>().Value);
        if (execution == PythonExecution.InProcess)
        {
            services.AddSingleton<EmbeddedWorkers>();
            services.AddSingleton<IWorkers>(provider => provider.GetRequiredService<EmbeddedWorkers>());
            services.AddSingleton<IDrawers>(provider => provider.GetRequiredService<EmbeddedWorkers>());
        }
        else
        {
            services.AddSingleton<PoolWorkers>();
            services.AddSingleton<IWorkers>(provider => provider.GetRequiredService<PoolWorkers>());
            services.AddSingleton<IDrawers>(provider => provider.GetRequiredService<PoolWorkers>());
        }

        services.AddHostedService<WorkersService>();
        return services;
    }

    private static JobLimits Limits(JobsOptions options) => new(TimeSpan.FromSeconds(options.TimeoutSeconds), options.MaxMemoryMb);
}
