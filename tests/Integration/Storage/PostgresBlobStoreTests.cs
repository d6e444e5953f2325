using System.Security.Cryptography;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Storage;

public sealed class PostgresBlobStoreTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [PostgresFact]
    public async Task The_store_keeps_the_contract()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = await Databases.OpenAsync(connection);
        await ContractRun.RunAsync(
            async () =>
            {
                await PostgresServer.RunAsync(connection, "TRUNCATE geowps.blob, geowps.blob_content, geowps.blob_piece, geowps.blob_doubt");
                return new Contract(connection, database);
            },
            atLeast: 40);
    }

    [PostgresTheory]
    [InlineData(PostgresBlobStore.MostSmall)]
    [InlineData(PostgresBlobStore.MostSmall + 1)]
    [InlineData(PostgresBlobStore.PieceSize)]
    [InlineData(PostgresBlobStore.PieceSize + 1)]
    [InlineData(5 * PostgresBlobStore.PieceSize + 17)]
    public async Task Content_of_every_size_comes_back_as_it_was(int size)
    {
        await using var database = await Databases.OpenAsync(await server.CreateDatabaseAsync());
        await using var store = Store(database);
        var content = RandomNumberGenerator.GetBytes(size);

        var info = await store.PutAsync("a", "x/y", (stream, token) => stream.WriteAsync(content, token).AsTask(), None);

        info.Length.ShouldBe(size);
        (await ReadAsync(store, "a", 0, null)).ShouldBe(content);
        var from = Math.Max(0, size - PostgresBlobStore.PieceSize - 5);
        (await ReadAsync(store, "a", from, size - from - 1)).ShouldBe(content[from..^1]);
    }

    [PostgresFact]
    public async Task What_is_read_outlives_its_key_and_what_nobody_reads_goes()
    {
        await using var database = await Databases.OpenAsync(await server.CreateDatabaseAsync());
        await using var store = Store(database);
        await using var sweeper = new PostgresBlobStore(database, TimeSpan.Zero, NullLogger.Instance);
        var content = RandomNumberGenerator.GetBytes(3 * PostgresBlobStore.PieceSize);
        await store.PutAsync("a", "x/y", (stream, token) => stream.WriteAsync(content, token).AsTask(), None);
        await store.CopyAsync("a", "b", None);
        await using (var open = (await store.OpenAsync("a", 0, null, None)).ShouldNotBeNull())
        {
            await store.DeleteAsync("a", None);
            await sweeper.SweepAsync(None);
            (await ReadAsync(store, "b", 0, null)).ShouldBe(content);
            await store.DeleteAsync("b", None);
            (await store.SweepAsync(None)).ShouldBe(0);
            var read = new byte[content.Length];
            await open.Content.ReadExactlyAsync(read);
            read.ShouldBe(content);
        }

        await sweeper.SweepAsync(None);

        (await database.ValueAsync("SELECT (SELECT count(*) FROM geowps.blob_content) + (SELECT count(*) FROM geowps.blob_piece) + (SELECT count(*) FROM geowps.blob_doubt)", true, None)).ShouldBe(0L);
    }

    [PostgresFact]
    public async Task A_large_write_that_fails_leaves_nothing()
    {
        await using var database = await Databases.OpenAsync(await server.CreateDatabaseAsync());
        await using var store = Store(database);

        await Should.ThrowAsync<InvalidDataException>(() => store.PutAsync("a", "x/y", FailAsync, None));

        (await database.ValueAsync("SELECT (SELECT count(*) FROM geowps.blob_content) + (SELECT count(*) FROM geowps.blob_piece) + (SELECT count(*) FROM geowps.blob_doubt)", true, None)).ShouldBe(0L);

        static async Task FailAsync(Stream stream, CancellationToken token)
        {
            await stream.WriteAsync(new byte[3 * PostgresBlobStore.PieceSize], token);
            throw new InvalidDataException("The caller went away.");
        }
    }

    private static PostgresBlobStore Store(PostgresDatabase database) => new(database, TimeSpan.FromHours(1), NullLogger.Instance);

    private static async Task<byte[]> ReadAsync(PostgresBlobStore store, string key, long offset, long? length)
    {
        await using var blob = (await store.OpenAsync(key, offset, length, None)).ShouldNotBeNull();
        using var memory = new MemoryStream();
        await blob.Content.CopyToAsync(memory);
        return memory.ToArray();
    }

    // Not found by the runner as a test class: it has no parameterless constructor and is not public.
    private sealed class Contract(string connection, PostgresDatabase database) : BlobStoreContract
    {
        protected override IBlobStore Open(TimeProvider clock) => ClockedByTest<IBlobStore>.Of(Store(database), connection, (TestClock)clock);
    }
}
