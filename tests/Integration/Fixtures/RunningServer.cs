using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>The real server as a process of its own, on a free port, with a data folder that is removed with it.</summary>
public sealed partial class RunningServer : IAsyncDisposable
{
    /// <summary>Stands in settings for <see cref="Address"/>.</summary>
    public const string Own = "{address}";

    private readonly string[] _settings;
    private readonly ConcurrentQueue<string> _log = new();
    private string? _hidden;
    private Process? _process;

    private RunningServer(string[] settings)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("geowps-test-").FullName;
        Address = new Uri($"http://127.0.0.1:{FreePorts.Next()}");
        _settings = [.. settings.Select(setting => setting.Replace(Own, Address.ToString(), StringComparison.Ordinal))];
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public Uri Address { get; }

    /// <summary>The data folder; it outlives a restart.</summary>
    public string Directory { get; }

    public HttpClient Client { get; }

    public int ProcessId => _process!.Id;

    public bool IsRunning => _process is { HasExited: false };

    public IReadOnlyCollection<string> Log => _log;

    /// <summary>Lines of level error and critical.</summary>
    public IEnumerable<string> Errors => LinesOf("fail").Concat(LinesOf("crit"));

    /// <param name="level">As the console writes it: <c>info</c>, <c>warn</c>, <c>fail</c>.</param>
    public IEnumerable<string> LinesOf(string level) => _log.Where(line => LogLine().Match(line).Groups[1].Value == level);

    public static Task<RunningServer> StartAsync(params string[] settings) => StartAsync(_ => { }, settings);

    /// <param name="prepare">What the data folder holds before the first start.</param>
    public static async Task<RunningServer> StartAsync(Action<string> prepare, params string[] settings)
    {
        var server = new RunningServer(settings);
        prepare(server.Directory);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>A folder that is empty for this server, as if it ran on another machine. Where <see cref="WhyNotBlind"/> has no reason against it.</summary>
    public static async Task<RunningServer> StartBlindAsync(string hidden, params string[] settings)
    {
        var server = new RunningServer(settings) { _hidden = hidden };
        await server.StartAgainAsync();
        return server;
    }

    // Root in a namespace of its own would be nobody to the files of others, such as PostgreSQL's socket.
    private static string[] BlindNamespaces => Environment.IsPrivilegedProcess ? ["--mount"] : ["--user", "--map-root-user", "--mount"];

    /// <summary>Why no server can be kept from seeing a folder here.</summary>
    public static string? WhyNotBlind
    {
        get
        {
            using var tried = Process.Start(new ProcessStartInfo("unshare", [.. BlindNamespaces, "true"]) { RedirectStandardError = true })!;
            tried.WaitForExit();
            return tried.ExitCode == 0 ? null : "namespaces are not allowed here";
        }
    }

    /// <param name="more">Settings of this start only.</param>
    public async Task StartAgainAsync(params string[] more)
    {
        // It becomes the program, so that signals reach that one.
        string[] before = _hidden is null ? [] : [.. BlindNamespaces, "sh", "-c", "mount -t tmpfs none \"$0\" && exec dotnet \"$@\"", _hidden];
        var start = new ProcessStartInfo(_hidden is null ? "dotnet" : "unshare") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = [.. before, HostAssembly, "--urls", Address.ToString(), "--Data:Directory", Directory, "--Inputs:AllowedHosts", "127.0.0.1", .. _settings, .. more];
        Array.ForEach(arguments, start.ArgumentList.Add);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitUntilReadyAsync();
    }

    /// <summary>SIGKILL: no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        SendSignal(_process!.Id, 9);
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it stands still, and does not know.</summary>
    public void Freeze() => SendSignal(_process!.Id, 19);

    /// <summary>SIGCONT.</summary>
    public void GoOn() => SendSignal(_process!.Id, 18);

    /// <summary>SIGTERM: an orderly end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        SendSignal(_process!.Id, 15);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (IsRunning)
        {
            await StopAsync();
        }

        _process?.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <summary>The server's program, which is the command line client, too.</summary>
    internal static string HostAssembly { get; } = typeof(RunningServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "HostAssembly").Value!;

    private async Task WaitUntilReadyAsync()
    {
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromSeconds(60))
        {
            if (_process!.HasExited)
            {
                break;
            }

            try
            {
                using var answer = await Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50);
        }

        if (!_process!.HasExited)
        {
            await KillAsync();
        }

        // Its last lines may still be on their way.
        await _process.WaitForExitAsync();
        throw new InvalidOperationException($"The server did not become ready:\n{string.Join('\n', _log)}");
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _log.Enqueue(line);
        }
    }

    [GeneratedRegex(@"^\S+Z (\w{4}): ", RegexOptions.CultureInvariant)]
    private static partial Regex LogLine();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
