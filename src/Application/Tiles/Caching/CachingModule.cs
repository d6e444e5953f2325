using GeoWps.Application.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GeoWps.Application.Tiles.Caching;

public static class CachingModule
{
    /// <summary>News of one node, where nobody has added a cluster's.</summary>
    public static IServiceCollection AddCacheNews(this IServiceCollection services)
    {
        services.TryAddSingleton<ICacheNews, NoCacheNews>();
        return services;
    }
}
