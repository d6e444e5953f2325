using GeoWps.Application;
using GeoWps.Application.Jobs;
using GeoWps.Application.Processes.Recall;
using GeoWps.Application.Settings;

namespace GeoWps.Roles;

/// <summary>What every role has: settings, logging, an orderly end.</summary>
internal static class Plumbing
{
    public static void AddPlumbing(this IServiceCollection services, IConfiguration settings)
    {
        services.AddStrictOptions<NodeOptions>(settings, NodeOptions.Section);
        services.AddStrictOptions<JobsOptions>(settings, JobsOptions.Section);
        services.AddStrictOptions<ResultsOptions>(settings, ResultsOptions.Section);
        services.AddLogging(logging => logging
            .AddConfiguration(settings.GetSection("Logging"))
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.UseUtcTimestamp = true;
            }));

        // The worker's drain has its own clock; this is what HTTP may take for its last answers.
        services.AddOptions<HostOptions>().Configure<Microsoft.Extensions.Options.IOptions<NodeOptions>>(
            (host, node) => host.ShutdownTimeout = TimeSpan.FromSeconds(node.Value.DrainSeconds + 2));
    }
}
