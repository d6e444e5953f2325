using System.Diagnostics;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Layers;

/// <summary>A server to publish on: QGIS, a folder of the operator's, where PostgreSQL is installed a connection <c>main</c> to a database with places, and one that leads nowhere.</summary>
public sealed class SourcesServer : QgisServer, IAsyncLifetime
{
    public const string Token = "token-of-the-tests-0";

    private const string Tables = """
        CREATE TABLE towns (id int PRIMARY KEY, name text, size int8, geom geometry(Point, 4326));
        INSERT INTO towns SELECT i, 'town ' || i, i, ST_SetSRID(ST_MakePoint(i * 0.1, 42 + i * 0.05), 4326) FROM generate_series(1, 200) AS i;
        CREATE INDEX ON towns USING gist (geom);
        CREATE TABLE plain (id int PRIMARY KEY);
        """;

    private const string ProjectWriter = """
        import os, sys
        os.environ['QT_QPA_PLATFORM'] = 'offscreen'
        from qgis.core import Qgis, QgsApplication, QgsCoordinateReferenceSystem, QgsProject, QgsVectorLayer
        target, data = sys.argv[1:]
        app = QgsApplication([], False, os.path.dirname(target))
        app.initQgis()
        project = QgsProject()
        project.addMapLayer(QgsVectorLayer(data + '|layername=lakes', 'Lakes', 'ogr'))
        project.setCrs(QgsCoordinateReferenceSystem('EPSG:3857'))
        project.setFilePathStorage(Qgis.FilePathType.Relative)
        assert project.write(target)
        sys.stdout.flush()
        os._exit(0)
        """;

    private readonly DirectoryInfo _operators = Directory.CreateTempSubdirectory("geowps-sources-");
    private readonly PostgresServer _postgres = new();
    private string? _connection;

    /// <summary>Open for files by their path.</summary>
    public string Folder => _operators.FullName;

    async Task IAsyncLifetime.InitializeAsync()
    {
        if (PostgresServer.WhyNot is null)
        {
            await _postgres.InitializeAsync();
            _connection = await _postgres.CreateDatabaseAsync("postgis");
            await PostgresServer.RunAsync(_connection, Tables);
        }

        await InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _postgres.DisposeAsync();
        _operators.Delete(recursive: true);
    }

    /// <summary>As the administrator.</summary>
    public Task<Answer> AdministerAsync(HttpMethod method, string path, object? form = null) =>
        SendAsync(method, path, form is null ? null : new StringContent(JsonSerializer.Serialize(form), Encoding.UTF8, "application/json"), ("Authorization", $"Bearer {Token}"));

    public Task<Answer> PublishAsync(object form) => AdministerAsync(HttpMethod.Post, "admin/layers", form);

    /// <summary>Data as the body.</summary>
    public Task<Answer> PublishAsync(string query, byte[] data) =>
        SendAsync(HttpMethod.Post, $"admin/layers?{query}", Binary(data), ("Authorization", $"Bearer {Token}"));

    /// <summary>The command line client.</summary>
    public async Task<(int Code, string Out, string Error)> ShellAsync(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach([RunningServer.HostAssembly, .. words, "--server", Server.Address.ToString()], start.ArgumentList.Add);
        start.Environment["GEOWPS_TOKEN"] = Token;
        using var shell = Process.Start(start)!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync();
        return (shell.ExitCode, await output, await error);
    }

    /// <summary>Ids of what is published.</summary>
    public async Task<IReadOnlyList<string>> LayersAsync() =>
        [.. (await AdministerAsync(HttpMethod.Get, "admin/layers")).ShouldBe(200).Json.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("id").GetString()!)];

    /// <summary>What lies in the data directory for layers, but for the server's own notes.</summary>
    public IReadOnlyList<string> Kept() =>
        [.. Directory.EnumerateFileSystemEntries(Path.Combine(Server.Directory, "layers"), "*", SearchOption.AllDirectories).Where(File.Exists).Where(path => !path.EndsWith(".samples", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Has QGIS write a project of the world's lakes, with its data beside it, in the operator's folder.</summary>
    /// <returns>Its path.</returns>
    public string WriteProject()
    {
        var (project, data) = (Path.Combine(Folder, "lakes.qgs"), Path.Combine(Folder, "world.gpkg"));
        File.Copy(Sample.World, data);
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", ProjectWriter, project, data]) { RedirectStandardError = true };
        (start.Environment["HOME"], start.Environment["XDG_CONFIG_HOME"], start.Environment["XDG_RUNTIME_DIR"]) = (Folder, Folder, Folder);
        using var python = Process.Start(start)!;
        var errors = python.StandardError.ReadToEnd();
        python.WaitForExit();
        python.ExitCode.ShouldBe(0, errors);
        return project;
    }

    protected override string[] Settings()
    {
        Secrets.Add(Folder);
        return
        [
            "--Python:Workers", "1", "--Python:Drawers", "1", "--Security:AdminToken", Token, "--Layers:Folders", Folder, "--Python:ReadFolders", Folder, "--Layers:Samples", "false", "--Sources:UpstreamAttempts", "1",
            "--Sources:Connections:down", $"Host=127.0.0.1;Port={FreePorts.Next()};Database=x;Username=x;Password=of-nobody",
            .. _connection is null ? (string[])[] : ["--Sources:Connections:main", _connection],
        ];
    }

    private static ByteArrayContent Binary(byte[] data)
    {
        var content = new ByteArrayContent(data);
        content.Headers.ContentType = new("application/octet-stream");
        return content;
    }
}
