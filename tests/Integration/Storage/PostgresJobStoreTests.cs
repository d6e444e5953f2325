using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Storage;

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
                var database = await Databases.OpenAsync(connection);
                await PostgresServer.RunAsync(connection, "TRUNCATE geowps.jobs, geowps.job_log, geowps.idempotency, geowps.callbacks");
                return new Contract(connection, database);
            },
            atLeast: 60);
    }

    [PostgresFact]
    public async Task The_room_in_the_queue_is_exact_however_many_come_at_once()
    {
        await using var database = await Databases.OpenAsync(await server.CreateDatabaseAsync());
        var store = new PostgresJobStore(database);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(() => store.AddAsync(Job($"p{i}") with { MaxQueued = 150 }, CancellationToken.None))));

        outcomes.Count(outcome => outcome is AddOutcome.Added).ShouldBe(150);
        outcomes.Count(outcome => outcome is AddOutcome.Full).ShouldBe(250);
        (await store.CountAsync(CancellationToken.None))["qgis"].Waiting.ShouldBe(150);
    }

    [PostgresFact]
    public async Task A_callback_is_one_nodes_until_its_lease_ends()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var first = await Databases.OpenAsync(connection);
        await using var second = await Databases.OpenAsync(connection);
        var (mine, theirs) = (new PostgresCallbackOutbox(first), new PostgresCallbackOutbox(second));
        var job = Job("a") with { OwesCallback = true };
        await new PostgresJobStore(first).AddAsync(job, CancellationToken.None);

        (await theirs.ListAsync(CancellationToken.None)).ShouldBeEmpty();
        (await mine.ListAsync(CancellationToken.None)).ShouldHaveSingleItem().Id.ShouldBe(job.Id);

        await PostgresServer.RunAsync(connection, "UPDATE geowps.callbacks SET lease_until = geowps.now_ms()");
        var taken = (await theirs.ListAsync(CancellationToken.None)).ShouldHaveSingleItem();
        (await mine.ListAsync(CancellationToken.None)).ShouldBeEmpty();
        await theirs.PostponeAsync(taken with { Attempts = 2 }, CancellationToken.None);
        (await theirs.ListAsync(CancellationToken.None)).ShouldHaveSingleItem().Attempts.ShouldBe(2);
        await theirs.SettleAsync(job.Id, CancellationToken.None);
        (await theirs.ListAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task What_was_sent_and_not_answered_is_repeated_only_where_it_may_be()
    {
        await using var database = await Databases.OpenAsync(await server.CreateDatabaseAsync());
        var tries = 0;

        var done = await database.RunAsync(
            _ => ++tries < 3 ? Task.FromException<bool>(new Npgsql.NpgsqlException("lost", new IOException("lost"))) : Task.FromResult(true), mayRepeat: true, CancellationToken.None);

        (done, tries).ShouldBe((true, 3));
        tries = 0;
        await Should.ThrowAsync<Npgsql.NpgsqlException>(() => database.RunAsync(
            _ => ++tries < 3 ? Task.FromException<bool>(new Npgsql.NpgsqlException("lost", new IOException("lost"))) : Task.FromResult(true), mayRepeat: false, CancellationToken.None));
        tries.ShouldBe(1);
    }

    private static NewJob Job(string process) =>
        new(JobId.New(DateTimeOffset.UtcNow), process, "qgis", new JobRequest("{}", [], "http://h/"), null, 0, 1000, null, null);

    // Not found by the runner as a test class: it has no parameterless constructor and is not public.
    private sealed class Contract(string connection, PostgresDatabase first) : JobStoreContract
    {
        private PostgresDatabase? _first = first;
        private readonly Dictionary<IJobStore, PostgresDatabase> _open = [];

        protected override IJobStore Open(TimeProvider clock)
        {
            // Opened before many wait for it at once.
            var database = Interlocked.Exchange(ref _first, null)
                ?? Databases.OpenAsync(connection).GetAwaiter().GetResult();
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
