using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Records;

public sealed class HarvestTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const string Token = "token-of-the-tests-0";
    private const string Secret = "not-to-be-seen";

    [PostgresFact]
    public async Task A_table_is_harvested_its_changes_after_it_and_a_failure_changes_nothing()
    {
        var city = await postgres.CreateDatabaseAsync();
        await PostgresServer.RunAsync(city, "CREATE TABLE plans AS SELECT i AS no, 'Plan of ' || i AS name, '1,2,3,4' AS box FROM generate_series(1, 300) AS i");
        await using var server = await StartAsync("--Sources:Connections:city", city);
        const string Settings = """{"connection":"city","from":"plans","fields":{"id":"no","title":"name","bbox":"box"},"type":"map"}""";
        (await SendAsync(server, HttpMethod.Post, "admin/sources", $$"""{"id":"plans","kind":"postgresql","settings":{{Settings}}}""")).Status.ShouldBe(HttpStatusCode.Created);
        (await SendAsync(server, HttpMethod.Post, "admin/sources", $$"""{"id":"plans","kind":"postgresql","settings":{{Settings}}}""")).Status.ShouldBe(HttpStatusCode.Conflict);

        CountsOf(await HarvestAsync(server, "plans")).ShouldBe((300, 0, 0, 0));
        (await MatchedAsync(server, "type=map&bbox=1,2,3,4")).ShouldBe(300);
        await PostgresServer.RunAsync(city, "UPDATE plans SET name = 'Sewers' WHERE no = 7; DELETE FROM plans WHERE no IN (8, 9); INSERT INTO plans VALUES (1000, 'New', NULL)");
        CountsOf(await HarvestAsync(server, "plans")).ShouldBe((1, 1, 2, 297));
        (await MatchedAsync(server, "q=sewers")).ShouldBe(1);

        await PostgresServer.RunAsync(city, "INSERT INTO plans VALUES (7, 'Twice', NULL)");
        var failed = await HarvestAsync(server, "plans");
        (failed.GetProperty("outcome").GetString(), failed.GetProperty("error").GetString()).ShouldBe(("failed", "the id '7' is there twice"));
        (await MatchedAsync(server, "type=map")).ShouldBe(299);

        (await SendAsync(server, HttpMethod.Delete, "admin/sources/plans", null)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await MatchedAsync(server, "type=map")).ShouldBe(0);
        server.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_node_is_harvested_and_credentials_are_seen_by_nobody()
    {
        await using var other = await StartAsync();
        await using var server = await StartAsync();
        var form = $$$"""{"settings":{"url":"{{{other.Address}}}collections/records","credentials":{"user":"reader","password":"{{{Secret}}}"}},"kind":"ogc","when":"0 3 * * *"}""";
        var (status, body) = await SendAsync(server, HttpMethod.Put, "admin/sources/other", form);
        status.ShouldBe(HttpStatusCode.Created, body);

        // Its own records are made after its start.
        var last = await HarvestAsync(server, "other", until: state => state.GetProperty("added").GetInt64() + state.GetProperty("same").GetInt64() >= 8);

        last.GetProperty("outcome").GetString().ShouldBe("successful");
        (await MatchedAsync(server, "source=other")).ShouldBeGreaterThanOrEqualTo(8);
        var found = (await SendAsync(server, HttpMethod.Get, "collections/records/items/other:services:ogcapi-records", null)).Body;
        JsonElement.Parse(found).GetProperty("links").EnumerateArray().Select(link => link.GetProperty("rel").GetString()).ShouldContain("canonical");

        var shown = (await SendAsync(server, HttpMethod.Get, "admin/sources", null)).Body;
        shown.ShouldContain("\"next\"");
        shown.ShouldContain("\"credentials\":true");
        shown.ShouldNotContain(Secret);
        server.Log.ShouldNotContain(line => line.Contains(Secret));
        using var anyone = await server.Client.GetAsync("admin/sources");
        anyone.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static Task<RunningServer> StartAsync(params string[] settings) => RunningServer.StartAsync(["--Security:AdminToken", Token, .. settings]);

    private static (long Added, long Changed, long Removed, long Same) CountsOf(JsonElement last)
    {
        last.GetProperty("outcome").GetString().ShouldBe("successful", last.GetRawText());
        return (last.GetProperty("added").GetInt64(), last.GetProperty("changed").GetInt64(), last.GetProperty("removed").GetInt64(), last.GetProperty("same").GetInt64());
    }

    /// <returns>What the source says of its last run, once it is of the job that is started here.</returns>
    private static async Task<JsonElement> HarvestAsync(RunningServer server, string source, Func<JsonElement, bool>? until = null)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1);)
        {
            var (status, body) = await SendAsync(server, HttpMethod.Post, $"admin/sources/{source}/run", null);
            if (status == HttpStatusCode.Created)
            {
                var last = await LastAsync(server, source, JsonElement.Parse(body).GetProperty("jobID").GetString()!);
                if (until is null || until(last))
                {
                    return last;
                }
            }
            else
            {
                status.ShouldBe(HttpStatusCode.Conflict, body);
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"{source} was not harvested");
    }

    private static async Task<JsonElement> LastAsync(RunningServer server, string source, string job)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1); await Task.Delay(50))
        {
            var shown = JsonElement.Parse((await SendAsync(server, HttpMethod.Get, $"admin/sources/{source}", null)).Body);
            if (shown.TryGetProperty("last", out var last) && last.GetProperty("jobID").GetString() == job)
            {
                return last;
            }
        }

        throw new TimeoutException($"{job} did not end");
    }

    private static async Task<int> MatchedAsync(RunningServer server, string query) =>
        JsonElement.Parse((await SendAsync(server, HttpMethod.Get, $"collections/records/items?limit=1&{query}", null)).Body).GetProperty("numberMatched").GetInt32();

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(RunningServer server, HttpMethod method, string path, string? json)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await server.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
