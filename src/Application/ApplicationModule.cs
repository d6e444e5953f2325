using GeoWps.Application.Editions;
using GeoWps.Application.Jobs;
using GeoWps.Application.Jobs.Callbacks;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Chains;
using GeoWps.Application.Processes.Deployment;
using GeoWps.Application.Processes.Recall;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GeoWps.Application;

/// <summary>The use cases, for the host's composition.</summary>
public static class ApplicationModule
{
    public static IServiceCollection AddApplication(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ProcessCatalogues>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<DocumentEditions>();
        services.AddSingleton<ValidateRequest>();
        services.AddChains();
        services.AddSingleton<ExecuteProcess>();
        services.AddSingleton<DismissJob>();
        services.AddSingleton<RememberedResults>();
        services.AddDeployment();
        return services;
    }

    /// <summary>The queue and its keeper. Last of the services that run, so that they stop first.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.TryAddSingleton<IJobEvents, LocalJobEvents>();
        services.AddSingleton<CallbackSender>();
        services.AddHostedService(provider => provider.GetRequiredService<CallbackSender>());
        services.AddSingleton<JobAttempt>();
        services.AddSingleton<JobWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<JobWorker>());
        services.AddSingleton<JobRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<JobRetention>());
        return services;
    }
}
