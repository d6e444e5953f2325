using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Storage;

namespace GeoWps.Tests.Integration.Deployment;

/// <summary>The suites of deployment, run by a server that keeps what is deployed in PostgreSQL. Needs both, and is skipped as a whole without.</summary>
public sealed class PostgresDeploymentTests
{
    [PostgresQgisFact]
    public async Task What_is_deployed_into_a_database_keeps_the_contract_of_folders()
    {
        var server = new PostgresAdminServer();
        await server.InitializeAsync();
        try
        {
            await ContractRun.RunAsync(() => Task.FromResult(new DeploymentTests(server)), atLeast: 7);
            await ContractRun.RunAsync(() => Task.FromResult(new PackageTests(server)), atLeast: 5);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private sealed class PostgresAdminServer : AdminServer
    {
        private readonly PostgresServer _postgres = new();
        private string[] _storage = [];

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            await _postgres.DisposeAsync();
        }

        protected override string[] Settings() => [.. base.Settings(), .. _storage];

        protected override async Task<RunningServer> StartAsync()
        {
            await _postgres.InitializeAsync();
            _storage = ["--Storage:Provider", "Postgres", "--Storage:ConnectionString", await _postgres.CreateDatabaseAsync()];
            return await base.StartAsync();
        }
    }
}
