using System.Security.Cryptography;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Files;

/// <summary>Content that fits into no memory that a server has to spare. <c>GEOWPS_LARGE_MB=1024</c> makes it the gigabyte that it is meant for; 24 MiB when it says nothing.</summary>
public sealed class LargeContentTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly int _megabytes = int.TryParse(Environment.GetEnvironmentVariable("GEOWPS_LARGE_MB"), out var megabytes) ? megabytes : 24;

    [PostgresFact]
    public async Task It_goes_into_PostgreSQL_and_comes_back_a_piece_at_a_time()
    {
        await using var database = await Databases.OpenAsync(await server.CreateDatabaseAsync());
        await using var store = new PostgresBlobStore(database, TimeSpan.FromHours(1), NullLogger.Instance);
        var piece = RandomNumberGenerator.GetBytes(1024 * 1024);
        using var written = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        var info = await store.PutAsync(
            "files/large",
            "x/y",
            async (stream, token) =>
            {
                for (var i = 0; i < _megabytes; i++)
                {
                    BitConverter.TryWriteBytes(piece, i);
                    written.AppendData(piece);
                    await stream.WriteAsync(piece, token);
                }
            },
            CancellationToken.None);

        info.Length.ShouldBe(_megabytes * 1024L * 1024);
        await using var blob = (await store.OpenAsync("files/large", 0, null, CancellationToken.None)).ShouldNotBeNull();
        (await SHA256.HashDataAsync(blob.Content)).ShouldBe(written.GetHashAndReset());
        if (_megabytes >= 1024)
        {
            // Other tests run in this process, too: only what is much larger than theirs can be told from it.
            GC.GetTotalMemory(forceFullCollection: true).ShouldBeLessThan(_megabytes / 2 * 1024L * 1024);
        }
    }
}
