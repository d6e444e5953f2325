using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace GeoWps.Adapters.TileSources;

/// <summary>Data to tiles: GeoPackage in C#, PostGIS, other servers.</summary>
public static class TileSourcesModule
{
    public static IServiceCollection AddTileSources(this IServiceCollection services, IConfiguration configuration) => services;
}
