using System.Net;
using GeoWps.Adapters.References.Folders;
using GeoWps.Application.Jobs.Callbacks;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Records;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Application.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.References;

/// <summary>Fetches inputs by reference over http and https, from public addresses and from the hosts that the operator allows.</summary>
public static class ReferencesModule
{
    public static IServiceCollection AddReferences(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<InputsOptions>(configuration, InputsOptions.Section);
        services.AddSingleton<IValidateOptions<InputsOptions>, InputsOptionsValidator>();
        services.AddStrictOptions<RequestLimits>(configuration, RequestLimits.Section);
        services.AddSingleton(provider => new HttpReferenceFetcher(
            new AllowedHosts(provider.GetRequiredService<IOptions<InputsOptions>>().Value.AllowedHosts),
            TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<RequestLimits>>().Value.FetchSeconds),
            Dns.GetHostAddressesAsync,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILogger<HttpReferenceFetcher>>()));
        services.AddSingleton<IReferenceFetcher>(provider => provider.GetRequiredService<HttpReferenceFetcher>());
        services.AddSingleton<IReferenceOpener>(provider => provider.GetRequiredService<HttpReferenceFetcher>());
        services.AddSingleton<IServerClient>(provider => new HttpServerClient(
            new AllowedHosts(provider.GetRequiredService<IOptions<InputsOptions>>().Value.AllowedHosts),
            Dns.GetHostAddressesAsync,
            provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.AddStrictOptions<CallbackOptions>(configuration, CallbackOptions.Section);
        services.AddSingleton<ICallbackClient>(provider => new HttpCallbackClient(
            new AllowedHosts(provider.GetRequiredService<IOptions<InputsOptions>>().Value.AllowedHosts),
            TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<CallbackOptions>>().Value.TimeoutSeconds),
            Dns.GetHostAddressesAsync,
            provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.AddSingleton<IHarvestReader>(provider => Remote(provider, (hosts, connector, options, records, documents) => new SftpHarvest(hosts, connector, options, records, documents)));
        services.AddSingleton<IHarvestReader>(provider => Remote(provider, (hosts, connector, options, records, documents) => new FtpHarvest(hosts, connector, options, records, documents)));
        return services;
    }

    private static IHarvestReader Remote(
        IServiceProvider provider, Func<AllowedHosts, GuardedConnector, IOptions<HarvestingOptions>, IOptions<RecordsOptions>, IDocumentText?, IHarvestReader> make)
    {
        var hosts = new AllowedHosts(provider.GetRequiredService<IOptions<InputsOptions>>().Value.AllowedHosts);
        return make(
            hosts,
            new GuardedConnector(hosts, Dns.GetHostAddressesAsync, provider.GetService<TimeProvider>() ?? TimeProvider.System),
            provider.GetRequiredService<IOptions<HarvestingOptions>>(),
            provider.GetRequiredService<IOptions<RecordsOptions>>(),
            provider.GetService<IDocumentText>());
    }
}
