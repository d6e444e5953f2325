using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>What a server knows when it starts again.</summary>
public sealed class RestartTests
{
    [QgisFact]
    public async Task The_list_is_there_before_QGIS_is()
    {
        await using var server = await RunningServer.StartAsync("--Python:Workers", "1");
        await QgisServer.Until(async () => await CountAsync(server) > 250, "QGIS tells its algorithms");
        var before = await server.Client.GetStringAsync(new Uri("processes?limit=1000", UriKind.Relative));
        (await server.StopAsync()).ShouldBe(0);
        var lines = server.Log.Count;

        await server.StartAgainAsync("--Python:Sandbox", "Off", "--Python:Executable", Sleeper(server.Directory));

        (await server.Client.GetStringAsync(new Uri("processes?limit=1000", UriKind.Relative))).ShouldBe(before);
        using var description = await server.Client.GetAsync(new Uri("processes/native:buffer", UriKind.Relative));
        ((int)description.StatusCode).ShouldBe(200);
        server.Log.Skip(lines).ShouldNotContain(line => line.Contains("is ready", StringComparison.Ordinal));
        var below = PoolProcesses.Below(server.ProcessId);
        PoolProcesses.Send(server.ProcessId, 9);
        below.ToList().ForEach(process => PoolProcesses.Send(process, 9));
        await server.KillAsync();
        server.Errors.ShouldBeEmpty();
    }

    [QgisFact]
    public async Task Results_outlive_a_restart()
    {
        await using var server = await RunningServer.StartAsync("--Python:Workers", "1");
        await QgisServer.Until(async () => await CountAsync(server) > 250, "QGIS tells its algorithms");
        using var content = new StringContent(JsonSerializer.Serialize(new { inputs = new { INPUT = Sample.Read(Sample.Countries) } }), System.Text.Encoding.UTF8, "application/json");
        using var answer = await server.Client.PostAsync(new Uri("processes/native:centroids/execution", UriKind.Relative), content);
        ((int)answer.StatusCode).ShouldBe(200);
        var link = answer.Headers.GetValues("Link").Single(header => header.Contains("monitor", StringComparison.Ordinal));
        var results = new Uri(link[1..link.IndexOf('>', StringComparison.Ordinal)] + "/results");
        var before = await server.Client.GetStringAsync(results);

        (await server.StopAsync()).ShouldBe(0);
        await server.StartAgainAsync();

        (await server.Client.GetStringAsync(results)).ShouldBe(before);
        server.Errors.ShouldBeEmpty();
    }

    /// <summary>A Python that never gets anywhere.</summary>
    private static string Sleeper(string folder)
    {
        var path = Path.Combine(folder, "sleeper");
        File.WriteAllText(path, "#!/bin/sh\nexec sleep 60\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    private static async Task<int> CountAsync(RunningServer server) =>
        JsonElement.Parse(await server.Client.GetStringAsync(new Uri("processes?limit=1000", UriKind.Relative))).GetProperty("processes").GetArrayLength();
}
