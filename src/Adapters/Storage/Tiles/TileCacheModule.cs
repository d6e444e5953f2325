using System.Diagnostics.Metrics;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Adapters.Storage.Tiles.Files;
using GeoWps.Adapters.Storage.Tiles.GeoPackage;
using GeoWps.Adapters.Storage.Tiles.Pack;
using GeoWps.Adapters.Storage.Tiles.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Application.Settings;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Caching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Storage.Tiles;

public static class TileCacheModule
{
    /// <summary>
    /// The cache of tiles as the section <c>Cache</c> has it. Needs <see cref="StorageModule.AddStorage"/>, and takes the grids (<see cref="ITileGrids"/>)
    /// and the cluster's news (<see cref="ICacheNews"/>) that somebody else adds before it.
    /// </summary>
    public static IServiceCollection AddTileCache(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<CacheOptions>(configuration, CacheOptions.Section);
        services.AddSingleton<IValidateOptions<CacheOptions>, CacheOptionsValidator>();
        services.AddOptions<CacheOptions>().PostConfigure<IOptions<StorageOptions>>((cache, storage) =>
            cache.Persistent.Provider ??= storage.Value.Provider == StorageProvider.Postgres ? TileStoreProvider.Postgres : TileStoreProvider.Pack);
        services.TryAddSingleton<ITileGrids, NoTileGrids>();
        services.AddCacheNews();
        services.AddSingleton<TileStoreHolder>();
        services.AddSingleton(MakeCache);
        return services;
    }

    /// <summary>Opens the persistent store; after <see cref="StorageModule.PrepareStorageAsync"/>, before the server serves.</summary>
    /// <exception cref="StorageUnavailableException">With a line for the operator.</exception>
    public static async Task PrepareTileCacheAsync(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<CacheOptions>>().Value;
        if (options is { Enabled: true, Persistent.Enabled: true })
        {
            services.GetRequiredService<TileStoreHolder>().Hold(await OpenAsync(services, options.Persistent));
        }
    }

    private static TileCache MakeCache(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<CacheOptions>>().Value;
        var (store, memory) = (services.GetRequiredService<TileStoreHolder>().Store, options.Memory);
        if (store is null && options is { Enabled: true, Persistent.Enabled: true })
        {
            throw new InvalidOperationException($"{nameof(PrepareTileCacheAsync)} has to run before the cache is used.");
        }

        return new TileCache(
            options.Enabled && memory.Enabled ? new CachePolicy(memory.Eviction, memory.LimitMb * 1024L * 1024L, TimeSpan.FromSeconds(memory.ExpirySeconds)) : null,
            store, options.Persistent.QuotaMb * 1024L * 1024L, services.GetRequiredService<ICacheNews>(), services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<TileCache>>(), services.GetService<IMeterFactory>());
    }

    private static async Task<ITileStore> OpenAsync(IServiceProvider services, PersistentCacheOptions options)
    {
        var root = options.Directory is { Length: > 0 } own ? Path.GetFullPath(own) : Path.Combine(services.GetRequiredService<DataDirectory>().Root, "tiles");
        var (grids, logs) = (services.GetRequiredService<ITileGrids>(), services.GetRequiredService<ILoggerFactory>());
        try
        {
            return (options.Provider ?? TileStoreProvider.Pack) switch
            {
                TileStoreProvider.Pack => new PackTileStore(root, logs.CreateLogger<PackTileStore>()),
                TileStoreProvider.File => new FileTileStore(root, options.PathLayout, grids),
                TileStoreProvider.GeoPackage => new GeoPackageTileStore(root, options.GeoPackagePerLevel, grids, logs.CreateLogger<GeoPackageTileStore>()),
                TileStoreProvider.Postgres => new PostgresTileStore(
                    await services.GetRequiredService<PostgresHolder>().OpenAsync(CancellationToken.None), logs.CreateLogger<PostgresTileStore>(), services.GetService<PostgresTurns>()),
            };
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException($"Cache:Persistent:Directory: '{root}' can't be used; {reason.Message}", reason);
        }
    }

    /// <summary>Where no grids are known, rows are counted as if every level had twice those of the one before.</summary>
    private sealed class NoTileGrids : ITileGrids
    {
        public Domain.Tiles.TileMatrixSet? Find(string id) => null;
    }
}
