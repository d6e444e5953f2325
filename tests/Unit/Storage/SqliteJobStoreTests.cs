using GeoWps.Adapters.Storage;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Storage;

public sealed class SqliteJobStoreTests : JobStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<IJobStore, SqliteDatabase> _open = [];

    protected override IJobStore Open(TimeProvider clock) => Open("jobs.db", clock);

    protected override void Close(IJobStore store)
    {
        _open.Remove(store, out var database);
        database!.Dispose();
    }

    protected override void CleanUp() => _folder.Dispose();

    [Fact]
    public async Task What_has_returned_is_stored_whatever_becomes_of_the_process()
    {
        var waiting = await AddAsync(NewJob() with { Idempotency = ("key", "digest") });
        var running = await AddAsync(NewJob() with { StartAs = (Worker, Lease) });
        var ended = await AddAsync(NewJob() with { StartAs = (Worker, Lease) });
        await Store.SucceedAsync(Hold(ended), [], None);

        // As a killed process leaves it: no checkpoint, nothing closed, the index of the WAL lost.
        File.Copy(_folder["jobs.db"], _folder["killed.db"]);
        File.Copy(_folder["jobs.db-wal"], _folder["killed.db-wal"]);
        var after = Open("killed.db", Clock);

        ShouldBeSame((await after.FindAsync(waiting.Id, None)).ShouldNotBeNull(), waiting);
        ShouldBeSame((await after.FindAsync(running.Id, None)).ShouldNotBeNull(), running);
        (await after.FindAsync(ended.Id, None)).ShouldNotBeNull().State.Status.ShouldBe(JobStatus.Successful);
        (await after.AddAsync(NewJob() with { Idempotency = ("key", "digest") }, None)).ShouldBeOfType<AddOutcome.Repeated>();
        Close(after);
    }

    [Fact]
    public async Task Jobs_outlive_a_restart_and_the_write_ahead_log_is_folded_in()
    {
        var job = await AddAsync();

        Restart();

        File.Exists(_folder["jobs.db-wal"]).ShouldBeFalse();
        ShouldBeSame(await FindAsync(job.Id), job);
    }

    [Fact]
    public async Task Jobs_of_the_first_schema_are_there_after_the_upgrade()
    {
        var id = JobId.New(Clock.GetUtcNow());
        using (var session = new SqliteSession(_folder["jobs.db"], readOnly: false))
        {
            using var script = new StreamReader(typeof(SqliteJobStore).Assembly.GetManifestResourceStream("001-jobs.sql")!);
            session.Run(await script.ReadToEndAsync());
            session.Run("PRAGMA user_version = 1");
            session.Run(
                $"""
                INSERT INTO jobs (id, process, lane, priority, status, attempt, created, updated, started, finished, progress, base_address, outputs, request)
                VALUES ('{id}', 'native:buffer', 'qgis', 0, 'successful', 1, 1, 1, 1, 1, 100, 'http://h/', '[]', 'x')
                """);
        }

        var job = await FindAsync(id);
        job.State.Status.ShouldBe(JobStatus.Successful);
        job.DerivedFrom.ShouldBeNull();
        await AddAsync();
    }

    [Fact]
    public void A_database_of_a_newer_program_is_refused_and_left_alone()
    {
        Close(Open("newer.db", Clock));
        using (var session = new SqliteSession(_folder["newer.db"], readOnly: false))
        {
            session.Run("PRAGMA user_version = 99");
        }

        var refusal = Should.Throw<StorageUnavailableException>(() => Open("newer.db", Clock));

        refusal.Message.ShouldContain("schema version 99, this program knows versions up to ");
        using var untouched = new SqliteSession(_folder["newer.db"], readOnly: false);
        untouched.Number("PRAGMA user_version").ShouldBe(99);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        File.WriteAllText(_folder["broken.db"], string.Concat(Enumerable.Repeat("This is no database. ", 100)));

        Should.Throw<StorageUnavailableException>(() => Open("broken.db", Clock)).Message.ShouldContain("broken.db can not be opened");
    }

    [Fact]
    public async Task A_closed_store_refuses_instead_of_hanging()
    {
        var store = Open("closed.db", Clock);
        Close(store);

        await Should.ThrowAsync<ObjectDisposedException>(() => store.AddAsync(NewJob(), None));
        await Should.ThrowAsync<ObjectDisposedException>(() => store.FindAsync(JobId.New(Now), None));
    }

    [Fact]
    public async Task Writes_that_wait_when_the_store_is_closed_are_still_stored()
    {
        var jobs = Enumerable.Range(0, 200).Select(_ => NewJob()).ToList();
        var writes = jobs.Select(job => Store.AddAsync(job, None)).ToList();

        Restart();

        await Task.WhenAll(writes);
        foreach (var job in jobs)
        {
            await FindAsync(job.Id);
        }
    }

    [Theory]
    [InlineData("SELECT id FROM jobs WHERE status = 'failed' ORDER BY created DESC, id DESC LIMIT 10", "jobs_by_status")]
    [InlineData("SELECT id FROM jobs WHERE process IN (@p0) ORDER BY created DESC, id DESC LIMIT 10", "jobs_by_process")]
    [InlineData("SELECT id FROM jobs WHERE (created, id) < (1, 'x') ORDER BY created DESC, id DESC LIMIT 10", "jobs_by_created")]
    [InlineData(JobStatements.CountWaiting, "jobs_waiting")]
    [InlineData(JobStatements.NextDue, "jobs_waiting")]
    [InlineData(JobStatements.Recover, "jobs_by_status")]
    [InlineData(JobStatements.EndedBefore, "jobs_ended")]
    [InlineData(JobStatements.ForgetExpiredKeys, "idempotency_by_expiry")]
    public void A_statement_that_is_run_often_uses_its_index_and_sorts_nothing(string statement, string index)
    {
        var plan = PlanOf(statement);

        plan.ShouldContain(line => line.Contains(index, StringComparison.Ordinal), string.Join('\n', plan));
        plan.ShouldNotContain(line => line.Contains("TEMP B-TREE", StringComparison.Ordinal), string.Join('\n', plan));
    }

    [Fact]
    public void A_claim_looks_once_for_each_caller_and_sorts_nothing_but_those()
    {
        var plan = PlanOf(JobStatements.Claim);

        plan.ShouldContain(line => line.StartsWith("SEARCH jobs USING INDEX jobs_waiting (lane=? AND priority=? AND <expr>>?)", StringComparison.Ordinal), string.Join('\n', plan));
        plan.ShouldContain(line => line.StartsWith("SEARCH jobs USING INDEX jobs_waiting (lane=? AND priority=? AND <expr>=?)", StringComparison.Ordinal), string.Join('\n', plan));
        plan.ShouldNotContain(line => line.StartsWith("SCAN jobs", StringComparison.Ordinal), string.Join('\n', plan));
        plan.Count(line => line.Contains("TEMP B-TREE", StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', plan));
    }

    private List<string> PlanOf(string statement)
    {
        Close(Open("plan.db", Clock));
        using var session = new SqliteSession(_folder["plan.db"], readOnly: false);
        using var command = session.Once("EXPLAIN QUERY PLAN " + statement, Parameters(statement));
        using var row = command.ExecuteReader();
        var plan = new List<string>();
        while (row.Read())
        {
            plan.Add(row.GetString(3));
        }

        return plan;
    }

    private static IEnumerable<(string Name, object? Value)> Parameters(string statement) =>
        System.Text.RegularExpressions.Regex.Matches(statement, "@[a-z_0-9]+").Select(match => match.Value).Distinct().Select(name => (name, (object?)1L));

    private SqliteJobStore Open(string name, TimeProvider clock)
    {
        var database = new SqliteDatabase(_folder[name], NullLogger.Instance);
        var store = new SqliteJobStore(database, clock);
        _open.Add(store, database);
        return store;
    }
}
