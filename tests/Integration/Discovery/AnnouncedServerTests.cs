using System.Net;
using GeoWps.Adapters.Discovery.Postgres;
using GeoWps.Application.Nodes;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Discovery;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Discovery;

/// <summary>The real server among others.</summary>
public sealed class AnnouncedServerTests(PostgresServer database) : IClassFixture<PostgresServer>
{
    [PostgresFact]
    public async Task A_server_is_known_with_what_it_offers_stays_one_when_it_is_killed_and_goes_when_it_is_stopped()
    {
        var connection = await database.CreateDatabaseAsync();
        await using var nodes = new NodesDatabase(connection);
        await using var watcher = new Watcher(new PostgresNodes(nodes, TimeSpan.FromSeconds(60), TimeProvider.System, NullLogger<PostgresNodes>.Instance));
        await using var server = await RunningServer.StartAsync(
            "--Discovery:Provider", "Postgres", "--Storage:ConnectionString", connection, "--Python:Execution", "None", "--Node:Name", "one", "--Node:Services", "tiles,processes,files");

        var known = (await watcher.UntilNamesAsync("one")).Single();
        known.Address.ShouldBe(server.Address);
        known.Services.ShouldBe(["processes", "tiles", "files"]);
        var offer = NodeOfferDocument.Read(await server.Client.GetByteArrayAsync(new Uri(NodeOfferDocument.Path, UriKind.Relative)));
        (offer.Id, offer.Name, offer.Version).ShouldBe((known.Id, "one", known.Version));

        await server.KillAsync();
        await server.StartAgainAsync();
        await watcher.UntilAsync(now => now is [{ Name: "one" } one] && one.Id != known.Id);

        (await server.StopAsync()).ShouldBe(0);
        await watcher.UntilNamesAsync();
        server.Errors.ShouldBeEmpty();
        server.LinesOf("warn").Where(line => line.Contains("GeoWps.", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_of_tiles_alone_knows_no_processes()
    {
        await using var server = await RunningServer.StartAsync("--Python:Execution", "None", "--Node:Services", "tiles");

        (await StatusAsync(server, "processes")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(server, "wps?service=WPS&request=GetCapabilities")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(server, "collections")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(server, "conformance")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_server_of_processes_alone_knows_no_tiles_not_even_those_that_go_past_the_routing()
    {
        const string Tile = "xyz/countries/0/0/0.mvt";
        await using var server = await RunningServer.StartAsync(
            data => File.Copy(Sample.PathOf("world.gpkg"), Path.Combine(System.IO.Directory.CreateDirectory(Path.Combine(data, "samples")).FullName, "world.gpkg")),
            "--Python:Execution", "None");
        await UntilAsync(async () => await StatusAsync(server, Tile) == HttpStatusCode.OK);
        await server.StopAsync();

        await server.StartAgainAsync("--Node:Services", "processes");

        (await StatusAsync(server, Tile)).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(server, "tiles")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(server, "admin/layers")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(server, "processes")).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var look = 0; !await holds(); look++)
        {
            (look < 600).ShouldBeTrue("it does not come");
            await Task.Delay(100);
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningServer server, string path)
    {
        using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }
}
