using GeoWps.Adapters.Execution;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Storage;

namespace GeoWps.Tests.Integration.Executions;

public sealed class PoolExecutionTests(PoolServer qgis) : ExecutionContract(qgis), IClassFixture<PoolServer>;

public sealed class InProcessExecutionTests(InProcessServer qgis) : ExecutionContract(qgis), IClassFixture<InProcessServer>;

/// <summary>Needs PostgreSQL, too, and is skipped as a whole without.</summary>
public sealed class RemoteExecutionTests
{
    [PostgresQgisFact]
    public async Task Work_that_is_handed_to_another_node_keeps_the_contract()
    {
        var server = new RemoteServer();
        await server.InitializeAsync();
        try
        {
            await ContractRun.RunAsync(() => Task.FromResult(new Contract(server)), atLeast: 9);

            PoolProcesses.Below(server.Server.ProcessId).ShouldBeEmpty("the node that is asked runs no QGIS");
            server.Server.Log.ShouldNotContain(line => line.Contains("QGIS starts", StringComparison.Ordinal));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Without_a_store_that_nodes_share_it_is_refused()
    {
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => RunningServer.StartAsync("--Python:Execution", "Remote"));

        refused.Message.ShouldContain("Python:Execution: 'Remote' is not allowed without Storage:Provider Postgres");
    }

    [Fact]
    public void Every_way_to_run_has_a_suite() =>
        Enum.GetNames<PythonExecution>().Except([nameof(PythonExecution.None)])
            .Except(typeof(ExecutionContract).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ExecutionContract))).Select(type => type.GetConstructors()[0].GetParameters()[0].ParameterType.Name.Replace("Server", "", StringComparison.Ordinal)))
            .ShouldBeEmpty();

    private sealed class Contract(RemoteServer qgis) : ExecutionContract(qgis);
}
