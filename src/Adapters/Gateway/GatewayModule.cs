using System.Globalization;
using GeoWps.Adapters.Gateway.Answers;
using GeoWps.Adapters.Gateway.Calls;
using GeoWps.Adapters.Gateway.Composites;
using GeoWps.Adapters.Gateway.Forwarding;
using GeoWps.Adapters.Gateway.Nodes;
using GeoWps.Adapters.Gateway.Routing;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Application.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;

namespace GeoWps.Adapters.Gateway;

/// <summary>One address for a cluster. It needs an <see cref="INodeRegistry"/>, an <see cref="ICallStatistics"/> and the <see cref="AdminToken"/>.</summary>
public static class GatewayModule
{
    /// <param name="offersFile">Where what nodes offer is kept over a restart; <see langword="null"/>: nowhere.</param>
    public static IServiceCollection AddGateway(this IServiceCollection services, IConfiguration configuration, string? offersFile = null)
    {
        services.AddStrictOptions<GatewayOptions>(configuration, GatewayOptions.Section);
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new RememberedOffers(offersFile, provider.GetRequiredService<ILogger<RememberedOffers>>()));
        services.AddSingleton<NodeDirectory>();
        services.AddSingleton<NodeWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeWatch>());
        services.AddSingleton<CallBook>();
        services.AddSingleton<CallDocuments>();
        services.AddSingleton<CallHours>();
        services.AddHostedService(provider => provider.GetRequiredService<CallHours>());
        services.AddSingleton<ProxyRoutes>();
        services.AddSingleton<IProxyConfigProvider>(provider => provider.GetRequiredService<ProxyRoutes>());
        services.AddSingleton<IConfigChangeListener>(provider => provider.GetRequiredService<ProxyRoutes>());
        services.TryAddSingleton<CallerSeal>();
        services.AddSingleton<PassedOn>();
        services.AddSingleton<NodeForwarder>();
        services.AddSingleton<CompositeAnswers>();
        services.AddSingleton<StoreLists>();
        services.AddSingleton<RecordAnswers>();
        services.AddSingleton<OwnHealth>();
        services.AddSingleton<GatewayEndpoints>();
        services.AddReverseProxy().ConfigureHttpClient((context, handler) =>
        {
            var options = configuration.GetSection(GatewayOptions.Section);
            handler.ConnectTimeout = TimeSpan.FromMilliseconds(
                int.TryParse(options[nameof(GatewayOptions.ConnectMilliseconds)], NumberStyles.None, CultureInfo.InvariantCulture, out var patience) ? patience : new GatewayOptions().ConnectMilliseconds);
            handler.ActivityHeadersPropagator = null;
            handler.UseProxy = false;
            NodeTrust.Trust(handler, options[nameof(GatewayOptions.TrustedCertificates)]);
        });
        return services;
    }

    /// <summary>Everything that the gateway answers. Comes last: it gives the answers of unknown paths.</summary>
    public static WebApplication MapGateway(this WebApplication app)
    {
        var endpoints = app.Services.GetRequiredService<GatewayEndpoints>();
        app.Use(endpoints.NoteEarly);
        app.UseRouting();
        app.Use(endpoints.ByNameAsync);
        endpoints.Map(app);
        app.MapReverseProxy(pipeline => pipeline.Run(endpoints.ByPathAsync));
        app.UseEndpoints(_ => { });
        app.Run(endpoints.UnknownAsync);
        return app;
    }
}
