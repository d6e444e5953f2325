using GeoWps.Adapters.Storage.Tiles.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Application.Records.Schemes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>What a node of a cluster keeps in PostgreSQL, and what nodes tell each other through it.</summary>
internal static class PostgresModule
{
    /// <summary>How long content that no key names any more is kept for those who read it.</summary>
    private static readonly TimeSpan BlobAge = TimeSpan.FromHours(1);

    public static void AddPostgres(this IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<PostgresHolder>().Database);
        services.AddSingleton(provider => provider.GetRequiredService<PostgresHolder>().Documents);

        // For what else keeps its own in this database, through the same pool. Not the pool itself: the container would close it before those who still need it.
        services.AddSingleton<Func<NpgsqlDataSource>>(provider => () => provider.GetRequiredService<PostgresDatabase>().Source);
        services.AddSingleton(provider => new PostgresNews(provider.GetRequiredService<PostgresDatabase>(), provider.GetRequiredService<ILogger<PostgresNews>>()));
        services.AddSingleton<PostgresNodeNews>();
        services.AddSingleton<INodeNews>(provider => provider.GetRequiredService<PostgresNodeNews>());
        services.AddSingleton<IJobStore, PostgresJobStore>();
        services.AddSingleton<ICallbackOutbox, PostgresCallbackOutbox>();
        services.AddSingleton<ILayerStore, PostgresLayerStore>();
        services.AddSingleton<IFileIndex, PostgresFileIndex>();
        services.AddSingleton<IScheduleStore, PostgresScheduleStore>();
        services.AddSingleton<ITokenStore, PostgresTokenStore>();
        services.AddSingleton<IUploadStore, PostgresUploadStore>();
        services.AddSingleton<PostgresRecordStore>();
        services.AddSingleton<IRecordStore>(provider => new ClassifiedRecords(provider.GetRequiredService<PostgresRecordStore>(), provider.GetRequiredService<ISchemeStore>()));
        services.AddSingleton<ISchemeStore, PostgresSchemeStore>();
        services.AddSingleton<IUseStore, PostgresUseStore>();
        services.AddSingleton<IEditionStore, PostgresEditionStore>();
        services.AddSingleton<IHarvestStore, PostgresHarvestStore>();
        services.AddSingleton<ICacheNews, PostgresCacheNews>();
        services.AddSingleton<IRunners, PostgresRunners>();
        services.AddSingleton<IDeployedUnits, PostgresDeployedUnits>();
        services.AddSingleton<PostgresTurns>();
        services.AddSingleton<ITileLocks, PostgresTileLocks>();
        services.AddSingleton<IJobEvents>(provider => new PostgresJobEvents(
            provider.GetRequiredService<PostgresNews>(), provider.GetRequiredService<IJobStore>(), provider.GetRequiredService<ILogger<PostgresJobEvents>>()));
    }

    /// <summary>Figures of calls, in a database that is opened when they are asked for: a gateway forwards without it.</summary>
    public static IServiceCollection AddPostgresCallStatistics(this IServiceCollection services) => services.AddSingleton<ICallStatistics>(provider =>
    {
        var holder = provider.GetRequiredService<PostgresHolder>();
        return new PostgresCallStatistics(Guid.NewGuid().ToString("N")[..12], async token =>
        {
            await holder.OpenAsync(TimeSpan.Zero, token);
            return holder.Documents;
        });
    });

    /// <summary>The store of blobs.</summary>
    public static IBlobStore OpenBlobs(IServiceProvider services) =>
        new PostgresBlobStore(services.GetRequiredService<PostgresDatabase>(), BlobAge, services.GetRequiredService<ILogger<PostgresBlobStore>>());
}
