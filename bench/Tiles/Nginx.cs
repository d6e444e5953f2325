using System.Diagnostics;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Bench.Tiles;

/// <summary>nginx as a server of files, as it is set up for speed: one worker, no log, <c>sendfile</c>, open files remembered.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly Process _master;

    private Nginx(Process master, Uri address) => (_master, Address) = (master, address);

    public Uri Address { get; }

    /// <summary>Master and worker.</summary>
    public IReadOnlyList<int> Processes => [_master.Id, .. PoolProcesses.Below(_master.Id)];

    /// <param name="folder">What it serves lies in its <c>files</c>; those that end in <c>.pbf</c> are packed with gzip.</param>
    public static Task<Nginx> StartAsync(string folder) => StartAsync(folder, "", $$"""
        root {{folder}}/files;
                location ~ \.pbf$ { add_header Content-Encoding gzip; }
        """);

    /// <summary>Serves what lies in the folder's <c>files</c>, below <c>/files/</c>, and takes it by WebDAV.</summary>
    public static Task<Nginx> WithUploadsAsync(string folder) => StartAsync(folder, "", $$"""
        root {{folder}};
                location /files/ { dav_methods PUT; create_full_put_path on; client_max_body_size 0; }
        """);

    /// <summary>As a proxy before a server, whose connections it keeps.</summary>
    public static Task<Nginx> BeforeAsync(string folder, Uri server) => StartAsync(
        folder,
        $$"""upstream node { server {{server.Authority}}; keepalive 64; }""",
        """location / { proxy_pass http://node; proxy_http_version 1.1; proxy_set_header Connection ""; }""");

    private static async Task<Nginx> StartAsync(string folder, string upstream, string server)
    {
        var port = ServerProcess.FreePort();
        var settings = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(settings, $$"""
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            daemon off;
            worker_processes 1;
            pid {{folder}}/pid;
            error_log {{folder}}/log crit;
            events { worker_connections 256; }
            http {
              access_log off;
              server_tokens off;
              sendfile on;
              tcp_nopush on;
              gzip off;
              gzip_static off;
              keepalive_requests 1000000000;
              open_file_cache max=100000 inactive=1h;
              open_file_cache_valid 1h;
              client_body_temp_path {{folder}}/temp1;
              proxy_temp_path {{folder}}/temp2;
              fastcgi_temp_path {{folder}}/temp3;
              uwsgi_temp_path {{folder}}/temp4;
              scgi_temp_path {{folder}}/temp5;
              types { image/png png; application/vnd.mapbox-vector-tile pbf; }
              {{upstream}}
              server {
                listen 127.0.0.1:{{port}};
                {{server}}
              }
            }
            """);
        var master = Process.Start(new ProcessStartInfo("nginx", ["-c", settings, "-e", Path.Combine(folder, "log")]))!;
        var nginx = new Nginx(master, new Uri($"http://127.0.0.1:{port}"));
        using var client = new HttpClient { BaseAddress = nginx.Address };
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/", UriKind.Relative));
                return nginx;
            }
            catch (HttpRequestException) when (!master.HasExited && patience.Elapsed < TimeSpan.FromSeconds(30))
            {
                // Not listening yet.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        PoolProcesses.Send(_master.Id, 15);
        await _master.WaitForExitAsync();
        _master.Dispose();
    }
}
