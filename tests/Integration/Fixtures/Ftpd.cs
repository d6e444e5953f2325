using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>An FTP server, of Debian's python3-pyftpdlib, for a user <c>reader</c>.</summary>
internal sealed class Ftpd : IAsyncDisposable
{
    public const string Python = "/usr/bin/python3";

    public static readonly string[] Modules = ["/usr/lib/python3/dist-packages/pyftpdlib", "/usr/lib/python3/dist-packages/OpenSSL"];

    private const string Script = """
        import sys
        from pyftpdlib.authorizers import DummyAuthorizer
        from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
        from pyftpdlib.servers import FTPServer
        port, folder, password, certificate, facts = sys.argv[1:]
        kind = TLS_FTPHandler if certificate else FTPHandler
        kind.authorizer = DummyAuthorizer()
        kind.authorizer.add_user("reader", password, folder)
        kind.auth_failed_timeout = 0
        if certificate:
            kind.certfile = certificate
            kind.tls_control_required = kind.tls_data_required = True
        if facts == "False":
            kind.proto_cmds = {name: value for name, value in kind.proto_cmds.items() if name not in ("MLST", "MLSD", "EPSV")}
        FTPServer(("127.0.0.1", int(port)), kind).serve_forever()
        """;

    private Process? _process;
    private string? _file;

    private Ftpd()
    {
    }

    public int Port { get; } = FreePorts.Next();

    /// <summary>SHA-256 of its certificate.</summary>
    public string? Certificate { get; private set; }

    /// <param name="hasFacts">Whether it has MLSD and EPSV; else only what servers had before.</param>
    public static async Task<Ftpd> StartAsync(string folder, string password, bool isLocked, bool hasFacts)
    {
        var server = new Ftpd();
        if (isLocked)
        {
            using var key = RSA.Create(2048);
            using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            server.Certificate = certificate.GetCertHashString(HashAlgorithmName.SHA256);
            server._file = Path.GetTempFileName();
            await File.WriteAllTextAsync(server._file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        }

        server._process = Process.Start(new ProcessStartInfo(Python, ["-c", Script, $"{server.Port}", folder, password, server._file ?? "", $"{hasFacts}"]) { RedirectStandardError = true })!;
        server._process.ErrorDataReceived += (_, _) => { };
        server._process.BeginErrorReadLine();
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(50))
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", server.Port);
                return server;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30) && !server._process.HasExited)
            {
                // Not yet.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        if (_file is not null)
        {
            File.Delete(_file);
        }
    }
}

/// <summary>A test that needs Debian's python3-pyftpdlib and python3-openssl; skipped with a reason where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FtpdFactAttribute : FactAttribute
{
    public FtpdFactAttribute()
    {
        if (!Ftpd.Modules.All(Directory.Exists))
        {
            Skip = "python3-pyftpdlib or python3-openssl is not installed";
        }
    }
}
