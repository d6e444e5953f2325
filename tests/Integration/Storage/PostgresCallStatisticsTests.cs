using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Storage;

namespace GeoWps.Tests.Integration.Storage;

public sealed class PostgresCallStatisticsTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [PostgresFact]
    public async Task The_store_keeps_the_contract()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = await Databases.OpenAsync(connection);
        using var documents = new PostgresDocuments(database);
        await ContractRun.RunAsync(
            async () =>
            {
                await PostgresServer.RunAsync(connection, "TRUNCATE geowps.mt_doc_calls");
                return new Contract(documents);
            },
            atLeast: 2);
    }

    [PostgresFact]
    public async Task A_database_that_is_away_stops_no_gateway()
    {
        await using var gateway = await RunningServer.StartAsync(
            "--Node:Role", "Gateway", "--Storage:Provider", "Postgres", "--Storage:ConnectionString", $"Host=127.0.0.1;Port={FreePorts.Next()};Username=a;Timeout=5", "--Discovery:Nodes", $"http://127.0.0.1:{FreePorts.Next()}", "--Discovery:Provider", "Static",
            "--Security:AdminToken", new string('a', 32));
        gateway.Client.DefaultRequestHeaders.Authorization = new("Bearer", new string('a', 32));

        (await gateway.Client.GetAsync("health/live")).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        var figures = await gateway.Client.GetAsync("admin/services");
        figures.StatusCode.ShouldBe(System.Net.HttpStatusCode.ServiceUnavailable);
        (await figures.Content.ReadAsStringAsync()).ShouldContain("Figures not available");
    }

    /// <summary>Each time another run of a gateway, as after a restart: the figures are the cluster's.</summary>
    private sealed class Contract(PostgresDocuments documents) : CallStatisticsContract
    {
        protected override ICallStatistics Open() => new PostgresCallStatistics(Guid.NewGuid().ToString("N"), _ => Task.FromResult(documents));

        protected override void Close(ICallStatistics statistics) => ((PostgresCallStatistics)statistics).Dispose();
    }
}
