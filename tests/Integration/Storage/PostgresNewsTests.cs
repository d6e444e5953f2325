using System.Threading.Channels;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Tiles;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Layers;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Storage;

public sealed class PostgresNewsTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [PostgresFact]
    public async Task What_happens_on_one_node_is_heard_on_another_and_not_on_itself()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var here = await Node.StartAsync(connection);
        await using var there = await Node.StartAsync(connection);
        var store = new PostgresJobStore(here.Database);
        var job = new NewJob(JobId.New(DateTimeOffset.UtcNow), "echo", "builtin", new JobRequest("{}", [], "http://h/"), null, 0, 1000, null, null);

        await store.AddAsync(job, None);
        await store.DismissAsync(job.Id, None);
        using var documents = new PostgresDocuments(here.Database);
        await new PostgresLayerStore(here.Database, documents, here.Nodes, null!).TryAddAsync(Some.Layer("a"), None);
        await here.Cache.TellAsync(new CacheEmptied("last"), None);

        (await there.NextAsync()).ShouldBe(new NodeNews.JobWaits("builtin"));
        (await there.NextAsync()).ShouldBe(new NodeNews.JobDismissed(job.Id));
        (await there.NextAsync()).ShouldBe(new NodeNews.LayerChanged("a"));
        (await there.NextEmptiedAsync()).ShouldBe(new CacheEmptied("last"));

        // Those out of transactions are for all nodes; a layer of one's own is no news.
        (await here.NextAsync()).ShouldBe(new NodeNews.JobWaits("builtin"));
        (await here.NextAsync()).ShouldBe(new NodeNews.JobDismissed(job.Id));
        here.HeardCount.ShouldBe(0);
    }

    [PostgresFact]
    public async Task What_was_emptied_is_told_exactly_or_as_more_when_it_is_too_much()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var here = await Node.StartAsync(connection);
        await using var there = await Node.StartAsync(connection);
        var tileset = new TilesetKey("straße", "WebMercatorQuad", TileFormat.Find("png")!);
        TileRange[] few = [new(1, 2, 3, 4), new(5, 6, 7, 8)];
        TileRange[] many = [.. Enumerable.Range(0, 1000).Select(i => new TileRange(i, i, i + 1, i + 1))];

        await here.Cache.TellAsync(new CacheEmptied("straße", new TileSelection(tileset, 7, few)), None);
        await here.Cache.TellAsync(new CacheEmptied("straße", new TileSelection(tileset, 12, many)), None);

        var exact = (await there.NextEmptiedAsync()).Selection.ShouldNotBeNull();
        (exact.Tileset, exact.Level).ShouldBe((tileset, 7));
        exact.Ranges.ShouldBe(few);
        (await there.NextEmptiedAsync()).ShouldBe(new CacheEmptied("straße", new TileSelection(tileset, 12)));
    }

    [PostgresFact]
    public async Task After_a_gap_everything_counts_as_changed_and_news_go_on()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var here = await Node.StartAsync(connection);
        await using var there = await Node.StartAsync(connection);
        var name = new Npgsql.NpgsqlConnectionStringBuilder(connection).Database;

        await PostgresServer.RunAsync(connection, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()");

        (await there.NextAsync()).ShouldBe(new NodeNews.Missed());
        (await there.NextEmptiedAsync()).ShouldBe(new CacheEmptied(null));
        await here.Cache.TellAsync(new CacheEmptied("a"), None);
        (await there.NextEmptiedAsync()).ShouldBe(new CacheEmptied("a"));
    }

    [PostgresFact]
    public async Task Progress_log_and_end_of_a_job_are_watched_on_another_node()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var here = await Node.StartAsync(connection);
        await using var there = await Node.StartAsync(connection);
        var store = new PostgresJobStore(here.Database);
        await using var mine = new PostgresJobEvents(here.News, store, NullLogger.Instance);
        await using var theirs = new PostgresJobEvents(there.News, new PostgresJobStore(there.Database), NullLogger.Instance);
        var job = new NewJob(JobId.New(DateTimeOffset.UtcNow), "echo", "builtin", new JobRequest("{}", [], "http://h/"), null, 0, 1000, ("me", TimeSpan.FromMinutes(1)), null);
        await store.AddAsync(job, None);
        var watching = theirs.WatchAsync(job.Id, None);
        var line = new LogEntry(DateTimeOffset.FromUnixTimeMilliseconds(5), 1, "info", "hello");

        mine.Publish(new JobEvent.Progressed(job.Id, 42.5));
        await here.Cache.TellAsync(new CacheEmptied("after"), None);
        await store.AppendLogAsync(job.Id, [line], None);
        await store.SucceedAsync(new JobHold(job.Id, 1, "me"), [], None);
        mine.Publish(new JobEvent.Changed((await store.FindAsync(job.Id, None))!));

        var seen = new List<JobEvent>();
        await foreach (var jobEvent in watching)
        {
            seen.Add(jobEvent);
        }

        seen[0].ShouldBe(new JobEvent.Progressed(job.Id, 42.5));
        seen[1].ShouldBe(new JobEvent.Logged(job.Id, line));
        seen[2].ShouldBeOfType<JobEvent.Changed>().Job.State.Status.ShouldBe(JobStatus.Successful);
    }

    private sealed class Node : IAsyncDisposable
    {
        private readonly Channel<NodeNews> _heard = Channel.CreateUnbounded<NodeNews>();
        private readonly Channel<CacheEmptied> _emptied = Channel.CreateUnbounded<CacheEmptied>();

        private Node(PostgresDatabase database)
        {
            (Database, News) = (database, new PostgresNews(database, NullLogger.Instance));
            (Nodes, Cache) = (new PostgresNodeNews(News), new PostgresCacheNews(News));
            Nodes.Listen(news => _heard.Writer.TryWrite(news));
            Cache.Listen(emptied => _emptied.Writer.TryWrite(emptied));
        }

        public PostgresDatabase Database { get; }

        public PostgresNews News { get; }

        public PostgresNodeNews Nodes { get; }

        public PostgresCacheNews Cache { get; }

        public int HeardCount => _heard.Reader.Count;

        public static async Task<Node> StartAsync(string connection)
        {
            var node = new Node(await Databases.OpenAsync(connection));
            await node.News.Ready;
            return node;
        }

        public Task<NodeNews> NextAsync() => _heard.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public Task<CacheEmptied> NextEmptiedAsync() => _emptied.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public async ValueTask DisposeAsync()
        {
            await News.DisposeAsync();
            await Database.DisposeAsync();
        }
    }
}
