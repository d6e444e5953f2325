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

    [PostgresFact]
    public async Task What_the_database_wrongly_believes_of_its_tables_makes_nobody_read_more_than_there_is()
    {
        const int All = 12_000;
        var connection = await server.CreateDatabaseAsync();
        await using var watch = await Databases.OpenAsync(connection);
        await PostgresServer.RunAsync(
            connection,
            $"""
            ALTER TABLE geowps.records SET (autovacuum_enabled = off);
            ALTER TABLE geowps.record_values ALTER record SET (n_distinct = 1);
            INSERT INTO geowps.records (record_id, source, local_id, type, title, title_key, title_length, title_words, words)
            SELECT 'city:' || i, 'city', i, 'map', 'Map', 'map', 1, 'map', 'map' FROM generate_series(1, {All}) AS i;
            INSERT INTO geowps.record_values (record, name, value, key) SELECT id, 'type', 'map', 'map' FROM geowps.records;
            ANALYZE geowps.record_values
            """);
        var before = await RowsReadAsync(watch);
        await using (var database = await Databases.OpenAsync(connection))
        {
            var store = new PostgresRecordStore(database, Options.Create(new RecordsOptions()));
            (await store.VersionsAsync("city", CancellationToken.None).CountAsync()).ShouldBe(All);
            await store.PutAsync([new CatalogueRecord("city", "7", "map", "Another")], CancellationToken.None);
            (await store.RemoveAsync("city", ["8", "9"], CancellationToken.None)).ShouldBe(2);
        }

        var after = await RowsReadAsync(watch);
        (after.Through - before.Through).ShouldBe(0);
        (after.ByIndex - before.ByIndex).ShouldBeInRange(All, All + 100);
    }

    /// <summary>By all sessions that have ended: what one has read is counted then.</summary>
    private static async Task<(long Through, long ByIndex)> RowsReadAsync(PostgresDatabase watch)
    {
        const string Others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
        const string Read =
            """
            SELECT ARRAY[sum(seq_tup_read), sum(idx_tup_fetch) FILTER (WHERE relname = 'records')]::bigint[] FROM pg_stat_user_tables
            WHERE schemaname = 'geowps' AND relname IN ('records', 'record_areas', 'record_documents', 'record_facets', 'record_geometries', 'record_values')
            """;
        while (await watch.ValueAsync(Others, true, CancellationToken.None) is > 0L)
        {
            await Task.Delay(20);
        }

        return await watch.ValueAsync(Read, true, CancellationToken.None) is long[] read ? (read[0], read[1]) : default;
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
