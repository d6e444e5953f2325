using GeoWps.Adapters.Storage.Files;
using GeoWps.Adapters.Storage.Layers;
using GeoWps.Adapters.Storage.Memory;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Adapters.Storage.Tiles;
using GeoWps.Application;
using GeoWps.Application.Layers;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Application.Records.Schemes;
using GeoWps.Application.Settings;
using GeoWps.Application.Tiles;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Storage;

public static class StorageModule
{
    private const string DatabaseName = "jobs.db";

    /// <summary>Jobs and blobs, in the places that the sections <c>Storage</c>, <c>Blobs</c> and <c>Data</c> name.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<BlobOptions>(configuration, BlobOptions.Section);
        services.AddDataDirectory(configuration);
        var validator = services.AddStorageOptions(configuration);
        services.AddSingleton<IValidateOptions<BlobOptions>>(validator);
        services.AddSingleton<IValidateOptions<DataOptions>>(validator);
        services.AddOptions<BlobOptions>().PostConfigure<IOptions<StorageOptions>>((blobs, storage) =>
            blobs.Provider ??= storage.Value.Provider == StorageProvider.Postgres ? BlobProvider.Postgres : BlobProvider.File);

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ClusterStore>();
        if (IsPostgres(configuration))
        {
            services.AddPostgres();
        }
        else
        {
            services.AddSingleton(OpenDatabase);
            services.AddSingleton<IJobStore, SqliteJobStore>();
            services.AddSingleton<ICallbackOutbox, SqliteCallbackOutbox>();
            services.AddSingleton<ILayerStore, SqliteLayerStore>();
            services.AddSingleton<IFileIndex, SqliteFileIndex>();
            services.AddSingleton<IScheduleStore, SqliteScheduleStore>();
            services.AddSingleton<ITokenStore, SqliteTokenStore>();
            services.AddSingleton<IHarvestStore, SqliteHarvestStore>();
            services.AddSingleton(OpenRecords);
            services.AddSingleton<IUploadStore, SqliteUploadStore>();
            services.AddSingleton<SqliteRecordStore>();
            services.AddSingleton<IRecordStore>(provider => new ClassifiedRecords(provider.GetRequiredService<SqliteRecordStore>(), provider.GetRequiredService<ISchemeStore>()));
            services.AddSingleton<ISchemeStore, SqliteSchemeStore>();
            services.AddSingleton<IUseStore, SqliteUseStore>();
            services.AddSingleton<IEditionStore, SqliteEditionStore>();
        }

        services.AddStrictOptions<RecordsOptions>(configuration, RecordsOptions.Section);
        services.AddSingleton(OpenLayerFiles);
        services.AddSingleton<IVectorStores, GeoPackages>();
        services.AddStrictOptions<LayersOptions>(configuration, LayersOptions.Section);
        services.AddSingleton<IOperatorFolders, OperatorFolders>();
        services.AddSingleton<IHarvestReader, FolderHarvest>();
        services.AddSingleton<ISampleFiles>(provider => new SampleFiles(provider.GetRequiredService<DataDirectory>().Root));
        services.AddSingleton(OpenBlobs);

