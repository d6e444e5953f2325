using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Storage;

public sealed class PostgresJobStoreTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [PostgresFact]
    public async Task The_store_keeps_the_contract()
    {
        var connection = await server.CreateDatabaseAsync();
        await ContractRun.RunAsync(
            async () =>
            {
                var database = await PostgresDatabase.OpenAsync(connection, TimeSpan.Zero, NullLogger.Instance, CancellationToken.None);
                await PostgresServer.RunAsync(connection, "TRUNCATE geowps.jobs, geowps.job_log, geowps.idempotency, geowps.callbacks");
                return new Contract(connection, database);
            },
            atLeast: 60);
    }

    // Not found by the runner as a test class: it has no parameterless constructor and is not public.
    private sealed class Contract(string connection, PostgresDatabase first) : JobStoreContract
    {
        private PostgresDatabase? _first = first;
        private readonly Dictionary<IJobStore, PostgresDatabase> _open = [];

        protected override IJobStore Open(TimeProvider clock)
        {
            // Opened before many wait for it at once.
            var database = Interlocked.Exchange(ref _first, null)
                ?? PostgresDatabase.OpenAsync(connection, TimeSpan.Zero, NullLogger.Instance, CancellationToken.None).GetAwaiter().GetResult();
            var store = ClockedByTest<IJobStore>.Of(new PostgresJobStore(database), connection, (TestClock)clock);
            _open.Add(store, database);
            return store;
        }

        protected override void Close(IJobStore store)
        {
            _open.Remove(store, out var database);
            database!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
