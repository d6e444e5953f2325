using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Jobs;

/// <summary>A chain survives the death of the server, ends once, and leaves no step behind that nobody waits for.</summary>
public sealed class KilledChainTests
{
    private const int Rounds = 8;

    /// <summary>A pause, a buffer as far as its text says, its centroid, and points beside it.</summary>
    private const string Chain =
        """
        {"inputs": {"LAYERS": [
            {"process": "native:centroids", "inputs": {"INPUT": {"process": "native:buffer", "inputs": {
                "INPUT": {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}]},
                "DISTANCE": {"process": "echo", "inputs": {"literalInput": "0.5", "pause": 0.5}}}}}},
            {"process": "native:randompointsinextent", "inputs": {
                "EXTENT": {"bbox": [0, 0, 10, 10]}, "POINTS_NUMBER": 5000, "MAX_ATTEMPTS": 200, "MIN_DISTANCE": 0, "TARGET_CRS": "EPSG:4326"}}]},
         "response": "document"}
        """;

    [QgisFact]
    public async Task Every_chain_ends_once_however_often_the_server_is_killed()
    {
        await using var server = await RunningServer.StartAsync("--Python:Workers", "1", "--Jobs:MaxAttempts", "50");
        await QgisServer.Until(async () => (await StatusAsync(server, "processes/native:buffer")) == 200, "QGIS tells its algorithms");
        var chains = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            chains.Add(await SubmitAsync(server));
            await Task.Delay(Random.Shared.Next(50, 1500));
            await server.KillAsync();
            await server.StartAgainAsync();
        }

        foreach (var chain in chains)
        {
            var status = default(JsonElement);
            await QgisServer.Until(
                async () => (status = await GetAsync(server, $"jobs/{chain}")).GetProperty("status").GetString() is not ("accepted" or "running"), $"chain {chain} ends");
            status.GetProperty("status").GetString().ShouldBe("successful", status.GetRawText());
            var results = await GetAsync(server, $"jobs/{chain}/results");
            results.GetProperty("OUTPUT").GetProperty("value").GetProperty("features").GetArrayLength().ShouldBe(5001);

            var steps = (await GetAsync(server, $"jobs?parentJobID={chain}&limit=1000")).GetProperty("jobs").EnumerateArray().ToList();
            var ends = steps.Select(step => step.GetProperty("status").GetString()).ToList();
            ends.ShouldAllBe(end => end == "successful" || end == "dismissed");
            ends.Count(end => end == "successful").ShouldBeGreaterThanOrEqualTo(5);
        }

        server.Errors.ShouldBeEmpty();
    }

    [QgisFact]
    public async Task A_server_that_stops_hands_its_chains_back_and_counts_no_attempt()
    {
        await using var server = await RunningServer.StartAsync("--Python:Workers", "1", "--Node:DrainSeconds", "1");
        await QgisServer.Until(async () => (await StatusAsync(server, "processes/native:buffer")) == 200, "QGIS tells its algorithms");
        var chain = await SubmitAsync(server, Chain.Replace("\"pause\": 0.5", "\"pause\": 5", StringComparison.Ordinal));
        await QgisServer.Until(async () => (await StepsAsync(server, chain)).Contains("echo running"), "the pause runs");

        (await server.StopAsync()).ShouldBe(0);
        await server.StartAgainAsync("--Node:DrainSeconds", "30");

        (await StepsAsync(server, chain)).ShouldContain("echo dismissed", "nobody waits for it any more");
        var status = default(JsonElement);
        await QgisServer.Until(
            async () => (status = await GetAsync(server, $"jobs/{chain}")).GetProperty("status").GetString() is not ("accepted" or "running"), "the chain ends");
        status.GetProperty("status").GetString().ShouldBe("successful", status.GetRawText());
        status.TryGetProperty("attempt", out _).ShouldBeFalse("stopping is no fault of its own");
        server.Errors.ShouldBeEmpty();
    }

    private static async Task<string[]> StepsAsync(RunningServer server, string chain) =>
    [
        .. (await GetAsync(server, $"jobs?parentJobID={chain}")).GetProperty("jobs").EnumerateArray()
            .Select(step => $"{step.GetProperty("processID").GetString()} {step.GetProperty("status").GetString()}"),
    ];

    private static async Task<string> SubmitAsync(RunningServer server, string chain = Chain)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "processes/native:mergevectorlayers/execution")
        {
            Content = new StringContent(chain, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Prefer", "respond-async");
        using var answer = await server.Client.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(201, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["jobID"]!.GetValue<string>();
    }

    private static async Task<int> StatusAsync(RunningServer server, string path)
    {
        using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative));
        return (int)answer.StatusCode;
    }

    private static Task<JsonElement> GetAsync(RunningServer server, string path) => server.Client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));
}
