using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Bench;

/// <summary>The released server on two cores, as a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private bool _stopped;

    private ServerProcess(Process process, HttpClient client, string folder, TimeSpan startedIn) =>
        (_process, Client, Folder, StartedIn) = (process, client, folder, startedIn);

    public HttpClient Client { get; }

    public string Folder { get; }

    /// <summary>From the start of the process to its first answer that is not "not found": usually one that describes a process of QGIS.</summary>
    public TimeSpan StartedIn { get; }

    public int Id => _process.Id;

    public static Task<ServerProcess> StartAsync(int workers, string? folder = null, string level = "Warning") =>
        StartAsync(folder ?? Directory.CreateTempSubdirectory("geowps-bench-").FullName, "/processes/native:buffer", "--Python:Workers", $"{workers}", "--Logging:LogLevel:Default", level);

    /// <param name="first">What it has to answer before it counts as started.</param>
    public static async Task<ServerProcess> StartAsync(string folder, string first, params IEnumerable<string> settings)
    {
        var port = FreePort();
        string[] command =
        [
            "taskset", "-c", "0,1", "dotnet", Report.Metadata("HostAssembly"), "--urls", $"http://127.0.0.1:{port}", "--Data:Directory", folder, .. settings,
        ];
        var started = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        TimeSpan? answered = null;
        while (true)
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(2))
            {
                throw new InvalidOperationException("The server did not start.");
            }

            try
            {
                using var description = await client.GetAsync(new Uri(first, UriKind.Relative));
                answered ??= description.StatusCode == HttpStatusCode.OK ? Stopwatch.GetElapsedTime(started) : null;
                using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (answered is not null && ready.StatusCode == HttpStatusCode.OK)
                {
                    return new ServerProcess(process, client, folder, answered.Value);
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(5);
        }
    }

    /// <summary>Proportional set size of the server and everything below it, in MiB.</summary>
    public double Memory()
    {
        var total = 0.0;
        foreach (var process in PoolProcesses.Below(Id).Append(Id))
        {
            try
            {
                var line = File.ReadLines($"/proc/{process}/smaps_rollup").First(text => text.StartsWith("Pss:", StringComparison.Ordinal));
                total += double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1024;
            }
            catch (Exception error) when (error is IOException or InvalidOperationException)
            {
                // It ended meanwhile.
            }
        }

        return total;
    }

    /// <summary>Ends it; its folder stays, for the next one.</summary>
    public async Task StopAsync()
    {
        _stopped = true;
        Client.Dispose();
        PoolProcesses.Send(_process.Id, 15);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
        {
            await StopAsync();
            Directory.Delete(Folder, recursive: true);
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
