using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Records;

public sealed class HarvestTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private const string Token = "token-of-the-tests-0";
    private const string Secret = "not-to-be-seen";

    private readonly string _folder = Directory.CreateTempSubdirectory("geowps-harvested-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

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

    [QgisFact]
    public async Task A_geopackage_is_harvested_by_gdal_and_then_only_what_its_time_stamp_says()
    {
        var (csv, file) = (Path.Combine(_folder, "places.csv"), Path.Combine(_folder, "places.gpkg"));
        await File.WriteAllTextAsync(csv, "no,name,changed,x,y\na,Bridge,1,1160000,6640000\nb,Tower,1,1270000,6620000\nc,Well,1,,\n");
        await RunAsync("ogr2ogr", "-f", "GPKG", file, csv, "-oo", "X_POSSIBLE_NAMES=x", "-oo", "Y_POSSIBLE_NAMES=y", "-a_srs", "EPSG:3857", "-nln", "places");
        await using var server = await StartAsync("--Layers:Folders", _folder);
        async Task<HttpStatusCode> PutAsync(string more) => (await SendAsync(server, HttpMethod.Put, "admin/sources/places",
            $$$"""{"kind":"database","settings":{"path":{{{JsonSerializer.Serialize(file)}}},"updated":"changed","fields":{"id":"no","title":"name"},"type":"place"{{{more}}}}}""")).Status;
        (await PutAsync(",\"query\":\"DELETE FROM places\"")).ShouldBe(HttpStatusCode.BadRequest);
        (await PutAsync(",\"table\":\"places\"")).ShouldBe(HttpStatusCode.Created);

        CountsOf(await HarvestAsync(server, "places")).ShouldBe((3, 0, 0, 0));
        (await MatchedAsync(server, "type=place&bbox=10,50,11,52")).ShouldBe(1, "where it is, in degrees");
        await RunAsync("ogrinfo", file, "-sql", "UPDATE places SET name = 'Sewer', changed = '2' WHERE no = 'b'");
        await RunAsync("ogrinfo", file, "-sql", "UPDATE places SET name = 'Not seen' WHERE no = 'a'");
        await RunAsync("ogrinfo", file, "-sql", "DELETE FROM places WHERE no = 'c'");
        CountsOf(await HarvestAsync(server, "places")).ShouldBe((0, 1, 1, 1));
        (await MatchedAsync(server, "q=sewer")).ShouldBe(1);

        (await PutAsync(",\"query\":\"SELECT fid, name AS no, name, changed FROM places\"")).ShouldBe(HttpStatusCode.OK);
        CountsOf(await HarvestAsync(server, "places")).ShouldBe((2, 0, 2, 0));
        (await PutAsync(",\"table\":\"nowhere\"")).ShouldBe(HttpStatusCode.OK);
        (await HarvestAsync(server, "places")).GetProperty("error").GetString().ShouldBe("it has no such table");
        server.Errors.ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task A_database_behind_a_connection_of_gdal_is_harvested_and_the_connection_is_seen_by_nobody()
    {
        var city = await postgres.CreateDatabaseAsync();
        await PostgresServer.RunAsync(city, "CREATE TABLE plans (no integer PRIMARY KEY, name text); INSERT INTO plans VALUES (1, 'One'), (2, 'Two')");
        var parts = new Npgsql.NpgsqlConnectionStringBuilder(city);
        await using var server = await StartAsync("--Harvesting:Databases:archive", $"PG:host='{parts.Host}' port='{parts.Port}' dbname='{parts.Database}' user='{parts.Username}' password='{Secret}'");
        (await SendAsync(server, HttpMethod.Put, "admin/sources/plans", """{"kind":"database","settings":{"connection":"archive","table":"plans","fields":{"id":"fid","title":"name"}}}""")).Status.ShouldBe(HttpStatusCode.Created);

        CountsOf(await HarvestAsync(server, "plans")).ShouldBe((2, 0, 0, 0));

        (await SendAsync(server, HttpMethod.Get, "admin/sources", null)).Body.ShouldNotContain(Secret);
        server.Log.ShouldNotContain(line => line.Contains(Secret));
    }

    [SshdFact]
    public async Task A_folder_of_an_sftp_server_is_harvested_with_its_text_and_only_by_the_key_that_is_named()
    {
        await using var sshd = await Sshd.StartAsync();
        Directory.CreateDirectory(Path.Combine(_folder, "old maps"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "old maps", "a.txt"), "Sewers of the old town");
        await File.WriteAllTextAsync(Path.Combine(_folder, "b.csv"), "x,y\n1,2\n");
        File.CreateSymbolicLink(Path.Combine(_folder, "link.txt"), "/etc/hosts");
        await using var server = await StartAsync();
        async Task<(HttpStatusCode Status, string Body)> PutAsync(string hostKey, string key) => await SendAsync(server, HttpMethod.Put, "admin/sources/far", JsonSerializer.Serialize(new
        {
            kind = "sftp",
            settings = new { url = $"sftp://127.0.0.1:{sshd.Port}{_folder}", hostKey, credentials = new { user = Environment.UserName, key } },
        }));
        (await PutAsync(sshd.Fingerprint, "no key")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var (status, body) = await PutAsync(sshd.Fingerprint, sshd.Key);
        status.ShouldBe(HttpStatusCode.Created, body);

        CountsOf(await HarvestAsync(server, "far")).ShouldBe((2, 0, 0, 0));
        var found = JsonElement.Parse((await SendAsync(server, HttpMethod.Get, "collections/records/items?q=sewers", null)).Body).GetProperty("features")[0];
        found.GetProperty("id").GetString().ShouldBe("far:old maps/a.txt");
        CountsOf(await HarvestAsync(server, "far")).ShouldBe((0, 0, 0, 2));
        await File.WriteAllTextAsync(Path.Combine(_folder, "old maps", "a.txt"), "Bridges");
        File.Delete(Path.Combine(_folder, "b.csv"));
        CountsOf(await HarvestAsync(server, "far")).ShouldBe((0, 1, 1, 0));
        (await MatchedAsync(server, "q=bridges")).ShouldBe(1);

        body.ShouldNotContain("PRIVATE KEY");
        (await PutAsync("SHA256:AAAA", sshd.Key)).Status.ShouldBe(HttpStatusCode.OK);
        (await HarvestAsync(server, "far")).GetProperty("error").GetString().ShouldBe("the server has another key than hostKey says");
        (await PutAsync(sshd.Fingerprint, sshd.OtherKey)).Status.ShouldBe(HttpStatusCode.OK);
        (await HarvestAsync(server, "far")).GetProperty("error").GetString().ShouldBe("the server does not take its credentials");
        server.Errors.ShouldBeEmpty();
        server.Log.ShouldNotContain(line => line.Contains("PRIVATE KEY"));
    }

    [FtpdFact]
    public async Task A_folder_of_an_ftp_server_is_harvested_in_the_open_and_locked_with_and_without_lists_for_programs()
    {
        await using var open = await Ftpd.StartAsync(_folder, Secret, isLocked: false, hasFacts: true);
        await using var old = await Ftpd.StartAsync(_folder, Secret, isLocked: false, hasFacts: false);
        await using var locked = await Ftpd.StartAsync(_folder, Secret, isLocked: true, hasFacts: true);
        Directory.CreateDirectory(Path.Combine(_folder, "alte Pläne"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "alte Pläne", "a 1.txt"), "Sewers of the old town");
        await File.WriteAllTextAsync(Path.Combine(_folder, "b.csv"), "x,y\n1,2\n");
        await File.WriteAllBytesAsync(Path.Combine(_folder, "large.bin"), new byte[3_000_000]);
        await using var server = await StartAsync();
        async Task PutAsync(string id, string scheme, int port, string? certificate, string password = Secret)
        {
            var settings = new Dictionary<string, object> { ["url"] = $"{scheme}://127.0.0.1:{port}/", ["credentials"] = new { user = "reader", password } };
            if (certificate is not null)
            {
                settings["certificate"] = certificate;
            }

            var (status, body) = await SendAsync(server, HttpMethod.Put, $"admin/sources/{id}", JsonSerializer.Serialize(new { kind = "ftp", settings }));
            ((int)status).ShouldBeInRange(200, 201, body);
            body.ShouldNotContain(Secret);
        }

        await PutAsync("open", "ftp", open.Port, null);
        await PutAsync("old", "ftp", old.Port, null);
        await PutAsync("locked", "ftps", locked.Port, locked.Certificate);

        foreach (var id in new[] { "open", "old", "locked" })
        {
            CountsOf(await HarvestAsync(server, id)).ShouldBe((3, 0, 0, 0));
            CountsOf(await HarvestAsync(server, id)).ShouldBe((0, 0, 0, 3));
            (await MatchedAsync(server, $"q=sewers&ids={Uri.EscapeDataString($"{id}:alte Pläne/a 1.txt")}")).ShouldBe(1);
        }

        File.SetLastWriteTimeUtc(Path.Combine(_folder, "b.csv"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        File.Delete(Path.Combine(_folder, "large.bin"));
        CountsOf(await HarvestAsync(server, "open")).ShouldBe((0, 1, 1, 1));
        CountsOf(await HarvestAsync(server, "old")).ShouldBe((0, 1, 1, 1));

        await PutAsync("open", "ftp", open.Port, null, "wrong");
        (await HarvestAsync(server, "open")).GetProperty("error").GetString().ShouldBe("the server does not take its credentials");
        await PutAsync("open", "ftps", open.Port, null);
        (await HarvestAsync(server, "open")).GetProperty("error").GetString().ShouldBe("the server has no TLS");
        await PutAsync("locked", "ftps", locked.Port, null);
        (await HarvestAsync(server, "locked")).GetProperty("error").GetString().ShouldBe("the server's certificate is not to be trusted");
        server.Errors.ShouldBeEmpty();
        server.Log.ShouldNotContain(line => line.Contains(Secret));
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

    [Fact]
    public Task Of_another_node_only_what_is_new_is_read_and_what_is_gone_is_removed() => ReadsOnlyChangesAsync();

    [PostgresFact]
    public async Task The_same_of_a_node_that_keeps_its_records_in_postgresql() =>
        await ReadsOnlyChangesAsync("--Storage:Provider", "Postgres", "--Storage:ConnectionString", await postgres.CreateDatabaseAsync());

    private static async Task ReadsOnlyChangesAsync(params string[] settings)
    {
        await using var other = await StartAsync(settings);
        await using var server = await StartAsync();
        await using var between = new Relay(other.Client);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));

        // Its own records are made after its start, those of services last; then the files are the newest.
        await UntilAsync(other, "type=service", 7);
        foreach (var name in new[] { "a", "b", "c" })
        {
            await PutFileAsync(other, name, "x,y\n1,2\n");
            await UntilAsync(other, $"ids=files:{name}.csv", 1);
        }

        var total = await MatchedAsync(other, "");
        var form = $$$"""{"settings":{"url":"{{{between.Address}}}collections/records","credentials":{"token":"{{{Token}}}"}},"kind":"ogc"}""";
        (await SendAsync(server, HttpMethod.Put, "admin/sources/other", form)).Status.ShouldBe(HttpStatusCode.Created);
        CountsOf(await HarvestAsync(server, "other")).ShouldBe((total, 0, 0, 0));
        between.TakeRead().ShouldBe(total);

        CountsOf(await HarvestAsync(server, "other")).ShouldBe((0, 0, 0, total));
        between.TakeRead().ShouldBeLessThan(total, "those that changed while it was read the first time, if any");

        // As many as before: one is another, one is gone, and one has come.
        var before = await UpdatedAsync(other, "files:b.csv");
        await PutFileAsync(other, "b", "x,y\n3,4\n");
        (await SendAsync(other, HttpMethod.Delete, "files/a.csv", null)).Status.ShouldBe(HttpStatusCode.NoContent);
        await PutFileAsync(other, "d", "x,y\n5,6\n");
        await UntilAsync(other, "ids=files:a.csv,files:d.csv", 1);
        await UntilAsync(other, "ids=files:d.csv", 1);
        while (await UpdatedAsync(other, "files:b.csv") == before)
        {
            await Task.Delay(50, patience.Token);
        }

        CountsOf(await HarvestAsync(server, "other")).ShouldBe((1, 1, 1, total - 2));
        (await MatchedAsync(server, "ids=other:files:a.csv,other:files:d.csv")).ShouldBe(1);
        between.TakeRead().ShouldBeLessThan(total, "what is gone is told, and is no reason to read all");

        // What has only changed is read alone.
        before = await UpdatedAsync(other, "files:c.csv");
        await PutFileAsync(other, "c", "x,y\n7,8\n");
        while (await UpdatedAsync(other, "files:c.csv") == before)
        {
            await Task.Delay(50, patience.Token);
        }

        CountsOf(await HarvestAsync(server, "other")).ShouldBe((0, 1, 0, total - 1));
        between.TakeRead().ShouldBeLessThanOrEqualTo(4);
    }

    private static async Task PutFileAsync(RunningServer server, string name, string text)
    {
        var (status, body) = await SendAsync(server, HttpMethod.Put, $"files/{name}.csv", text);
        status.ShouldBeOneOf(HttpStatusCode.Created, HttpStatusCode.NoContent, HttpStatusCode.OK);
    }

    private static async Task<string?> UpdatedAsync(RunningServer server, string id) =>
        JsonElement.Parse((await SendAsync(server, HttpMethod.Get, $"collections/records/items/{id}", null)).Body).GetProperty("properties").GetProperty("updated").GetString();

    private static async Task UntilAsync(RunningServer server, string query, int matched)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await MatchedAsync(server, query) != matched)
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
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
