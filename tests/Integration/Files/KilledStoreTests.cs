using System.Diagnostics;
using GeoWps.Adapters.Storage.Files;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Storage;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Files;

/// <summary>A process is killed in the middle of whatever it does to a store; <c>GEOWPS_KILLS</c> says how often, 6 when it says nothing.</summary>
public sealed class KilledStoreTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly int _kills = int.TryParse(Environment.GetEnvironmentVariable("GEOWPS_KILLS"), out var kills) ? kills : 6;

    [Fact]
    public async Task Files_are_in_the_old_or_the_new_state_and_the_next_start_leaves_no_litter()
    {
        using var folder = new TemporaryFolder();
        var root = folder["blobs"];
        for (var i = 0; i < _kills; i++)
        {
            await KillAsync("file", root);
            using var store = new FileBlobStore(root, TimeProvider.System);
            await StoreChanges.CheckAsync(store);
            await NoLitterAsync(root, store);
        }
    }

    [PostgresFact]
    public async Task PostgreSQL_is_in_the_old_or_the_new_state_and_what_is_left_over_is_in_doubt()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = await Databases.OpenAsync(connection);
        for (var i = 0; i < _kills; i++)
        {
            await KillAsync("postgres", connection);
            await using var store = new PostgresBlobStore(database, TimeSpan.FromHours(1), NullLogger.Instance);
            await StoreChanges.CheckAsync(store);
            await NothingUnknownAsync(connection);
        }
    }

    private static async Task KillAsync(string kind, string place)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        Array.ForEach(["exec", typeof(KilledStoreTests).Assembly.Location, StoreChanges.Verb, kind, place], start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        (await process.StandardOutput.ReadLineAsync(patience.Token)).ShouldBe("ready");
        await Task.Delay(Random.Shared.Next(1, 150));
        process.Kill();
        await process.WaitForExitAsync(patience.Token);
    }

    /// <summary>Each blob has its record, its content and its name, and nothing else is there, but for empty notes of what was done since the start.</summary>
    internal static async Task NoLitterAsync(string root, IBlobStore store)
    {
        var expected = 0;
        await foreach (var info in store.ListAsync("", CancellationToken.None))
        {
            expected += info.Key.StartsWith("files/", StringComparison.Ordinal) ? 3 : 2;
        }

        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        string[] files = [.. Directory.GetFiles(root, "*", options).Where(file => !file.EndsWith(".doubt", StringComparison.Ordinal) || new FileInfo(file).Length > 0)];
        files.Length.ShouldBe(expected, string.Join("\n", files));
        Directory.GetDirectories(root, "*", options).Where(folder => !folder.EndsWith("/.tmp", StringComparison.Ordinal) && Directory.GetFileSystemEntries(folder).Length == 0).ShouldBeEmpty();
    }

    /// <summary>What no key names in PostgreSQL is noted as such, to be swept.</summary>
    internal static async Task NothingUnknownAsync(string connection)
    {
        await using var database = await Databases.OpenAsync(connection);
        (await database.ValueAsync(
            "SELECT count(*) FROM geowps.blob_content c WHERE NOT EXISTS (SELECT FROM geowps.blob WHERE content = c.id) AND NOT EXISTS (SELECT FROM geowps.blob_doubt WHERE content = c.id)",
            true,
            CancellationToken.None)).ShouldBe(0L);
    }
}
