using System.Diagnostics;
using System.Net.Sockets;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>OpenSSH's server as a process of the tests' own user, who logs in with a key.</summary>
internal sealed class Sshd : IAsyncDisposable
{
    public const string Program = "/usr/sbin/sshd";

    private readonly string _folder = Directory.CreateTempSubdirectory("geowps-sshd-").FullName;
    private Process? _process;

    private Sshd()
    {
    }

    public int Port { get; } = FreePorts.Next();

    /// <summary>The private key that it takes.</summary>
    public string Key { get; private set; } = "";

    /// <summary>One that it does not take.</summary>
    public string OtherKey { get; private set; } = "";

    public string Fingerprint { get; private set; } = "";

    public static async Task<Sshd> StartAsync()
    {
        var server = new Sshd();
        var (host, user, other) = (await server.MakeKeyAsync("host"), await server.MakeKeyAsync("user"), await server.MakeKeyAsync("other"));
        (server.Key, server.OtherKey) = (await File.ReadAllTextAsync(user), await File.ReadAllTextAsync(other));
        server.Fingerprint = (await RunAsync("ssh-keygen", "-lf", host)).Split(' ')[1];
        var config = Path.Combine(server._folder, "config");
        await File.WriteAllTextAsync(config, $"""
            Port {server.Port}
            ListenAddress 127.0.0.1
            HostKey {host}
            AuthorizedKeysFile {user}.pub
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            UsePAM no
            StrictModes no
            PidFile none
            Subsystem sftp internal-sftp

            """);
        if (Environment.UserName == "root")
        {
            // Where it is no service nobody has made it.
            Directory.CreateDirectory("/run/sshd");
        }

        server._process = Process.Start(new ProcessStartInfo(Program, ["-D", "-e", "-f", config]) { RedirectStandardError = true })!;
        server._process.ErrorDataReceived += (_, _) => { };
        server._process.BeginErrorReadLine();
        await server.WaitAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitAsync()
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(50))
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", Port);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20) && !_process!.HasExited)
            {
                // Not yet.
            }
        }
    }

    private async Task<string> MakeKeyAsync(string name)
    {
        var path = Path.Combine(_folder, name);
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path);
        return path;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} failed");
    }
}

/// <summary>A test that needs Debian's openssh-server; skipped with a reason where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SshdFactAttribute : FactAttribute
{
    public SshdFactAttribute()
    {
        if (!File.Exists(Sshd.Program))
        {
            Skip = "openssh-server is not installed";
        }
    }
}
