using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Workers;

namespace GeoWps.Tests.Integration.Executions;

/// <summary>A server that runs QGIS in one of the ways there are. An operator's script is there, <c>script:python</c>: it runs what a test writes.</summary>
public abstract class ExecutionServer(string execution) : QgisServer
{
    /// <summary>What an attempt may take.</summary>
    public const int Seconds = 8;

    /// <summary>Of every node, whoever runs the work.</summary>
    protected static string[] Limits => ["--Jobs:TimeoutSeconds", $"{Seconds}", "--Python:Workers", "2"];

    protected override string[] Settings() => ["--Python:Execution", execution, .. Limits];

    protected override void Prepare(string data) => AddScript(data);

    protected static void AddScript(string data)
    {
        Directory.CreateDirectory(Path.Combine(data, "scripts"));
        File.WriteAllText(Path.Combine(data, "scripts", "python.py"), RunningWorkers.Script);
    }
}

public sealed class PoolServer() : ExecutionServer("Pool");

public sealed class InProcessServer() : ExecutionServer("InProcess");

/// <summary>Two nodes on one PostgreSQL: the one that is asked has no QGIS and no Python that it could start, and the other runs the work.</summary>
public sealed class RemoteServer() : ExecutionServer("Remote")
{
    private readonly PostgresServer _postgres = new();
    private string[] _cluster = [];

    /// <summary>Who runs the work.</summary>
    public RunningServer Worker { get; private set; } = null!;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (Worker is not null)
        {
            await Worker.DisposeAsync();
            Worker.Errors.ShouldBeEmpty("the worker logged errors");
        }

        await _postgres.DisposeAsync();
    }

    /// <summary>No script here: what is not on this node comes from the other.</summary>
    protected override void Prepare(string data)
    {
    }

    protected override string[] Settings() => [.. base.Settings(), .. _cluster, "--Node:Name", "asked", "--Python:Executable", "/nowhere/python3"];

    protected override async Task<RunningServer> StartAsync()
    {
        await _postgres.InitializeAsync();
        _cluster = ["--Storage:Provider", "Postgres", "--Storage:ConnectionString", await _postgres.CreateDatabaseAsync(), "--Node:Role", "Worker", "--Jobs:LeaseSeconds", "3"];
        Worker = await RunningServer.StartAsync(AddScript, [.. _cluster, .. Limits, "--Node:Name", "works", "--Python:Execution", "Pool"]);
        return await base.StartAsync();
    }
}
