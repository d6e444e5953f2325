using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Uploads;

/// <summary>A public client and our own upload over bad connections, and while the server is killed. What came of it is looked at where an operator would: in the folder of files.</summary>
public sealed class TusClientTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("geowps-tus-").FullName;
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync("--Python:Execution", "None");

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [TusFact]
    public async Task A_file_arrives_whole_over_a_connection_that_is_cut_again_and_again()
    {
        var (file, content) = Make(12_000_000);
        using var proxy = new CutProxy(_server.Address, [2_000_000, 3_000_000, 200, 1_500_000, 1_000_000, 800_000, 600_000], stalls: false);

        var said = await TusClient.UploadAsync(proxy.Address, file, "field work/测量.bin");

        proxy.Cut.ShouldBeGreaterThanOrEqualTo(3);
        said.Count(each => each.TryGetProperty("retry", out _)).ShouldBeGreaterThanOrEqualTo(3);
        ShouldHold("field work/测量.bin", content);
    }

    [TusFact]
    public async Task An_upload_goes_on_after_the_server_was_killed()
    {
        var (file, content) = Make(30_000_000);
        using var proxy = new CutProxy(_server.Address, [20_000_000], stalls: true);
        var upload = TusClient.UploadAsync(proxy.Address, file, "killed.bin");
        await proxy.Stalled.WaitAsync(TimeSpan.FromSeconds(60));

        // Until the server has stored a piece of what it was sent.
        var blobs = Path.Combine(_server.Directory, "blobs", "uploads");
        for (var i = 0; !(Directory.Exists(blobs) && Directory.EnumerateFiles(blobs, "*~", SearchOption.AllDirectories).Any()); i++)
        {
            (i < 600).ShouldBeTrue("nothing is stored");
            await Task.Delay(100);
        }

        await _server.KillAsync();
        proxy.LetGo();
        await _server.StartAgainAsync();
        var said = await upload;

        ShouldHold("killed.bin", content);
        said[^1].TryGetProperty("url", out _).ShouldBeTrue();
        Directory.Exists(blobs).ShouldBeFalse("nothing of the upload is left beside the file");
    }

    [TusFact]
    public async Task Parts_that_are_sent_at_the_same_time_become_one_file()
    {
        var (file, content) = Make(9_000_001);

        await TusClient.UploadAsync(_server.Address, file, "parallel.bin", parallel: 3);
        ShouldHold("parallel.bin", content);

        await TusClient.UploadAsync(_server.Address, file, "chunks.bin", chunk: 700_000);
        ShouldHold("chunks.bin", content);
    }

    [Fact]
    public async Task Our_own_client_goes_on_where_an_earlier_command_was_interrupted()
    {
        var (file, content) = Make(30_000_000);
        using var proxy = new CutProxy(_server.Address, [20_000_000], stalls: true);
        using (var first = Put(proxy.Address, file))
        {
            await proxy.Stalled.WaitAsync(TimeSpan.FromSeconds(60));
            first.Kill(entireProcessTree: true);
            await first.WaitForExitAsync();
        }

        proxy.LetGo();
        using var second = Put(proxy.Address, file);
        var said = await second.StandardOutput.ReadToEndAsync();
        await second.WaitForExitAsync();

        second.ExitCode.ShouldBe(0, await second.StandardError.ReadToEndAsync());
        JsonElement.Parse(said).GetProperty("resumedAt").GetInt64().ShouldBeGreaterThan(1_000_000);
        ShouldHold("put/content.bin", content);
    }

    private Process Put(Uri server, string file)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach([RunningServer.HostAssembly, "files", "put", file, "put/", "--checksum", "--json", "--server", server.ToString()], start.ArgumentList.Add);
        start.Environment["XDG_STATE_HOME"] = Path.Combine(_folder, "state");
        return Process.Start(start)!;
    }

    private (string File, byte[] Content) Make(int length)
    {
        var (file, content) = (Path.Combine(_folder, "content.bin"), RandomNumberGenerator.GetBytes(length));
        File.WriteAllBytes(file, content);
        return (file, content);
    }

    private void ShouldHold(string path, byte[] content) =>
        File.ReadAllBytes(Path.Combine(_server.Directory, "blobs", "files", path)).AsSpan().SequenceEqual(content).ShouldBeTrue();
}
