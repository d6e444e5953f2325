using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Storage;

/// <summary>The stores in PostgreSQL of which nothing is asked beyond their contract.</summary>
public sealed class PostgresStoreTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [PostgresFact]
    public Task Editions() => RunAsync("geowps.editions", database => new EditionsContract(database), 1);

    [PostgresFact]
    public Task Harvest_sources() => RunAsync("geowps.harvest_sources", database => new HarvestSourcesContract(database), 1);

    [PostgresFact]
    public Task Schedules() => RunAsync("geowps.schedules, geowps.schedule_runs", database => new SchedulesContract(database), 2);

    [PostgresFact]
    public Task Schemes() => RunAsync("geowps.schemes, geowps.record_codes", database => new SchemesContract(database), 1);

    [PostgresFact]
    public Task Tokens() => RunAsync("geowps.tokens", database => new TokensContract(database), 2);

    [PostgresFact]
    public Task Uploads() => RunAsync("geowps.files, geowps.file_use, geowps.file_changes, geowps.uploads CASCADE", database => new UploadsContract(database), 6);

    [PostgresFact]
    public Task Use() => RunAsync("geowps.record_use", database => new UseContract(database), 1);

    private async Task RunAsync<TContract>(string tables, Func<ReopenedDatabase, TContract> contract, int atLeast)
        where TContract : class
    {
        var connection = await server.CreateDatabaseAsync();
        await ContractRun.RunAsync(
            async () =>
            {
                var database = new ReopenedDatabase(connection, await Databases.OpenAsync(connection));
                await PostgresServer.RunAsync(connection, $"TRUNCATE {tables}");
                return contract(database);
            },
            atLeast);
    }

    // Not found by the runner as test classes: they have no parameterless constructor and are not public.
    private sealed class EditionsContract(ReopenedDatabase database) : EditionStoreContract
    {
        private PostgresNews? _news;

        protected override IEditionStore Open() => new PostgresEditionStore(database.Open(), _news = new PostgresNews(database.Open(), NullLogger.Instance));

        protected override void Close()
        {
            _news?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _news = null;
            database.Close();
        }
    }

    private sealed class HarvestSourcesContract(ReopenedDatabase database) : HarvestStoreContract
    {
        protected override IHarvestStore Open() => new PostgresHarvestStore(database.Open());

        protected override void Close() => database.Close();
    }

    private sealed class SchedulesContract(ReopenedDatabase database) : ScheduleStoreContract
    {
        protected override IScheduleStore Open() => new PostgresScheduleStore(database.Open());

        protected override void Close() => database.Close();
    }

    private sealed class SchemesContract(ReopenedDatabase database) : SchemeStoreContract
    {
        protected override ISchemeStore Open() => new PostgresSchemeStore(database.Open());

        protected override void Close() => database.Close();
    }

    private sealed class TokensContract(ReopenedDatabase database) : TokenStoreContract
    {
        protected override ITokenStore Open() => new PostgresTokenStore(database.Open());

        protected override void Close() => database.Close();
    }

    private sealed class UploadsContract(ReopenedDatabase database) : UploadStoreContract
    {
        protected override IUploadStore Open(TimeProvider clock) => ClockedByTest<IUploadStore>.Of(new PostgresUploadStore(database.Open()), database.Connection, (TestClock)clock);

        protected override IFileIndex OpenIndex() => new PostgresFileIndex(database.Open());

        protected override void Close() => database.Close();
    }

    private sealed class UseContract(ReopenedDatabase database) : UseStoreContract
    {
        protected override IUseStore Open() => new PostgresUseStore(database.Open());

        protected override void Close() => database.Close();
    }

    /// <summary>A program's database, which a contract closes as if the program had ended.</summary>
    private sealed class ReopenedDatabase(string connection, PostgresDatabase first)
    {
        private PostgresDatabase? _database = first;

        public string Connection => connection;

        public PostgresDatabase Open() => _database ??= Databases.OpenAsync(connection).GetAwaiter().GetResult();

        public void Close()
        {
            _database?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _database = null;
        }
    }
}