        services.AddSingleton(provider => TileMatrixSetFiles.Read(
            provider.GetRequiredService<IOptions<TilesOptions>>().Value.MatrixSets, provider.GetRequiredService<DataDirectory>().Root));
        services.AddSingleton<ITileGrids>(provider => provider.GetRequiredService<TileMatrixSets>());
        return services;
    }

    /// <summary>The data directory and what every node keeps in it: the administrator's token. A node that keeps nothing else needs no more.</summary>
    public static IServiceCollection AddDataDirectory(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<DataOptions>(configuration, DataOptions.Section);
        services.AddSingleton<DataDirectory>();
        services.AddStrictOptions<SecurityOptions>(configuration, SecurityOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SecurityOptions>, SecurityOptionsValidator>());
        services.AddSingleton(provider => new AdminTokenFile(
            provider.GetRequiredService<IOptions<SecurityOptions>>().Value.AdminToken ?? provider.GetRequiredService<AgreedToken>().Value,
            provider.GetRequiredService<DataDirectory>().Root,
            isNew: provider.GetRequiredService<AgreedToken>().IsNew));
        services.AddSingleton<AgreedToken>();
        services.AddSingleton(provider => provider.GetRequiredService<AdminTokenFile>().Token);
        return services;
    }

    /// <summary>Figures of calls: in the database of <c>Storage:ConnectionString</c> where <c>Storage:Provider</c> is PostgreSQL, for all gateways; else in the data directory.</summary>
    public static IServiceCollection AddCallStatistics(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStorageOptions(configuration);
        return IsPostgres(configuration)
            ? services.AddPostgresCallStatistics()
            : services.AddSingleton<ICallStatistics>(provider => new CallStatisticsFile(() => provider.GetRequiredService<DataDirectory>().Root));
    }

    /// <summary>Takes the data directory for this process; for a node that has no other storage, or opens it when it needs it. Before the node starts.</summary>
    /// <inheritdoc cref="PrepareStorageAsync" path="/exception"/>
    public static async Task PrepareDataDirectoryAsync(IServiceProvider services)
    {
        services.GetRequiredService<DataDirectory>().Take();
        if (services.GetRequiredService<IOptions<StorageOptions>>().Value.Provider == StorageProvider.Postgres)
        {
            await AgreeOnTokenAsync(services);
        }

        services.GetRequiredService<AdminTokenFile>();
    }

    /// <summary>
    /// Takes the data directory for this process, tidies it and brings the database up to date. The host calls it once, after it has built its services
    /// and before it starts them.
    /// </summary>
    /// <exception cref="StorageUnavailableException">With a line for the operator: not writable, used by another server, written by a newer program.</exception>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    public static async Task PrepareStorageAsync(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        _ = services.GetRequiredService<IOptions<BlobOptions>>().Value;
        services.GetRequiredService<DataDirectory>().Take();
        if (options.Provider == StorageProvider.Postgres)
        {
            await services.GetRequiredService<PostgresHolder>().OpenAsync(CancellationToken.None);
            await AgreeOnTokenAsync(services);
            services.GetRequiredService<ClusterStore>().Id = (await services.GetRequiredService<PostgresHolder>().Database.AgreeAsync("store", () => Guid.NewGuid().ToString("N"), CancellationToken.None)).Value;

            // From here on nothing that other nodes tell is missed.
            await services.GetRequiredService<PostgresNews>().Ready;
        }

        services.GetRequiredService<IBlobStore>();
        services.GetRequiredService<IJobStore>();
        services.GetRequiredService<IRecordStore>();
        services.GetRequiredService<AdminTokenFile>();
        services.GetRequiredService<TileMatrixSets>();
    }

    /// <summary>For the one who starts the server for the first time: the administrator's token, if it was made just now. Given away once.</summary>
    public static string? TakeNewAdminToken(IServiceProvider services) => services.GetRequiredService<AdminTokenFile>().TakeNew();

    /// <summary>A folder of the data directory, which this process has taken.</summary>
    public static string FolderOf(IServiceProvider services, string name) => Path.Combine(services.GetRequiredService<DataDirectory>().Root, name);

    /// <summary>Where a token that was made is kept, in words.</summary>
    public static string PlaceOfAdminToken(IServiceProvider services) =>
        services.GetRequiredService<IOptions<StorageOptions>>().Value.Provider == StorageProvider.Postgres ? "the database" : "the data directory (admin-token)";

    /// <summary>One token for all nodes, where the settings have none; only then the database has to be there.</summary>
    private static async Task AgreeOnTokenAsync(IServiceProvider services)
    {
        if (services.GetRequiredService<IOptions<SecurityOptions>>().Value.AdminToken is null)
        {
            await services.GetRequiredService<AgreedToken>().AgreeAsync(await services.GetRequiredService<PostgresHolder>().OpenAsync(CancellationToken.None));
        }
    }

    /// <summary>Opens the stores of content and the indexes of files for a copy from one into the other; takes the data directory for it, so that no server uses it.</summary>
    /// <returns>The index of the first is <see langword="null"/> when it has none.</returns>
    /// <inheritdoc cref="PrepareStorageAsync" path="/exception"/>
    public static async Task<(IBlobStore From, IBlobStore To, IFileIndex? FromIndex, IFileIndex ToIndex)> OpenForMigrationAsync(IServiceProvider services, BlobProvider from, BlobProvider to)
    {
        var directory = services.GetRequiredService<DataDirectory>();
        directory.Take();
        await services.GetRequiredService<PostgresHolder>().OpenAsync(CancellationToken.None);
        var hasIndex = from == BlobProvider.Postgres || File.Exists(Path.Combine(directory.Root, DatabaseName));
        return (OpenBlobs(services, from), OpenBlobs(services, to), hasIndex ? OpenIndex(services, from) : null, OpenIndex(services, to));
    }

    private static IFileIndex OpenIndex(IServiceProvider services, BlobProvider provider) => provider == BlobProvider.Postgres
        ? new PostgresFileIndex(services.GetRequiredService<PostgresDatabase>())
        : new SqliteFileIndex(OpenDatabase(services));

    private static SqliteDatabase OpenDatabase(IServiceProvider services) => new(
        Path.Combine(services.GetRequiredService<DataDirectory>().Root, DatabaseName),
        services.GetRequiredService<ILogger<SqliteDatabase>>());

    private static SqliteRecordsDatabase OpenRecords(IServiceProvider services) => new(
        SqliteRecordsDatabase.Open(Path.Combine(services.GetRequiredService<DataDirectory>().Root, "records.db"), services.GetRequiredService<ILogger<SqliteDatabase>>()));

    private static ILayerFiles OpenLayerFiles(IServiceProvider services)
    {
        var (root, clock) = (Path.Combine(services.GetRequiredService<DataDirectory>().Root, "layers"), services.GetRequiredService<TimeProvider>());
        return services.GetRequiredService<IOptions<StorageOptions>>().Value.Provider == StorageProvider.Postgres
            ? new ClusterLayerFolders(
                root,
                services.GetRequiredService<IBlobStore>(),
                services.GetRequiredService<IOptions<LayersOptions>>().Value.CopiesMb * 1024L * 1024L,
                clock,
                services.GetRequiredService<ILogger<ClusterLayerFolders>>(),
                services.GetRequiredService<ThisNode>().Name,
                (message, token) => services.GetRequiredService<PostgresDocuments>().TellAsync(message, services.GetRequiredService<IMessages>(), token))
            : new LayerFolders(root, clock, services.GetRequiredService<ILogger<LayerFolders>>());
    }

    private static IBlobStore OpenBlobs(IServiceProvider services) => OpenBlobs(services, services.GetRequiredService<IOptions<BlobOptions>>().Value.Provider);

    private static IBlobStore OpenBlobs(IServiceProvider services, BlobProvider? provider)
    {
        var options = services.GetRequiredService<IOptions<BlobOptions>>().Value;
        var clock = services.GetRequiredService<TimeProvider>();
        return provider switch
        {
            BlobProvider.Memory => new MemoryBlobStore(options.MemoryLimitMb * 1024L * 1024L, clock),
            BlobProvider.File => new FileBlobStore(Path.Combine(services.GetRequiredService<DataDirectory>().Root, "blobs"), clock),
            BlobProvider.Postgres => PostgresModule.OpenBlobs(services),
        };
    }

    private static StorageOptionsValidator AddStorageOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<StorageOptions>(configuration, StorageOptions.Section);
        string[] alsoPostgres = [$"{PersistentCacheOptions.Section}:{nameof(PersistentCacheOptions.Provider)}", "Discovery:Provider"];
        var validator = new StorageOptionsValidator(Array.Exists(alsoPostgres, setting => Is(configuration, setting, nameof(StorageProvider.Postgres))), IsPostgres(configuration));
        services.AddSingleton<IValidateOptions<StorageOptions>>(validator);
        services.AddSingleton<PostgresHolder>();
        return validator;
    }

    private static bool IsPostgres(IConfiguration configuration) =>
        Is(configuration, $"{StorageOptions.Section}:{nameof(StorageOptions.Provider)}", nameof(StorageProvider.Postgres));

    private static bool Is(IConfiguration configuration, string setting, string value) => string.Equals(configuration[setting], value, StringComparison.OrdinalIgnoreCase);
}
