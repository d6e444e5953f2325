using System.Collections.Concurrent;
using GeoWps.Adapters.Messaging.Cluster;
using GeoWps.Adapters.Storage.Layers;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Layers;
using GeoWps.Tests.Unit.Messaging;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Storage;

public sealed class ClusterMessagesTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly CancellationToken _none = CancellationToken.None;
    private static readonly ClusterTimes _quick = new(TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(0.3));

    [PostgresFact]
    public async Task Messages_in_a_database_keep_the_contract()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = await Databases.OpenAsync(connection);
        await ContractRun.RunAsync(
            async () =>
            {
                await PostgresServer.RunAsync(connection, "TRUNCATE geowps.wolverine_incoming_envelopes");
                return new Contract(database);
            },
            atLeast: 4);
    }

    [PostgresFact]
    public async Task What_a_node_that_was_killed_has_not_handled_another_one_does()
    {
        await using var database = await Databases.OpenAsync(await server.CreateDatabaseAsync());
        var swept = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var lost = new ClusterMessages(database.Source, () => new Swept(new()), _quick, NullLoggerFactory.Instance);
        await lost.StartAsync(_none);
        await ChangeAsync(database, lost, isSent: false, new Message.TilesOutdated("a", "change"));

        // What a kill leaves: a message of a node that is not there.
        await lost.StopAsync(_none);
        await database.ExecuteAsync("UPDATE geowps.wolverine_incoming_envelopes SET owner_id = 4711", false, _none);
        await using var other = new ClusterMessages(database.Source, () => new Swept(swept), _quick, NullLoggerFactory.Instance);
        await other.StartAsync(_none);

        (await swept.Task.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBe(new Message.TilesOutdated("a", "change"));
        await other.StopAsync(_none);
    }

    [PostgresFact]
    public async Task Nothing_is_left_of_a_layer_whose_remover_died_and_whose_sweep_failed_twice()
    {
        await using var database = await Databases.OpenAsync(await server.CreateDatabaseAsync());
        await using var news = new PostgresNews(database, NullLogger.Instance);
        using var documents = new PostgresDocuments(database);
        using var folder = new TemporaryFolder();
        var blobs = new PostgresBlobStore(database, TimeSpan.Zero, NullLogger.Instance);
        var announced = new List<Message>();
        var files = new ClusterLayerFolders(
            folder["node"], blobs, long.MaxValue, TimeProvider.System, NullLogger.Instance, "node",
            async (message, _) =>
            {
                (await CountAsync(database, "geowps.blob")).ShouldBe(0, "it is told before they are stored");
                announced.Add(message);
            });
        using (var draft = files.Begin())
        {
            await using (var file = draft.Create("data.gpkg"))
            {
                await file.WriteAsync(new byte[100_000]);
            }

            var name = draft.Place("a", 1);
            await draft.ShareAsync(_none);
            announced.ShouldBe([new Message.DataUnnamed("a", name)]);
            await using var messages = new ClusterMessages(database.Source, () => new Swept(new()), _quick, NullLoggerFactory.Instance);
            await messages.StartAsync(_none);
            ILayerStore store = new PostgresLayerStore(database, documents, new PostgresNodeNews(news), messages);
            await store.TryAddAsync(Some.Layer("a") with { Source = new LayerSource.GeoPackage($"{name}/data.gpkg", "data") }, _none);
            draft.Keep();
            await store.RemoveAsync("a", before => [new Message.DataOutdated("a", before.Source.Folder!)], _none);
            await messages.StopAsync(_none);
        }

        (await CountAsync(database, "geowps.blob")).ShouldBeGreaterThan(0);

        // The minute is over; and nobody is there who saw it begin.
        await database.ExecuteAsync("UPDATE geowps.wolverine_incoming_envelopes SET execution_time = now()", false, _none);
        var failing = new FailingBlobs(blobs, 2);
        using var catalogue = new LayerCatalogue(new PostgresLayerStore(database, documents, new PostgresNodeNews(news), null!), new NoLayerWatch(), TimeProvider.System);
        var others = new LayerMessages(catalogue, new ClusterLayerFolders(folder["other"], failing.Store, long.MaxValue, TimeProvider.System, NullLogger.Instance, "other"));
        await using var next = new ClusterMessages(database.Source, () => others, _quick, NullLoggerFactory.Instance);
        await next.StartAsync(_none);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await CountAsync(database, "geowps.blob") > 0 || await CountAsync(database, "geowps.wolverine_incoming_envelopes WHERE status <> 'Handled'") > 0)
        {
            await Task.Delay(50, patience.Token);
        }

        failing.Failures.ShouldBe(2);
        await next.StopAsync(_none);
    }

    [PostgresFact]
    public async Task What_was_stored_when_PostgreSQL_crashed_is_carried_when_it_is_back_and_what_comes_later_too()
    {
        var connection = await server.CreateDatabaseAsync();

        // What is committed has to outlive a crash; the tests' PostgreSQL is not set up so.
        await PostgresServer.KeepCommitsAsync(connection);
        await using var database = await Databases.OpenAsync(connection);
        var held = new Held();
        await using var node = new ClusterMessages(database.Source, () => held, _quick, NullLoggerFactory.Instance);
        await node.StartAsync(_none);
        Message[] before = [.. Enumerable.Range(0, 20).Select(i => new Message.TilesOutdated($"layer{i}", "change"))];
        await ChangeAsync(database, node, isSent: true, before);
        await held.Begun.Task.WaitAsync(TimeSpan.FromSeconds(60));

        await server.CrashAsync();
        held.LetGo.SetResult();
        await server.StartAgainAsync();
        Message after = new Message.TilesOutdated("after", "change");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                await ChangeAsync(database, node, isSent: true, after);
                break;
            }
            catch (Npgsql.NpgsqlException)
            {
                // A connection of before.
                await Task.Delay(50, patience.Token);
            }
        }

        while (!before.Append(after).All(held.Handled.Contains) || await CountAsync(database, "geowps.wolverine_incoming_envelopes WHERE status <> 'Handled'") > 0)
        {
            await Task.Delay(50, patience.Token);
        }

        (await CountAsync(database, "geowps.wolverine_dead_letters")).ShouldBe(0);
        await node.StopAsync(_none);
    }

    [PostgresFact]
    public async Task A_node_that_starts_while_the_database_is_away_tries_until_it_is_there()
    {
        await using var database = await Databases.OpenAsync(await server.CreateDatabaseAsync());
        var (log, swept) = (new Complaints(), new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously));
        await server.StopAsync();
        await using var messages = new ClusterMessages(database.Source, () => new Swept(swept), _quick, log);
        await messages.StartAsync(_none);
        await log.NotStarted.WaitAsync(TimeSpan.FromSeconds(60));

        await server.StartAgainAsync();

        await ChangeAsync(database, messages, isSent: true, new Message.TilesOutdated("a", "change"));
        (await swept.Task.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(new Message.TilesOutdated("a", "change"));
        await messages.StopAsync(_none);
    }

    /// <summary>Waits for it to be said that messages can't be used.</summary>
    private sealed class Complaints : ILoggerFactory, ILogger
    {
        private readonly TaskCompletionSource _notStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task NotStarted => _notStarted.Task;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 8001)
            {
                _notStarted.TrySetResult();
            }
        }

        public void Dispose()
        {
        }
    }

    private static async Task<long> CountAsync(PostgresDatabase database, string what) => (long)(await database.ValueAsync($"SELECT count(*) FROM {what}", true, _none))!;

    private static async Task ChangeAsync(PostgresDatabase database, IMessages messages, bool isSent, params Message[] told)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var outgoing = await messages.StoreAsync(told, transaction, _none);
        await transaction.CommitAsync();
        if (isSent)
        {
            await outgoing.SendAsync();
        }
    }

    private sealed class Contract(PostgresDatabase database) : MessagesContract
    {
        protected override async Task<IMessages> StartAsync(IMessageHandler handler)
        {
            var node = new ClusterMessages(database.Source, () => handler, _quick, NullLoggerFactory.Instance);
            await node.StartAsync(None);
            return node;
        }

        protected override async Task StopAsync(IMessages node)
        {
            await ((ClusterMessages)node).StopAsync(None);
            await ((ClusterMessages)node).DisposeAsync();
        }

        protected override async Task ChangeAsync(IMessages node, bool isStored, bool isSent, params Message[] messages)
        {
            if (isStored)
            {
                await ClusterMessagesTests.ChangeAsync(database, node, isSent, messages);
                return;
            }

            await using var connection = await database.Source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var outgoing = await node.StoreAsync(messages, transaction, None);
        }

        protected override async Task<int> OpenAsync() => (int)await CountAsync(database, "geowps.wolverine_incoming_envelopes WHERE status <> 'Handled'");
    }

    /// <summary>Whatever comes waits until it is let go.</summary>
    private sealed class Held : IMessageHandler
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource LetGo { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentDictionary<Message, int> Counts { get; } = new();

        public ICollection<Message> Handled => Counts.Keys;

        public async Task HandleAsync(Message message, CancellationToken cancellationToken)
        {
            Begun.TrySetResult();
            await LetGo.Task.WaitAsync(cancellationToken);
            Counts.AddOrUpdate(message, 1, (_, times) => times + 1);
        }
    }

    private sealed class Swept(TaskCompletionSource<Message> swept) : IMessageHandler
    {
        public Task HandleAsync(Message message, CancellationToken cancellationToken)
        {
            swept.TrySetResult(message);
            return Task.CompletedTask;
        }
    }
}
