using System.Net.Http.Headers;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Deployment;

/// <summary>What was deployed, and the token, after the server has started again.</summary>
public sealed class DeploymentRestartTests
{
    private const string Shown = "shown this once";

    [QgisFact]
    public async Task What_was_deployed_is_there_again_and_can_still_be_changed()
    {
        await using var server = await RunningServer.StartAsync("--Python:Workers", "1", "--Security:AdminToken", AdminServer.Token);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminServer.Token);
        await QgisServer.Until(async () => await StatusAsync(server, HttpMethod.Get, "processes/native:buffer") == 200, "QGIS tells its algorithms");
        (await StatusAsync(server, HttpMethod.Post, "processes", AdminServer.ScriptText("lasting", "n * 2"))).ShouldBe(201);

        await server.KillAsync();
        await server.StartAgainAsync();

        (await StatusAsync(server, HttpMethod.Get, "processes/script:lasting")).ShouldBe(200);
        await QgisServer.Until(async () => await StatusAsync(server, HttpMethod.Put, "processes/script:lasting", AdminServer.ScriptText("lasting", "n * 3")) == 204, "QGIS is back");
        (await StatusAsync(server, HttpMethod.Delete, "processes/script:lasting")).ShouldBe(204);
        (await StatusAsync(server, HttpMethod.Get, "processes/script:lasting")).ShouldBe(404);
        server.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_token_of_the_first_start_is_shown_once_and_stays()
    {
        await using var server = await RunningServer.StartAsync("--Python:Execution", "None");
        await QgisServer.Until(() => Task.FromResult(server.Log.Any(line => line.Contains(Shown, StringComparison.Ordinal))), "the token is shown");
        var token = server.Log.Single(line => line.Contains(Shown, StringComparison.Ordinal)).Split(' ')[^1];
        token.ShouldBe((await File.ReadAllTextAsync(Path.Combine(server.Directory, "admin-token"))).Trim());

        await server.StopAsync();
        await server.StartAgainAsync();

        // There is no QGIS here: the token is right, and nothing can be deployed.
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        (await StatusAsync(server, HttpMethod.Post, "processes", "x = 1")).ShouldBe(503);
        (await StatusAsync(server, HttpMethod.Delete, "processes/echo")).ShouldBe(403);
        server.Log.Count(line => line.Contains(token, StringComparison.Ordinal)).ShouldBe(1);
        server.Errors.ShouldBeEmpty();
    }

    private static async Task<int> StatusAsync(RunningServer server, HttpMethod method, string path, string? script = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = script is null ? null : AdminServer.Content(script, AdminServer.Script) };
        using var response = await server.Client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
