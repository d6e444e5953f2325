using GeoWps.Adapters.Messaging.Cluster;
using GeoWps.Adapters.Messaging.Local;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoWps.Adapters.Messaging;

public static class MessagingModule
{
    /// <summary>
    /// What is to be done after changes: where <c>Storage:Provider</c> is PostgreSQL, in that database (the pool that the storage adds a function for), by whichever node;
    /// else in a folder of this one. Before whoever changes something at the start.
    /// </summary>
    /// <param name="folder">Asked for when the server starts.</param>
    public static IServiceCollection AddMessages(this IServiceCollection services, IConfiguration configuration, Func<IServiceProvider, string> folder)
    {
        if (string.Equals(configuration["Storage:Provider"], "Postgres", StringComparison.OrdinalIgnoreCase))
        {
            services.AddSingleton(provider => new ClusterMessages(
                provider.GetRequiredService<Func<NpgsqlDataSource>>()(), provider.GetRequiredService<IMessageHandler>, ClusterTimes.Usual, provider.GetRequiredService<ILoggerFactory>()));
            services.AddSingleton<IMessages>(provider => provider.GetRequiredService<ClusterMessages>());
            return services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<ClusterMessages>());
        }

        services.AddSingleton(provider => new LocalMessages(
            folder(provider), provider.GetRequiredService<IMessageHandler>, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LocalMessages>>()));
        services.AddSingleton<IMessages>(provider => provider.GetRequiredService<LocalMessages>());
        return services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<LocalMessages>());
    }
}
