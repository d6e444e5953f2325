using FastEndpoints;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Collections;
using GeoWps.Adapters.Http.Deployment;
using GeoWps.Adapters.Http.Health;
using GeoWps.Adapters.Http.Layers;
using GeoWps.Adapters.Http.OpenApi;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Processes;
using GeoWps.Adapters.Http.Records;
using GeoWps.Adapters.Http.Records.Schemes;
using GeoWps.Adapters.Http.Results;
using GeoWps.Adapters.Http.Schedules;
using GeoWps.Adapters.Http.Seeding;
using GeoWps.Adapters.Http.Tiles;
using GeoWps.Adapters.Http.Transport;
using GeoWps.Adapters.Http.Uploads;
using GeoWps.Adapters.Http.Wmts;
using GeoWps.Adapters.Http.Wps;
using GeoWps.Adapters.Http.Wps.Answers;
using GeoWps.Adapters.Http.Wps.Documents;
using GeoWps.Adapters.Http.Wps.Requests;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Application.Records;
using GeoWps.Application.Records.Schemes;
using GeoWps.Application.Records.Use;
using GeoWps.Application.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http;

/// <summary>The REST side: OGC API - Processes 1.0 and what machines ask for their health.</summary>
public static class HttpModule
{
    public static IServiceCollection AddHttpApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddTrustedProxies(configuration);
        services.AddFastEndpoints(discovery =>
        {
            // Looking through every assembly costs more than all the rest of the start.
            discovery.DisableAutoDiscovery = true;
            discovery.Assemblies = [typeof(HttpModule).Assembly];
        });
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CallerTokens>();
        services.TryAddSingleton<TokenBook>();
        services.TryAddSingleton<CallerSeal>();
        services.AddSingleton<AnonymousCallers>();
        // The last one that can is taken; the first is for endpoints that are no addresses, and other systems.
        services.AddSingleton<IConnectionListenerFactory, SocketTransportFactory>();
        services.AddSingleton<IConnectionListenerFactory, EpollTransport>();
        services.AddSingleton<ProcessDocuments>();
        services.AddSingleton<ApiDocuments>();
        services.AddSingleton<ResultsAnswers>();
        services.AddSingleton<ICallbackBodies, CallbackBodies>();
        services.AddSingleton<ExecuteBody>();
        services.AddSingleton<UpdateSequences>();
        services.AddSingleton<WpsDocuments>();
        services.AddSingleton<WpsRequestReader>();
        services.AddSingleton<WpsAnswers>();
        services.AddSingleton<WpsExecution>();
        services.AddSingleton<PackageBody>();
        services.AddSingleton<CollectionDocument>();
        services.AddStrictOptions<RecordsOptions>(configuration, RecordsOptions.Section);
        services.AddSingleton<CatalogueDocument>();
        services.TryAddSingleton<SchemeBook>();
        services.TryAddSingleton<UseCounts>();
        services.AddSingleton<LayerPreview>();
        services.AddSingleton<LayerBody>();
        services.AddSingleton<LayerDocuments>();
        services.AddSingleton<WmtsDocuments>();
        services.AddSingleton<WmtsTiles>();
        services.AddSingleton<WmtsFeatureInfo>();
        services.AddSingleton<SeedBody>();
        services.AddSingleton<ScheduleBody>();
        services.AddThisNode(configuration);
        services.AddSingleton<OfferDocument>();
        services.AddSingleton<INodeOffer>(provider => provider.GetRequiredService<OfferDocument>());
        return services;
    }

    /// <summary>Section <c>Http</c>, and with it whose word about the way of a request is believed (<c>UseForwardedHeaders</c>).</summary>
    public static IServiceCollection AddTrustedProxies(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<HttpOptions>(configuration, HttpOptions.Section);
        services.AddSingleton<IValidateOptions<HttpOptions>, HttpOptionsValidator>();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<HttpOptions>>((forwarded, http) => http.Value.Trust(forwarded));
        return services;
    }

    /// <summary>Comes before anything else that the host maps: it gives unknown paths and what breaks their answers.</summary>
    public static WebApplication MapHttpApi(this WebApplication app)
    {
        var node = app.Services.GetRequiredService<ThisNode>();
        var hasTiles = node.Offers(NodeServices.Tiles);
        app.UseForwardedHeaders();
        if (hasTiles)
        {
            app.UseMiddleware<TileHits>();
        }

        app.UseMiddleware<OffSocketThread>();
        if (node.Offers(NodeServices.Records))
        {
            app.UseMiddleware<ServiceByName>();
        }

        app.UseMiddleware<Cors>();
        app.UseMiddleware<ProblemForms>();
        app.UseMiddleware<Failures>();
        app.UseMiddleware<Callers>();
        app.UseMiddleware<MethodOverride>();
        if (hasTiles)
        {
            app.UseMiddleware<TilesPastRouting>();
        }

        // Said here, since it would else come before all of these, and cost every hit.
        app.UseRouting();
        app.MapFastEndpoints(config =>
        {
            config.Endpoints.ShortNames = true;
            config.Endpoints.Filter = endpoint => node.Offers(EndpointServices.Of(endpoint.EndpointType));
            config.Endpoints.Configurator = endpoint =>
            {
                endpoint.AllowAnonymous();
                endpoint.DontAutoTag();
            };
        });
        return app;
    }
}
