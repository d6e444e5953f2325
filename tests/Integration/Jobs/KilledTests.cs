using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Jobs;

/// <summary>What was accepted survives the death of any process, and ends once.</summary>
public sealed class KilledTests
{
    private static readonly string[] Ends = ["successful", "failed", "dismissed"];

    [QgisFact]
    public async Task Every_accepted_job_ends_once_however_often_pool_and_server_are_killed()
    {
        const int Rounds = 20;
        await using var server = await RunningServer.StartAsync("--Python:Workers", "2", "--Jobs:MaxAttempts", "50");
        var accepted = new List<string>();
        var ends = new Dictionary<string, string>();
        for (var round = 0; round < Rounds; round++)
        {
            accepted.Add(await SubmitAsync(server, "echo", """{"inputs":{"literalInput":"x","pause":0.4}}"""));
            accepted.Add(await SubmitAsync(server, "native:randompointsinextent", Points));
            accepted.Add(await SubmitAsync(server, "native:randompointsinextent", Points));
            await Task.Delay(Random.Shared.Next(20, 300));
            var poolDies = round % 3 != 1;
            var serverDies = round % 3 != 0;
            if (poolDies)
            {
                PoolProcesses.KillAll(server.ProcessId);
            }

            if (serverDies)
            {
                await server.KillAsync();
                await server.StartAgainAsync();
            }

            foreach (var job in accepted)
            {
                await NoteAsync(server, job, ends);
            }
        }

        var patience = DateTime.UtcNow.AddMinutes(3);
        while (accepted.Exists(job => !ends.ContainsKey(job)) && DateTime.UtcNow < patience)
        {
            await Task.Delay(200);
            foreach (var job in accepted)
            {
                await NoteAsync(server, job, ends);
            }
        }

        accepted.Where(job => !ends.ContainsKey(job)).ShouldBeEmpty();
        ends.Values.ShouldAllBe(end => end == "successful");
        foreach (var job in accepted)
        {
            using var results = await server.Client.GetAsync(new Uri($"/jobs/{job}/results", UriKind.Relative));
            ((int)results.StatusCode).ShouldBe(200, job);
        }
    }

    private const string Points =
        """{"inputs":{"EXTENT":{"bbox":[0,0,10,10]},"POINTS_NUMBER":20000,"MAX_ATTEMPTS":200,"MIN_DISTANCE":0,"TARGET_CRS":"EPSG:4326"},"response":"document"}""";

    private static async Task<string> SubmitAsync(RunningServer server, string process, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/processes/{process}/execution")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Prefer", "respond-async");
        using var answer = await server.Client.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(201, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["jobID"]!.GetValue<string>();
    }

    /// <summary>Notes an end, and that it never becomes another.</summary>
    private static async Task NoteAsync(RunningServer server, string job, Dictionary<string, string> ends)
    {
        var status = await server.Client.GetFromJsonAsync<JsonElement>(new Uri($"/jobs/{job}", UriKind.Relative));
        var state = status.GetProperty("status").GetString()!;
        if (ends.TryGetValue(job, out var before))
        {
            state.ShouldBe(before);
        }
        else if (Ends.Contains(state))
        {
            ends[job] = state;
        }
    }
}
