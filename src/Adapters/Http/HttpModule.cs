using System.Net;
using FastEndpoints;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.OpenApi;
using GeoWps.Adapters.Http.Processes;
using GeoWps.Adapters.Http.Results;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GeoWps.Adapters.Http;

/// <summary>The REST side: OGC API - Processes 1.0 and what machines ask for their health.</summary>
public static class HttpModule
{
    public static IServiceCollection AddHttpApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<HttpOptions>()
            .Bind(configuration.GetSection(HttpOptions.Section), binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddFastEndpoints(discovery =>
        {
            // Looking through every assembly costs more than all the rest of the start.
            discovery.DisableAutoDiscovery = true;
            discovery.Assemblies = [typeof(HttpModule).Assembly];
        });
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ProcessDocuments>();
        services.AddSingleton<ApiDocuments>();
        services.AddSingleton<ResultsAnswers>();
        services.AddSingleton<ExecuteBody>();
        services.Configure<ForwardedHeadersOptions>(forwarded => Trust(forwarded, configuration.GetSection(HttpOptions.Section).Get<HttpOptions>()));
        return services;
    }

    public static WebApplication MapHttpApi(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<Cors>();
        app.UseMiddleware<Failures>();
        app.MapFastEndpoints(config =>
        {
            config.Endpoints.ShortNames = true;
            config.Endpoints.Configurator = endpoint =>
            {
                endpoint.AllowAnonymous();
                endpoint.DontAutoTag();
            };
        });
        return app;
    }

    private static void Trust(ForwardedHeadersOptions forwarded, HttpOptions? options)
    {
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        foreach (var proxy in options?.Proxies ?? [])
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                forwarded.KnownProxies.Add(address);
            }
            else if (System.Net.IPNetwork.TryParse(proxy, out var network))
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        }

        // With both lists empty the framework would believe everybody.
        forwarded.ForwardedHeaders = forwarded.KnownProxies.Count + forwarded.KnownIPNetworks.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.All;
    }
}
