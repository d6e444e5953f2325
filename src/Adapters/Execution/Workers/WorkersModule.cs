using GeoWps.Adapters.Execution.InProcess;
using GeoWps.Adapters.Execution.Pool;
using GeoWps.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution.Workers;

internal static class WorkersModule
{
    /// <param name="runsJobs">Otherwise QGIS only draws, and starts with the first drawing.</param>
    public static IServiceCollection AddWorkers(this IServiceCollection services, PythonExecution execution, bool runsJobs)
    {
        services.AddSingleton(provider => Limits(provider.GetRequiredService<IOptions<JobsOptions>>().Value));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<PythonOptions>>().Value);
        if (!runsJobs)
        {
            services.AddSingleton<LateDrawers>();
            services.AddSingleton<IDrawers>(provider => provider.GetRequiredService<LateDrawers>());
            services.AddHostedService(provider => provider.GetRequiredService<LateDrawers>());
            services.AddSingleton<Func<IWorkers>>(provider => () => execution == PythonExecution.InProcess ? provider.New<EmbeddedWorkers>() : NewDrawingPool(provider));
            return services;
        }

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

    private static T New<T>(this IServiceProvider provider) => ActivatorUtilities.CreateInstance<T>(provider);

    private static PoolWorkers NewDrawingPool(IServiceProvider provider) => new(
        provider.GetRequiredService<PythonOptions>().WithoutJobs(),
        provider.GetRequiredService<ExecutionFolders>(),
        provider.GetRequiredService<JobLimits>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<PoolWorkers>>());

    private static JobLimits Limits(JobsOptions options) => new(TimeSpan.FromSeconds(options.TimeoutSeconds), options.MaxMemoryMb);
}
