using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Adapters.Execution.Deployment;
using GeoWps.Adapters.Execution.Drawing;
using GeoWps.Adapters.Execution.Runs;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application;
using GeoWps.Application.Jobs;
using GeoWps.Application.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution;

/// <summary>QGIS's algorithms as processes.</summary>
public static class ExecutionModule
{
    /// <summary>Adds the provider of QGIS's processes, unless <c>Python:Execution</c> says that there is none here.</summary>
    public static IServiceCollection AddExecution(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<PythonOptions>(configuration, PythonOptions.Section);
        services.AddStrictOptions<JobsOptions>(configuration, JobsOptions.Section);
        services.AddStrictOptions<ProcessesOptions>(configuration, ProcessesOptions.Section);
        services.AddStrictOptions<SecurityOptions>(configuration, SecurityOptions.Section);
        services.AddSingleton<IValidateOptions<PythonOptions>, PythonOptionsValidator>();
        var execution = Enum.TryParse<PythonExecution>(configuration[$"{PythonOptions.Section}:{nameof(PythonOptions.Execution)}"], ignoreCase: true, out var chosen)
            ? chosen
            : new PythonOptions().Execution;
        if (execution is PythonExecution.None)
        {
            return services;
        }

        services.AddSingleton(ExecutionFolders.Of(configuration));
        services.AddWorkers(execution);
        services.AddCatalogue();
        services.AddDeployments();
        services.AddRuns();
        services.AddDrawing();
        return services;
    }
}
