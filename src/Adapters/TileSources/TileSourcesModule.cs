using GeoWps.Adapters.TileSources.Features;
using GeoWps.Adapters.TileSources.PostGis;
using GeoWps.Adapters.TileSources.Projections;
using GeoWps.Adapters.TileSources.Tiles;
using GeoWps.Adapters.TileSources.Upstream;
using GeoWps.Adapters.TileSources.Vector;
using GeoWps.Application.Ports;
using GeoWps.Application.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.TileSources;

/// <summary>Data to tiles: GeoPackage in C#, PostGIS, other servers.</summary>
public static class TileSourcesModule
{
    public static IServiceCollection AddTileSources(this IServiceCollection services, IConfiguration configuration)
    {
        AddProjections(services, configuration);
        AddPostGis(services, configuration);
        AddVectorTiles(services, configuration);
        AddUpstream(services, configuration);
        AddMadeTiles(services);
        AddFeatureStores(services);
        return services;
    }

    private static void AddProjections(IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton<ICoordinateTransforms>(_ => new CoordinateTransforms(GivenDefinitions.Read(Path.Combine(DataFolder(configuration), "crs"))));

    private static void AddPostGis(IServiceCollection services, IConfiguration configuration)
    {
        AddOptions(services, configuration);
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<SourcesOptions>>().Value;
            return new PostGisDatabases(options.Connections, TimeSpan.FromSeconds(options.QuerySeconds));
        });
        services.AddSingleton<ITileSource, PostGisTileSource>();
        services.AddSingleton<IPostGisTables, PostGisInspector>();
        services.AddSingleton<IHarvestReader, PostgresHarvest>();
    }

    private static void AddUpstream(IServiceCollection services, IConfiguration configuration)
    {
        AddOptions(services, configuration);
        services.AddSingleton<ITileSource>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<SourcesOptions>>().Value;
            return new UpstreamTileSource(
                provider.GetRequiredService<IServerClient>(),
                new UpstreamLimits(options.UpstreamAttempts, options.UpstreamConnections, options.UpstreamMaxBytes, TimeSpan.FromSeconds(options.UpstreamSeconds)),
                provider.GetService<TimeProvider>() ?? TimeProvider.System,
                provider.GetRequiredService<ILogger<UpstreamTileSource>>());
        });
        services.AddSingleton<IUpstreamServices>(provider => new UpstreamServices(
            provider.GetRequiredService<IServerClient>(),
            provider.GetRequiredService<ICoordinateTransforms>(),
            TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<SourcesOptions>>().Value.UpstreamSeconds)));
    }

    private static void AddMadeTiles(IServiceCollection services)
    {
        services.AddSingleton<ITileSource>(provider => new MbTilesSource(provider.GetRequiredService<ILayerFiles>().PathOf, provider.GetRequiredService<ILogger<MbTilesSource>>()));
        services.AddSingleton<ITileSource>(provider => new PmTilesSource(provider.GetRequiredService<ILayerFiles>().PathOf, provider.GetRequiredService<ILogger<PmTilesSource>>()));
        services.AddSingleton<ITileArchives, TileArchives>();
    }

    private static void AddOptions(IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<SourcesOptions>(configuration, SourcesOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SourcesOptions>, SourcesOptionsValidator>());
    }

    private static string DataFolder(IConfiguration configuration) =>
        Path.GetFullPath(configuration["Data:Directory"] is { Length: > 0 } directory ? directory : "./data");

    private static void AddVectorTiles(IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<VectorTilesOptions>(configuration, VectorTilesOptions.Section);
        services.AddSingleton<ITileSource, GeoPackageTileSource>();
    }

    private static void AddFeatureStores(IServiceCollection services) => services.AddSingleton<IFeatureStore, GeoPackageFeatureStore>().AddSingleton<IFeatureStore, PostGisFeatureStore>();
}
