using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Storage;

/// <summary>The server starts with every form of the cache.</summary>
public sealed class TileCacheStartTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [Theory]
    [InlineData("--Cache:Persistent:Provider", "Pack")]
    [InlineData("--Cache:Persistent:Provider", "File", "--Cache:Persistent:PathLayout", "Tms")]
    [InlineData("--Cache:Persistent:Provider", "GeoPackage", "--Cache:Persistent:GeoPackagePerLevel", "true")]
    [InlineData("--Cache:Persistent:Enabled", "false", "--Cache:Memory:Eviction", "Lfu")]
    [InlineData("--Cache:Memory:Enabled", "false", "--Cache:Persistent:QuotaMb", "100")]
    [InlineData("--Cache:Enabled", "false")]
    public async Task It_starts_with(params string[] settings)
    {
        await using var running = await RunningServer.StartAsync([.. settings, "--Python:Execution", "None"]);

        (await running.StopAsync()).ShouldBe(0);
        running.Errors.ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task It_starts_with_PostgreSQL()
    {
        var database = await server.CreateDatabaseAsync();
        await using var running = await RunningServer.StartAsync("--Cache:Persistent:Provider", "Postgres", "--Storage:ConnectionString", database, "--Python:Execution", "None");

        (await running.StopAsync()).ShouldBe(0);
        running.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Storage:ConnectionString: missing", "--Cache:Persistent:Provider", "Postgres")]
    [InlineData("Cache:Memory:LimitMb: '0' is not allowed", "--Cache:Memory:LimitMb", "0")]
    [InlineData("Cache:Persistent:Sort: there is no such setting", "--Cache:Persistent:Sort", "1")]
    [InlineData("Cache:Persistent: 'File' is not allowed; it has settings of its own", "--Cache:Persistent", "File")]
    [InlineData("Cache:Persistent:Directory: '/proc/geowps' can't be used", "--Cache:Persistent:Directory", "/proc/geowps")]
    public async Task It_does_not_start_with(string line, params string[] settings)
    {
        var error = await Should.ThrowAsync<InvalidOperationException>(() => RunningServer.StartAsync([.. settings, "--Python:Execution", "None"]));

        error.Message.ShouldContain(line);
    }
}
