using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Records;

/// <summary>Documents of sources of all kinds that have some, fetched and previewed through the server.</summary>
public sealed class SourceDocumentTests : IDisposable
{
    private const string Token = "token-of-the-tests-0";
    private const string Secret = "not-to-be-seen";
    private const string Words = "Sewers of the old town\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("geowps-documents-").FullName;
    private readonly byte[] _large = new byte[3_000_000];

    public SourceDocumentTests()
    {
        Random.Shared.NextBytes(_large);
        Directory.CreateDirectory(Path.Combine(_folder, "alte Pläne"));
        File.WriteAllText(Path.Combine(_folder, "alte Pläne", "a 1.txt"), Words);
        File.WriteAllText(Path.Combine(_folder, "page.html"), "<html><head><script>evil()</script></head><body><p>Hello &amp; welcome</body></html>");
        File.WriteAllBytes(Path.Combine(_folder, "large.bin"), _large);
        File.WriteAllText(Path.Combine(_folder, "map.pdf"), """
            %PDF-1.4
            1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
            2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
            3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >> endobj
            trailer << /Root 1 0 R >>
            %%EOF
            """);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_folders_documents_are_linked_fetched_in_parts_previewed_and_counted()
    {
        await using var server = await StartAsync("--Layers:Folders", _folder);
        await HarvestAsync(server, "near", new { kind = "folder", settings = new { path = _folder } });

        var links = JsonElement.Parse((await AdminAsync(server, HttpMethod.Get, "collections/records/items/near:alte%20Pl%C3%A4ne/a%201.txt", null)).Body).GetProperty("links").EnumerateArray()
            .ToLookup(link => link.GetProperty("rel").GetString()!, link => link.GetProperty("href").GetString()!);
        (await server.Client.GetStringAsync(links["enclosure"].Single())).ShouldBe(Words);
        (await server.Client.GetStringAsync(links["preview"].Single())).ShouldBe(Words.Trim());
        await FetchesAsync(server, "near", takesRanges: true);

        using var page = await server.Client.GetAsync("collections/records/documents/near:page.html");
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        page.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        (await server.Client.GetStringAsync("collections/records/documents/near:page.html?f=preview")).ShouldBe("Hello & welcome");

        if (File.Exists("/usr/bin/pdftoppm"))
        {
            using var picture = await server.Client.GetAsync("collections/records/documents/near:map.pdf?f=preview");
            picture.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
            (await picture.Content.ReadAsByteArrayAsync())[..4].ShouldBe([0x89, (byte)'P', (byte)'N', (byte)'G']);
        }

        (await server.Client.GetAsync("collections/records/documents/near:large.bin?f=preview")).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);

        // Changed behind our back: what is there now, or nothing.
        File.Delete(Path.Combine(_folder, "large.bin"));
        File.CreateSymbolicLink(Path.Combine(_folder, "large.bin"), "/etc/hosts");
        (await server.Client.GetAsync("collections/records/documents/near:large.bin")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        server.Errors.ShouldBeEmpty();
    }

    [SshdFact]
    public async Task Documents_of_an_sftp_server_are_fetched_with_the_credentials_that_stay_here()
    {
        await using var server = await StartAsync();
        var sshd = await Sshd.StartAsync();
        await using (sshd)
        {
            await HarvestAsync(server, "far", new
            {
                kind = "sftp",
                settings = new { url = $"sftp://127.0.0.1:{sshd.Port}{_folder}", hostKey = sshd.Fingerprint, credentials = new { user = Environment.UserName, key = sshd.Key } },
            });
            await FetchesAsync(server, "far", takesRanges: true);

            File.Move(Path.Combine(_folder, "page.html"), Path.Combine(_folder, "moved.html"));
            File.CreateSymbolicLink(Path.Combine(_folder, "page.html"), Path.Combine(_folder, "moved.html"));
            (await server.Client.GetAsync("collections/records/documents/far:page.html")).StatusCode.ShouldBe(HttpStatusCode.NotFound, "a link is no document");
        }

        await FailsAsync(server, "far", $"{sshd.Port}");
        server.Log.ShouldNotContain(line => line.Contains("PRIVATE KEY"));
    }

    [FtpdFact]
    public async Task Documents_of_ftp_servers_are_fetched_in_the_open_and_locked()
    {
        await using var server = await StartAsync();
        var open = await Ftpd.StartAsync(_folder, Secret, isLocked: false, hasFacts: true);
        await using (open)
        {
            await using var locked = await Ftpd.StartAsync(_folder, Secret, isLocked: true, hasFacts: true);
            await HarvestAsync(server, "open", new { kind = "ftp", settings = new { url = $"ftp://127.0.0.1:{open.Port}/", credentials = new { user = "reader", password = Secret } } });
            await HarvestAsync(server, "locked", new { kind = "ftp", settings = new { url = $"ftps://127.0.0.1:{locked.Port}/", certificate = locked.Certificate, credentials = new { user = "reader", password = Secret } } });
            await FetchesAsync(server, "open", takesRanges: false);
            await FetchesAsync(server, "locked", takesRanges: false);
        }

        await FailsAsync(server, "open", $"{open.Port}");
        server.Log.ShouldNotContain(line => line.Contains(Secret));
    }

    [Fact]
    public async Task A_lists_documents_at_its_own_address_are_fetched_and_others_only_linked()
    {
        using var host = new FileHost();
        host.Put("doc/a.txt", Encoding.UTF8.GetBytes(Words), "text/plain");
        host.Put("list.csv", Encoding.UTF8.GetBytes($"id,title,link,format\n1,One,{host.AddressOf("doc/a.txt")},text/plain\n2,Two,http://b.example/x,\n3,Three,{host.AddressOf("doc/gone")},\n"), "text/csv");
        await using var server = await StartAsync();
        await HarvestAsync(server, "list", new { kind = "list", settings = new { url = host.AddressOf("list.csv"), credentials = new { token = Secret } } });

        using var document = await server.Client.GetAsync("collections/records/documents/list:1");
        (await document.Content.ReadAsStringAsync()).ShouldBe(Words);
        document.Content.Headers.ContentDisposition!.FileNameStar.ShouldBe("a.txt");
        (await server.Client.GetStringAsync("collections/records/documents/list:1?f=preview")).ShouldBe(Words.Trim());
        (await server.Client.GetAsync("collections/records/documents/list:2")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Client.GetAsync("collections/records/documents/list:3")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await AdminAsync(server, HttpMethod.Get, "collections/records/items/list:2", null)).Body.ShouldNotContain("collections/records/documents");
        server.Log.ShouldNotContain(line => line.Contains(Secret));
        server.Errors.ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Rows_of_postgresql_have_documents_behind_links_below_a_base_whose_credentials_stay_here_or_as_bytes()
    {
        using var host = new FileHost();
        host.Put("doc/a.txt", Encoding.UTF8.GetBytes(Words), "text/plain");
        host.Put("secret.txt", Encoding.UTF8.GetBytes("nobody's"), "text/plain");
        await using var postgres = new PostgresServer();
        await postgres.InitializeAsync();
        var city = await postgres.CreateDatabaseAsync();
        await PostgresServer.RunAsync(city, $$"""
            CREATE TABLE plans (no integer PRIMARY KEY, name text, file text, scan bytea);
            INSERT INTO plans VALUES (1, 'One', 'a.txt', decode(repeat('00ff', 500000), 'hex')), (2, 'Two', '../secret.txt', NULL), (3, 'Three', NULL, ''), (4, 'Four', '{{host.AddressOf("doc/a.txt")}}', NULL), (5, 'Five', 'gone.txt', NULL);
            """);
        await using var server = await StartAsync("--Sources:Connections:city", city);
        var fields = new { id = "no", title = "name" };
        await HarvestAsync(server, "links", new { kind = "postgresql", settings = new { connection = "city", from = "plans", fields, document = "file", documentBase = host.AddressOf("doc/"), credentials = new { token = Secret } } });
        await HarvestAsync(server, "bytes", new { kind = "postgresql", settings = new { connection = "city", from = "plans", fields, content = "scan" } });

        foreach (var there in new[] { "links:1", "links:4" })
        {
            (await server.Client.GetStringAsync($"collections/records/documents/{there}")).ShouldBe(Words);
        }

        (await server.Client.GetStringAsync("collections/records/documents/links:1?f=preview")).ShouldBe(Words.Trim());
        foreach (var gone in new[] { "links:2", "links:3", "links:5", "links:x", "bytes:2", "bytes:3" })
        {
            (await server.Client.GetAsync($"collections/records/documents/{gone}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, gone);
        }

        var bytes = await server.Client.GetByteArrayAsync("collections/records/documents/bytes:1");
        (bytes.Length, bytes[0], bytes[^1]).ShouldBe((1_000_000, (byte)0, (byte)255));
        (await LinksOfAsync(server, "bytes:1")).ShouldContain("enclosure");
        (await LinksOfAsync(server, "bytes:3")).ShouldNotContain("enclosure", "it has none");
        (await LinksOfAsync(server, "links:3")).ShouldNotContain("enclosure");
        (await AdminAsync(server, HttpMethod.Get, "admin/sources/links", null)).Body.ShouldNotContain(Secret);
        (await AdminAsync(server, HttpMethod.Get, "collections/records/items/links:1", null)).Body.Contains("a.txt", StringComparison.Ordinal).ShouldBeFalse("where documents lie is nobody's business");
        (await AdminAsync(server, HttpMethod.Put, "admin/sources/bad", JsonSerializer.Serialize(new { kind = "postgresql", settings = new { connection = "city", from = "plans", fields, document = "file", credentials = new { token = Secret } } }))).Status
            .ShouldBe(HttpStatusCode.BadRequest, "credentials without a base would go anywhere");
        server.Log.ShouldNotContain(line => line.Contains(Secret));
        server.Errors.ShouldBeEmpty();
    }

    [QgisFact]
    public async Task Rows_that_gdal_reads_have_documents_behind_links_or_as_bytes()
    {
        using var host = new FileHost();
        host.Put("doc/a.txt", Encoding.UTF8.GetBytes(Words), "text/plain");
        var file = Path.Combine(_folder, "plans.db");
        using (var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False"))
        {
            database.Open();
            using var command = database.CreateCommand();
            command.CommandText = "CREATE TABLE plans (code TEXT, name TEXT, file TEXT, scan BLOB); INSERT INTO plans VALUES ('P/1', 'One', 'a.txt', x'00ff10'), ('it''s', 'Two', NULL, NULL)";
            command.ExecuteNonQuery();
        }

        await using var server = await StartAsync("--Layers:Folders", _folder);
        var fields = new { id = "code", title = "name" };
        await HarvestAsync(server, "links", new { kind = "database", settings = new { path = file, table = "plans", fields, document = "file", documentBase = host.AddressOf("doc/") } });
        await HarvestAsync(server, "bytes", new { kind = "database", settings = new { path = file, table = "plans", fields, content = "scan" } });
        await HarvestAsync(server, "query", new { kind = "database", settings = new { path = file, query = "SELECT code, name, scan FROM plans", fields, content = "scan" } });

        (await server.Client.GetStringAsync("collections/records/documents/links:P/1")).ShouldBe(Words);
        (await server.Client.GetByteArrayAsync("collections/records/documents/bytes:P/1")).ShouldBe([0, 255, 16]);
        (await server.Client.GetByteArrayAsync("collections/records/documents/query:P/1")).ShouldBe([0, 255, 16]);
        (await server.Client.GetAsync("collections/records/documents/bytes:it's")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await LinksOfAsync(server, "links:it's")).ShouldNotContain("enclosure");
        server.Errors.ShouldBeEmpty();
    }

    private static async Task<string[]> LinksOfAsync(RunningServer server, string id) =>
        [.. JsonElement.Parse((await AdminAsync(server, HttpMethod.Get, $"collections/records/items/{id}", null)).Body).GetProperty("links").EnumerateArray().Select(link => link.GetProperty("rel").GetString()!)];

    private async Task FetchesAsync(RunningServer server, string source, bool takesRanges)
    {
        var path = $"collections/records/documents/{source}:large.bin";
        using var whole = await server.Client.GetAsync(path);
        whole.StatusCode.ShouldBe(HttpStatusCode.OK);
        whole.Content.Headers.ContentLength.ShouldBe(_large.Length);
        (await whole.Content.ReadAsByteArrayAsync()).ShouldBe(_large);
        (await server.Client.GetStringAsync($"collections/records/documents/{source}:alte%20Pl%C3%A4ne/a%201.txt")).ShouldBe(Words);

        using var range = new HttpRequestMessage(HttpMethod.Get, path);
        range.Headers.Range = new RangeHeaderValue(2_000_000, 2_000_999);
        range.Headers.IfRange = new RangeConditionHeaderValue(whole.Headers.ETag!);
        using var part = await server.Client.SendAsync(range);
        part.StatusCode.ShouldBe(takesRanges ? HttpStatusCode.PartialContent : HttpStatusCode.OK);
        (await part.Content.ReadAsByteArrayAsync()).ShouldBe(takesRanges ? _large[2_000_000..2_001_000] : _large);

        using var same = new HttpRequestMessage(HttpMethod.Get, path);
        same.Headers.IfNoneMatch.Add(whole.Headers.ETag!);
        (await server.Client.SendAsync(same)).StatusCode.ShouldBe(HttpStatusCode.NotModified);

        // Whoever leaves in the middle holds nothing up.
        using (var left = await server.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead))
        {
            left.EnsureSuccessStatusCode();
        }

        (await server.Client.GetByteArrayAsync(path)).Length.ShouldBe(_large.Length);
        server.Errors.ShouldBeEmpty();
    }

    private static async Task FailsAsync(RunningServer server, string source, string address)
    {
        using var answer = await server.Client.GetAsync($"collections/records/documents/{source}:large.bin");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        var problem = await answer.Content.ReadAsStringAsync();
        problem.ShouldContain(source);
        problem.ShouldNotContain(address);
        server.Errors.ShouldBeEmpty();
    }

    private static Task<RunningServer> StartAsync(params string[] settings) => RunningServer.StartAsync(["--Security:AdminToken", Token, .. settings]);

    private static async Task HarvestAsync(RunningServer server, string source, object form)
    {
        var (status, body) = await AdminAsync(server, HttpMethod.Put, $"admin/sources/{source}", JsonSerializer.Serialize(form));
        status.ShouldBe(HttpStatusCode.Created, body);
        (status, body) = await AdminAsync(server, HttpMethod.Post, $"admin/sources/{source}/run", null);
        status.ShouldBe(HttpStatusCode.Created, body);
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1); await Task.Delay(50))
        {
            var shown = JsonElement.Parse((await AdminAsync(server, HttpMethod.Get, $"admin/sources/{source}", null)).Body);
            if (shown.TryGetProperty("last", out var last))
            {
                last.GetProperty("outcome").GetString().ShouldBe("successful", last.GetRawText());
                return;
            }
        }

        throw new TimeoutException($"{source} was not harvested");
    }

    private static async Task<(HttpStatusCode Status, string Body)> AdminAsync(RunningServer server, HttpMethod method, string path, string? json)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await server.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
