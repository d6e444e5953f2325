using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Adapters.Execution.Deployment;
using GeoWps.Adapters.Execution.Documents;
using GeoWps.Adapters.Execution.Drawing;
using GeoWps.Adapters.Execution.Runs;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application;
using GeoWps.Application.Jobs;
using GeoWps.Application.Layers;
using GeoWps.Application.Nodes;
using GeoWps.Application.Records;
using GeoWps.Application.Settings;
using GeoWps.Application.Tiles.Seeding;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution;

/// <summary>QGIS's algorithms as processes.</summary>
public static class ExecutionModule
{
    /// <summary>
    /// Adds the provider of QGIS's processes, unless <c>Python:Execution</c> says that there is none here. A node of a cluster that offers no processes gets what draws its
    /// maps, and QGIS starts when something is drawn.
    /// </summary>
    public static IServiceCollection AddExecution(this IServiceCollection services, IConfiguration configuration)
    {
        var isCluster = string.Equals(configuration["Storage:Provider"], "Postgres", StringComparison.OrdinalIgnoreCase);
        services.AddStrictOptions<PythonOptions>(configuration, PythonOptions.Section);
        services.AddStrictOptions<JobsOptions>(configuration, JobsOptions.Section);
        services.AddStrictOptions<ProcessesOptions>(configuration, ProcessesOptions.Section);
        services.AddStrictOptions<SecurityOptions>(configuration, SecurityOptions.Section);
        services.AddSingleton<IValidateOptions<PythonOptions>>(new PythonOptionsValidator(isCluster));
        services.AddStrictOptions<RecordsOptions>(configuration, RecordsOptions.Section);
        services.AddDocuments();
        var execution = Enum.TryParse<PythonExecution>(configuration[$"{PythonOptions.Section}:{nameof(PythonOptions.Execution)}"], ignoreCase: true, out var chosen)
            ? chosen
            : new PythonOptions().Execution;
        switch (execution)
        {
            case PythonExecution.None:
                return services;
            case PythonExecution.Remote:
                // What is published is looked at by QGIS, and most layers are drawn by it.
                return services.AddSingleton(new LeftToOthers([PublishProvider.LaneName, SeedProvider.LaneName]));
            case PythonExecution.Pool or PythonExecution.InProcess:
                return AddHere(services, configuration, execution, runsJobs: !isCluster || NodesModule.Offers(configuration, NodeServices.Processes));
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static IServiceCollection AddHere(IServiceCollection services, IConfiguration configuration, PythonExecution execution, bool runsJobs)
    {
        if (!runsJobs && !NodesModule.Offers(configuration, NodeServices.Tiles))
        {
            return services;
        }

        services.AddSingleton(ExecutionFolders.Of(configuration));
        services.AddWorkers(execution, runsJobs);
        if (runsJobs)
        {
            services.AddCatalogue();
            services.AddDeployments();
            services.AddRuns();
        }

        services.AddDrawing();
        return services;
    }
}
