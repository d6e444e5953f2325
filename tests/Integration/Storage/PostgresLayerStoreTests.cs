using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Layers;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Storage;

public sealed class PostgresLayerStoreTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly CancellationToken _none = CancellationToken.None;

    [PostgresFact]
    public async Task The_store_keeps_the_contract()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = await Databases.OpenAsync(connection);
        await using var news = new PostgresNews(database, NullLogger.Instance);
        using var documents = new PostgresDocuments(database);
        await ContractRun.RunAsync(
            async () =>
            {
                await PostgresServer.RunAsync(connection, "TRUNCATE geowps.mt_doc_layer");
                return new Contract(() => new PostgresLayerStore(database, documents, new PostgresNodeNews(news), new ToldMessages()));
            },
            atLeast: 6);
    }

    [PostgresFact]
    public async Task What_is_owed_is_told_the_layer_before_and_stored_with_the_change_or_not_at_all()
    {
        await using var database = await Databases.OpenAsync(await server.CreateDatabaseAsync());
        await using var news = new PostgresNews(database, NullLogger.Instance);
        using var documents = new PostgresDocuments(database);
        var messages = new ToldMessages();
        ILayerStore store = new PostgresLayerStore(database, documents, new PostgresNodeNews(news), messages);
        await store.TryAddAsync(Some.Layer("a") with { Title = "first" }, _none);

        (await store.TryReplaceAsync(Some.Layer("a") with { Revision = 3 }, Owe, _none)).ShouldBeFalse();
        messages.Told.ShouldBeEmpty();
        (await store.TryReplaceAsync(Some.Layer("a") with { Revision = 2, Title = "second" }, Owe, _none)).ShouldBeTrue();
        (await store.RemoveAsync("a", Owe, _none)).ShouldBeTrue();
        (await store.RemoveAsync("a", Owe, _none)).ShouldBeFalse();

        messages.Told.ShouldBe([new Message.DataOutdated("a", "first"), new Message.DataOutdated("a", "second")]);
        messages.Sent.ShouldBe(2);

        messages.Fails = true;
        await store.TryAddAsync(Some.Layer("b"), _none);
        await Should.ThrowAsync<IOException>(() => store.RemoveAsync("b", Owe, _none));
        (await store.FindAsync("b", _none)).ShouldNotBeNull("what it owes could not be stored");

        static IReadOnlyList<Message> Owe(Layer before) => [new Message.DataOutdated(before.Id, before.Title)];
    }

    [PostgresFact]
    public async Task Text_that_PostgreSQL_can_not_have_does_not_stand_in_the_way()
    {
        await using var database = await Databases.OpenAsync(await server.CreateDatabaseAsync());
        await using var news = new PostgresNews(database, NullLogger.Instance);
        using var documents = new PostgresDocuments(database);
        ILayerStore store = new PostgresLayerStore(database, documents, new PostgresNodeNews(news), new ToldMessages());

        (await store.TryAddAsync(Some.Layer("a") with { Title = "a\0b", Expires = new DateTimeOffset(2026, 11, 28, 10, 0, 0, TimeSpan.FromHours(5)) }, _none)).ShouldBeTrue();

        (await store.FindAsync("a", _none)).ShouldNotBeNull().Title.ShouldBe("a\ufffdb");
    }

    // Not found by the runner as a test class: it has no parameterless constructor and is not public.
    private sealed class Contract(Func<ILayerStore> open) : LayerStoreContract
    {
        protected override ILayerStore Open() => open();

        protected override void Close(ILayerStore store)
        {
        }
    }

    /// <summary>Remembers what it was told.</summary>
    private sealed class ToldMessages : IMessages, IOutgoing
    {
        public List<Message> Told { get; } = [];

        public int Sent { get; private set; }

        public bool Fails { get; set; }

        public Task<IOutgoing> StoreAsync(IReadOnlyList<Message> messages, System.Data.Common.DbTransaction? transaction, CancellationToken cancellationToken)
        {
            transaction.ShouldNotBeNull();
            if (Fails)
            {
                throw new IOException("No room.");
            }

            Told.AddRange(messages);
            return Task.FromResult<IOutgoing>(this);
        }

        public Task SendAsync()
        {
            Sent++;
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
