using GeoWps.Application.Ports;
using GeoWps.Application.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace GeoWps.Application.Tiles;

/// <summary>Tiles of layers, for the host's composition.</summary>
public static class TilesModule
{
    public static IServiceCollection AddTiles(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<TilesOptions>(configuration, TilesOptions.Section);
        services.AddSingleton<ILayerWatch, TilesOfLayers>();
        services.AddHostedService<LayerQuotas>();
        services.AddSingleton<LayerTilesets>();
        services.AddSingleton<DatasetTilesets>();
        services.AddSingleton<MakeTiles>();
        services.AddSingleton<GetTile>();
        services.AddSingleton<GetDatasetTile>();
        services.AddSingleton<GetDatasetMap>();
        return services;
    }
}
