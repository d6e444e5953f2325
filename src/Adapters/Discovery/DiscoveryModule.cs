using GeoWps.Adapters.Discovery.Consul;
using GeoWps.Adapters.Discovery.Postgres;
using GeoWps.Adapters.Discovery.Static;
using GeoWps.Application.Ports;
using GeoWps.Application.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Discovery;

/// <summary>Who is there: <see cref="INodeRegistry"/> as the section <c>Discovery</c> wants it, with a memory that outlives restarts.</summary>
public static class DiscoveryModule
{
    private const string RememberedName = "nodes.json";

    /// <summary>A node whose database says nothing of it for three of these is not known any more.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(55);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(8);

    /// <returns>Who knows the nodes; with <see cref="RegistryProvider.Static"/> nothing has to be announced.</returns>
    public static RegistryProvider AddDiscovery(this IServiceCollection services, IConfiguration configuration)
    {
        var provider = ProviderOf(configuration);
        var connectionString = configuration["Storage:ConnectionString"];
        var validator = new DiscoveryOptionsValidator(provider, connectionString);
        services.AddStrictOptions<DiscoveryOptions>(configuration, DiscoveryOptions.Section);
        services.AddStrictOptions<ConsulOptions>(configuration, ConsulOptions.Section);
        services.AddSingleton<IValidateOptions<DiscoveryOptions>>(validator);
        services.AddSingleton<IValidateOptions<ConsulOptions>>(validator);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(root => new NodesFile(Path.Combine(Path.GetFullPath(configuration["Data:Directory"] ?? "./data"), RememberedName), root.GetRequiredService<ILogger<NodesFile>>()));
        switch (provider)
        {
            case RegistryProvider.Static:
                services.AddSingleton<OfferReader>();
                services.AddSingleton(root => new StaticNodes(
                    () => root.GetRequiredService<IOptionsFactory<DiscoveryOptions>>().Create(Options.DefaultName), configuration.GetReloadToken,
                    root.GetRequiredService<OfferReader>(), Look, root.GetRequiredService<TimeProvider>(), root.GetRequiredService<ILogger<StaticNodes>>()));
                AddRemembered<StaticNodes>(services);
                break;
            case RegistryProvider.Consul:
                services.AddSingleton(root => new ConsulClient(root.GetRequiredService<IOptions<ConsulOptions>>().Value, Wait, root.GetRequiredService<TimeProvider>()));
                services.AddSingleton(root => new ConsulNodes(
                    root.GetRequiredService<ConsulClient>(), root.GetRequiredService<IOptions<ConsulOptions>>().Value, Beat,
                    root.GetRequiredService<TimeProvider>(), root.GetRequiredService<ILogger<ConsulNodes>>(), root.GetRequiredService<NodesFile>()));
                AddRemembered<ConsulNodes>(services);
                break;
            case RegistryProvider.Postgres:
                services.AddSingleton(root =>
                {
                    // Refuses a connection that can't be one: services are made before settings are judged.
                    _ = root.GetRequiredService<IOptions<DiscoveryOptions>>().Value;
                    return new NodesDatabase(connectionString!);
                });
                services.AddSingleton(root => new PostgresNodes(
                    root.GetRequiredService<NodesDatabase>(), Beat, root.GetRequiredService<TimeProvider>(), root.GetRequiredService<ILogger<PostgresNodes>>()));
                AddRemembered<PostgresNodes>(services);
                break;
        }

        return provider;
    }

    /// <summary>What is set, or what follows from the storage. What can't be read is refused with the rest of its section.</summary>
    private static RegistryProvider ProviderOf(IConfiguration configuration) =>
        Enum.TryParse<RegistryProvider>(configuration["Discovery:Provider"], ignoreCase: true, out var set) ? set
        : string.Equals(configuration["Storage:Provider"], "Postgres", StringComparison.OrdinalIgnoreCase) ? RegistryProvider.Postgres
        : RegistryProvider.Static;

    private static void AddRemembered<TRegistry>(IServiceCollection services)
        where TRegistry : INodeRegistry =>
        services.AddSingleton<INodeRegistry>(root => new RememberedNodes(
            root.GetRequiredService<TRegistry>(), root.GetRequiredService<NodesFile>(), root.GetRequiredService<TimeProvider>(), root.GetRequiredService<ILogger<RememberedNodes>>()));
}
