using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Domain.Records;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Records;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Integration.Storage;

public sealed class PostgresRecordStoreTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [PostgresFact]
    public async Task The_store_keeps_the_contract()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = await Databases.OpenAsync(connection);
        await ContractRun.RunAsync(
            async () =>
            {
                await PostgresServer.RunAsync(connection, "TRUNCATE geowps.records CASCADE; TRUNCATE geowps.record_removals");
                return new Contract(() => new PostgresRecordStore(database, Options.Create(new RecordsOptions { KeptRemovals = Contract.Kept })));
            },
            atLeast: 20);
    }

    [PostgresFact]
    public async Task Nodes_that_put_the_same_records_at_once_do_not_stand_in_each_others_way()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = await Databases.OpenAsync(connection);
        var store = new PostgresRecordStore(database, Options.Create(new RecordsOptions()));
        CatalogueRecord[] records = [.. Enumerable.Range(0, 300).Select(i => new CatalogueRecord("layers", $"{i}", "dataset", $"Layer {i}") { Keywords = ["map"] })];

        await Task.WhenAll(Enumerable.Range(0, 4).Select(node => store.PutAsync(node % 2 == 0 ? records : [.. records.Reverse()], CancellationToken.None)));

        (await store.SearchAsync(new RecordQuery { Text = "map" }, CancellationToken.None)).Matched.ShouldBe(300);
    }

    [PostgresFact]
    public async Task Judged_searches_find_the_same_in_the_same_order()
    {
        await using var database = await Databases.OpenAsync(await server.CreateDatabaseAsync());
        var store = new PostgresRecordStore(database, Options.Create(new RecordsOptions()));
        await store.PutAsync(JudgedSearches.Library, CancellationToken.None);

        foreach (var search in JudgedSearches.Searches)
        {
            var (words, expected) = ((string)search[0], (string)search[1]);
            var found = await store.SearchAsync(new RecordQuery { Text = words, Limit = 100 }, CancellationToken.None);
            string.Join(' ', found.Records.Select(one => one.Record.LocalId)).ShouldBe(expected, words);
        }
    }

    // Not found by the runner as a test class: it has no parameterless constructor and is not public.
    private sealed class Contract(Func<IRecordStore> open) : RecordStoreContract
    {
        public const int Kept = KeptRemovals;

        protected override IRecordStore Open() => open();

        protected override void Close(IRecordStore store)
        {
        }
    }
}
