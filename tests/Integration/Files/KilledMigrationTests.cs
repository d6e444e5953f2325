using System.Diagnostics;
using GeoWps.Application.Ports;
using GeoWps.Domain.Files;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Storage;

namespace GeoWps.Tests.Integration.Files;

/// <summary><c>files migrate</c> is killed while it copies, while it compares and while it copies the index, there and back; the same command goes on, and nothing is left over.</summary>
public sealed class KilledMigrationTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    /// <summary>Signs of progress: one for each content while copying, one while comparing, one for the index.</summary>
    private const int Contents = MigrationAtWork.Files + 1;

    private static readonly int[] _deaths = [1, Contents / 2, Contents / 2, Contents, Contents + (Contents / 2), (2 * Contents) + 1, (2 * Contents) + 1];

    [PostgresFact]
    public async Task There_and_back_everything_arrives_once_and_as_it_was()
    {
        using var folders = new TemporaryFolder();
        var (first, back, connection) = (Make(folders["first"]), Make(folders["back"]), await server.CreateDatabaseAsync());
        await using (var work = await FilesAtWork.OpenAsync(FilesAtWork.InFolder, first))
        {
            await MigrationAtWork.FillAsync(work);
        }

        await MigrateAsync(FilesAtWork.InFolder, first, FilesAtWork.InPostgres, connection, () => KilledStoreTests.NothingUnknownAsync(connection));
        await MigrateAsync(FilesAtWork.InPostgres, connection, FilesAtWork.InFolder, back, async () =>
        {
            // The next start clears what was half-done.
            await using var work = await FilesAtWork.OpenAsync(FilesAtWork.InFolder, back, isLater: true);
            await KilledStoreTests.NoLitterAsync(Path.Combine(back, "blobs"), work.Blobs);
        });
    }

    private static async Task MigrateAsync(string from, string fromPlace, string to, string toPlace, Func<Task> noLitter)
    {
        foreach (var signs in _deaths)
        {
            (await RunAsync(from, fromPlace, to, toPlace, signs)).ShouldBe(128 + 9, $"killed after {signs} signs of progress, from {from}");
            await noLitter();
            await using var half = await FilesAtWork.OpenAsync(to, toPlace, isLater: true);
            await half.Changes.SettleAsync(CancellationToken.None);
        }

        (await RunAsync(from, fromPlace, to, toPlace, int.MaxValue)).ShouldBe(0);
        await noLitter();
        await using var source = await FilesAtWork.OpenAsync(from, fromPlace);
        await using var target = await FilesAtWork.OpenAsync(to, toPlace, isLater: true);
        (await ContentsAsync(target)).ShouldBe(await ContentsAsync(source));
        (await EntriesAsync(target)).ShouldBe(await EntriesAsync(source));
        (await target.Index.UseAsync(FilesAtWork.Li.Name, CancellationToken.None)).ShouldBe(await source.Index.UseAsync(FilesAtWork.Li.Name, CancellationToken.None));
    }

    private static async Task<List<string>> ContentsAsync(FilesAtWork work)
    {
        var contents = new List<string>();
        await foreach (var info in work.Blobs.ListAsync("", CancellationToken.None))
        {
            await using var blob = (await work.Blobs.OpenAsync(info.Key, 0, null, CancellationToken.None)).ShouldNotBeNull();
            contents.Add($"{info} {Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(blob.Content))}");
        }

        contents.Count.ShouldBe(Contents);
        return contents;
    }

    private static async Task<List<FileEntry>> EntriesAsync(FilesAtWork work) =>
        [.. await work.Index.ListAsync(new FileQuery(FilePath.Root, new FileViewer(null, true, true), 1000) { IsRecursive = true }, CancellationToken.None)];

    private static async Task<int> RunAsync(string from, string fromPlace, string to, string toPlace, int signs)
    {
        var start = new ProcessStartInfo("dotnet");
        Array.ForEach(["exec", typeof(KilledMigrationTests).Assembly.Location, MigrationAtWork.Verb, from, fromPlace, to, toPlace, $"{signs}"], start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    private static string Make(string folder) => Directory.CreateDirectory(folder).FullName;
}
