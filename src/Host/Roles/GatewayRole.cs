using GeoWps.Adapters.Discovery;
using GeoWps.Adapters.Gateway;
using GeoWps.Adapters.Http;
using GeoWps.Adapters.Storage;

namespace GeoWps.Roles;

/// <summary>One address for a cluster: no data, no QGIS. Its folder holds the token; the figures of calls, too, where no database does.</summary>
internal static class GatewayRole
{
    public static void Add(WebApplicationBuilder builder)
    {
        var (services, settings) = (builder.Services, builder.Configuration);
        services.AddPlumbing(settings);
        services.AddDataDirectory(settings);
        services.AddCallStatistics(settings);
        services.AddTrustedProxies(settings);
        services.AddRouting();
        services.AddDiscovery(settings);
        services.AddGateway(settings, Path.Combine(Path.GetFullPath(settings["Data:Directory"] is { Length: > 0 } data ? data : "./data"), "offers.json"));
        builder.WebHost.UseKestrelCore().UseServerCertificate().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // What a request may be is for the node to say.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
        });
        builder.WebHost.UseUrls(settings["urls"]!);
    }

    public static async Task StartAsync(WebApplication app)
    {
        await StorageModule.PrepareDataDirectoryAsync(app.Services);
        app.UseForwardedHeaders();
        app.MapGateway();
    }
}
