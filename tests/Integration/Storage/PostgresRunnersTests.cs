using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Integration.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Storage;

/// <summary>Who runs what, as several nodes see it.</summary>
public sealed class PostgresRunnersTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [PostgresFact]
    public async Task What_a_node_runs_is_known_to_the_others_in_full_and_as_long_as_it_is_there()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var one = await Node.StartAsync(connection);
        await using var other = await Node.StartAsync(connection);
        var process = Process("native:buffer", "3.34") with
        {
            Description = "around, ü",
            Keywords = ["a", "b"],
            JobControl = JobControlOptions.AsyncExecute,
            Mutable = true,
            NeedsAdministrator = true,
            Remember = Remembering.Always,
            Fingerprint = "f",
            Facts = new Dictionary<string, string> { ["group"] = "Vector" },
        };
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listening = other.Runners.Listen(() => heard.TrySetResult());

        await one.Runners.KeepAsync("one", [Lane("qgis", [process], ("qgis:buffer", "native:buffer")), new RunnerLane("chain", null)], None);
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var seen = (await other.Runners.ListOthersAsync(TimeSpan.Zero, None)).ShouldHaveSingleItem();
        seen.Name.ShouldBe("one");
        seen.Lanes.Select(lane => lane.Lane).ShouldBe(["chain", "qgis"]);
        seen.Lanes[0].Catalogue.ShouldBeNull();
        var read = seen.Lanes[1].Catalogue!;
        read.Aliases.ShouldBe([new("qgis:buffer", "native:buffer")]);
        Text(read.Processes["native:buffer"]).ShouldBe(Text(process));
        (await other.Runners.ListOthersAsync(TimeSpan.Zero, None))[0].Lanes.ShouldBeSameAs(seen.Lanes);
        (await one.Runners.ListOthersAsync(TimeSpan.Zero, None)).ShouldBeEmpty();

        await PostgresServer.RunAsync(connection, "UPDATE geowps.runners SET beat = beat - 20000");
        (await other.Runners.ListOthersAsync(TimeSpan.Zero, None)).ShouldBeEmpty();
        (await other.Runners.ListOthersAsync(TimeSpan.FromSeconds(10), None)).ShouldHaveSingleItem();
        await one.Runners.KeepAsync("one", [Lane("qgis", [process])], None);
        (await other.Runners.ListOthersAsync(TimeSpan.Zero, None)).ShouldHaveSingleItem();
        await one.Runners.LeaveAsync(None);
        (await other.Runners.ListOthersAsync(TimeSpan.FromHours(1), None)).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task A_question_is_answered_once_by_a_node_that_has_the_process_and_without_one_it_is_let_go()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var asks = await Node.StartAsync(connection);
        await using var one = await Node.StartAsync(connection);
        await using var other = await Node.StartAsync(connection);
        var answers = 0;
        Func<RunnerQuestion, CancellationToken, Task<IReadOnlyList<Mistake>>> answer = (question, _) =>
        {
            Interlocked.Increment(ref answers);
            var inline = question.Request.Inputs["A"][0].ShouldBeOfType<InputValue.Inline>();
            var reference = question.Request.Inputs["A"][1].ShouldBeOfType<InputValue.Reference>();
            return Task.FromResult<IReadOnlyList<Mistake>>([new Mistake("A", $"{inline.Json} {inline.MediaType} {reference.Href}", MistakeKind.TooMany)]);
        };
        using var first = one.Runners.Answer((lane, process) => (lane, process) == ("qgis", "p q"), answer);
        using var second = other.Runners.Answer((lane, process) => (lane, process) == ("qgis", "p q"), answer);
        var request = new ExecuteRequest
        {
            Inputs = new Dictionary<string, IReadOnlyList<InputValue>>
            {
                ["A"] = [new InputValue.Inline(JsonElement.Parse("1.50")) { MediaType = "x/y" }, new InputValue.Reference("http://h/#l") { IsCollection = true }],
            },
        };

        (await asks.Runners.AskAsync("qgis", "p q", request, None)).ShouldBe([new Mistake("A", "1.50 x/y http://h/#l", MistakeKind.TooMany)]);
        (await asks.Runners.AskAsync("qgis", "gone", request, None)).ShouldBeNull();

        answers.ShouldBe(1);
    }

    [PostgresFact]
    public async Task Jobs_that_nobody_runs_wait_and_say_so_until_their_time_is_over()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var one = await Node.StartAsync(connection);
        var jobs = new PostgresJobStore(one.Database);
        var (kept, left) = (Job("native:buffer"), Job("script:gone"));
        await jobs.AddAsync(left, None);
        await jobs.AddAsync(kept, None);
        await one.Runners.KeepAsync("one", [Lane("qgis", [Process("native:buffer", "1"), Process("script:gone", "1")])], None);
        (await jobs.FindPlaceAsync(left.Id, None)).ShouldBe(new QueuePlace(0, IsClaimable: true));
        (await one.Runners.LookAfterUnclaimedAsync(TimeSpan.Zero, None)).Processes.ShouldBeEmpty();

        await one.Runners.KeepAsync("one", [Lane("qgis", [Process("native:buffer", "1")])], None);
        (await jobs.FindPlaceAsync(left.Id, None)).ShouldBe(new QueuePlace(0, IsClaimable: false));
        var waits = await one.Runners.LookAfterUnclaimedAsync(TimeSpan.FromMinutes(1), None);
        (waits.Processes.ShouldHaveSingleItem(), waits.Failed.Count).ShouldBe(("script:gone", 0));

        // Time in which nobody looked does not count.
        await PostgresServer.RunAsync(connection, "UPDATE geowps.unclaimable SET since = since - 120000, seen = seen - 120000");
        (await one.Runners.LookAfterUnclaimedAsync(TimeSpan.FromMinutes(1), None)).Failed.ShouldBeEmpty();
        await PostgresServer.RunAsync(connection, "UPDATE geowps.unclaimable SET since = since - 60000");
        var failed = (await one.Runners.LookAfterUnclaimedAsync(TimeSpan.FromMinutes(1), None)).Failed.ShouldHaveSingleItem();

        failed.Id.ShouldBe(left.Id);
        ((JobState.Failed)failed.State).Failure.Message.ShouldContain("1 minutes");
        (await jobs.FindAsync(kept.Id, None))!.State.Status.ShouldBe(JobStatus.Accepted);
        (await one.Runners.LookAfterUnclaimedAsync(TimeSpan.FromMinutes(1), None)).Processes.ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task A_claim_does_not_look_at_each_of_many_jobs_of_others()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var one = await Node.StartAsync(connection);
        var jobs = new PostgresJobStore(one.Database);

        // The older four thousand are of a process that this node lacks, the others of a hundred that it has.
        await PostgresServer.RunAsync(
            connection,
            """
            INSERT INTO geowps.jobs (id, process, lane, priority, status, attempt, created, updated, progress, base_address, request, administered)
            SELECT lpad(to_hex(i), 32, '0'), CASE WHEN i <= 4000 THEN 'script:theirs' ELSE 'native:p' || i % 100 END, 'qgis', 0, 'accepted', 0, i, i, 0, 'http://h/', '{}', false
            FROM generate_series(1, 10000) i;
            ANALYZE geowps.jobs
            """);
        string[] mine = [.. Enumerable.Range(0, 150).Select(i => $"native:p{i}")];
        var before = await ReadAsync();
        for (var i = 4001; i <= 4010; i++)
        {
            (await jobs.ClaimAsync("qgis", "w", TimeSpan.FromMinutes(1), mine, None))!.ProcessId.ShouldBe($"native:p{i % 100}");
        }

        // A few rows for each process, and not the four thousand before each.
        (await ReadAsync() - before).ShouldBeLessThan(10 * 100 * 15);

        async Task<long> ReadAsync()
        {
            // A backend tells its figures when it is idle.
            await one.Database.ExecuteAsync("SELECT pg_stat_force_next_flush()", mayRepeat: true, None);
            await using var source = Npgsql.NpgsqlDataSource.Create(connection + ";Pooling=false");
            await using var command = source.CreateCommand("SELECT coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0) FROM pg_stat_user_tables WHERE relname = 'jobs'");
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    private static string Text(ProcessDescription process) => JsonSerializer.Serialize(process);

    private static RunnerLane Lane(string name, ProcessDescription[] processes, params (string Alias, string Id)[] aliases) =>
        new(name, new ProcessCatalogue("1", processes.ToFrozenDictionary(process => process.Id), aliases.ToFrozenDictionary(alias => alias.Alias, alias => alias.Id)));

    private static ProcessDescription Process(string id, string version) => new()
    {
        Id = id,
        Title = id,
        Version = version,
        Inputs =
        [
            new InputDescription("Z", "Z", (JsonObject)JsonNode.Parse("""{"type": "number", "minimum": 0.5}""")!, 0, InputDescription.Unbounded) { ByReference = false, Description = "d", Facts = new Dictionary<string, string> { ["parent"] = "A" } },
            new InputDescription("A", "A", (JsonObject)JsonNode.Parse("""{"type": "string"}""")!),
        ],
        Outputs = [new OutputDescription("O", "O", (JsonObject)JsonNode.Parse("""{"type": "object"}""")!) { Optional = true, MediaTypes = ["a/b", "c/d"], Description = "o" }],
    };

    private static NewJob Job(string process) => new(JobId.New(DateTimeOffset.UtcNow), process, "qgis", new JobRequest("{}", [], "http://h/"), null, 0, 1000, null, null);

    private sealed class Node(PostgresDatabase database, PostgresNews news) : IAsyncDisposable
    {
        public PostgresDatabase Database => database;

        public IRunners Runners { get; } = new PostgresRunners(database, news, TimeProvider.System, NullLogger<PostgresRunners>.Instance);

        public static async Task<Node> StartAsync(string connection)
        {
            var database = await Databases.OpenAsync(connection);
            var news = new PostgresNews(database, NullLogger.Instance);
            await news.Ready;
            return new Node(database, news);
        }

        public async ValueTask DisposeAsync()
        {
            await news.DisposeAsync();
            await database.DisposeAsync();
        }
    }
}
