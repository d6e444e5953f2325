using System.Diagnostics;
using GeoWps.Application.Ports;
using GeoWps.Domain.Files;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Storage;

namespace GeoWps.Tests.Integration.Files;

/// <summary>
/// A process is killed while it stores, replaces, removes, moves or copies a file or folder, or while an upload becomes a file: after it had begun and before it was over, each time. The next start has the
/// old or the new state, content and index agree, nothing counts in the quotas that is not there, and nothing is left over. <c>GEOWPS_KILLS</c> says how often, 2 when it says nothing.
/// </summary>
public sealed class KilledOperationTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    /// <summary>That were killed before or after it.</summary>
    private const int MostMissed = 20;

    private static readonly int _kills = int.TryParse(Environment.GetEnvironmentVariable("GEOWPS_KILLS"), out var kills) ? kills : 2;

    public static TheoryData<string> Names => [.. FileOperations.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task In_a_folder(string operation)
    {
        using var folder = new TemporaryFolder();
        await KillOftenAsync(operation, FilesAtWork.InFolder, folder[""], work => KilledStoreTests.NoLitterAsync(Path.Combine(folder[""], "blobs"), work.Blobs));
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task In_PostgreSQL(string operation)
    {
        var connection = await server.CreateDatabaseAsync();
        await KillOftenAsync(operation, FilesAtWork.InPostgres, connection, _ => KilledStoreTests.NothingUnknownAsync(connection));
    }

    private static async Task KillOftenAsync(string name, string kind, string place, Func<FilesAtWork, Task> noLitter)
    {
        var (operation, killed) = (FileOperations.All[name], 0);
        for (var i = 0; killed < _kills; i++)
        {
            i.ShouldBeLessThan(_kills + MostMissed, "a process was killed in the middle");
            var said = await RunAsync(kind, place, name);
            await using var work = await FilesAtWork.OpenAsync(kind, place, isLater: true);
            await work.Changes.SettleAsync(CancellationToken.None);
            await work.Keeper.FinishDueAsync(CancellationToken.None);
            foreach (var root in said.Select(line => line.Split(' ')[1]).Distinct())
            {
                var isInside = said[^1] == $"in {root}";
                killed += isInside ? 1 : 0;
                var state = (await work.ReadAsync(root)).Select(file => $"{file.Key[(root.Length + 1)..]}={file.Value}").Order(StringComparer.Ordinal).ToArray();
                var (old, now) = (operation.Old.Order(StringComparer.Ordinal), operation.New.Order(StringComparer.Ordinal));
                (state.SequenceEqual(now) || (isInside && !operation.IsEnded && state.SequenceEqual(old))).ShouldBeTrue($"{name}, {(isInside ? "killed" : "done")}: {string.Join(' ', state)}");
            }

            await TidyAsync(work);
            await noLitter(work);
        }
    }

    /// <summary>No change is open, no upload is under way, and the quota knows it.</summary>
    private static async Task TidyAsync(FilesAtWork work)
    {
        var bytes = 0L;
        await foreach (var info in work.Blobs.ListAsync("", CancellationToken.None))
        {
            info.Key.ShouldStartWith("files/");
            bytes += info.Length;
        }

        (await work.Index.UseAsync(FilesAtWork.Li.Name, CancellationToken.None)).ShouldBe(new FileUse(bytes, bytes));
        var probe = new FileChange(Guid.NewGuid(), FileChangeKind.Remove, FilePath.Root, null, null, 0, IsFolder: true);
        (await work.Index.BeginAsync(probe, CancellationToken.None)).ShouldBeNull("nothing stands in the way of a change of everything");
        await work.Index.EndAsync(probe, [], CancellationToken.None);
    }

    /// <returns>What it said, line by line.</returns>
    private static async Task<string[]> RunAsync(string kind, string place, string name)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        Array.ForEach(["exec", typeof(KilledOperationTests).Assembly.Location, FileOperations.Verb, kind, place, name], start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var said = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.ShouldBe(128 + 9, said);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
