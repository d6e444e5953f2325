using GeoWps.Adapters.TileSources.Projections;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace GeoWps.Adapters.TileSources;

/// <summary>Data to tiles: GeoPackage in C#, PostGIS, other servers.</summary>
public static class TileSourcesModule
{
    public static IServiceCollection AddTileSources(this IServiceCollection services, IConfiguration configuration)
    {
        AddProjections(services, configuration);
        return services;
    }

    private static void AddProjections(IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton<ICoordinateTransforms>(_ => new CoordinateTransforms(GivenDefinitions.Read(Path.Combine(DataFolder(configuration), "crs"))));

    private static string DataFolder(IConfiguration configuration) =>
        Path.GetFullPath(configuration["Data:Directory"] is { Length: > 0 } directory ? directory : "./data");
}
