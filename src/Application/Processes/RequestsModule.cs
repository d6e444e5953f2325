using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Collections;
using GeoWps.Application.Processes.Echo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GeoWps.Application.Processes;

/// <summary>Reading and checking requests, and the echo processes. The host reads <see cref="RequestLimits"/> from its settings.</summary>
public static class RequestsModule
{
    public static IServiceCollection AddRequests(this IServiceCollection services)
    {
        services.AddOptions<RequestLimits>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RequestBodyReader>();
        services.TryAddSingleton<RequestBinder>();
        services.TryAddSingleton<ICollectionReader, RemoteCollections>();
        services.TryAddSingleton<InputReader>();
        services.TryAddSingleton<LiteralReader>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IProcessProvider, EchoProvider>());
        return services;
    }
}
