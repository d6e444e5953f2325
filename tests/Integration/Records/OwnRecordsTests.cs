using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Records;

/// <summary>What servers have themselves, found on every way to them: nodes that share PostgreSQL, and a gateway before nodes that share nothing.</summary>
public sealed class OwnRecordsTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const string Token = "token-of-the-tests-0";

    private const string Point = """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"a"},"geometry":{"type":"Point","coordinates":[7,51]}},{"type":"Feature","properties":{"name":"b"},"geometry":{"type":"Point","coordinates":[8,52]}}]}""";

    [PostgresQgisFact]
    public async Task What_one_node_of_a_cluster_gets_is_found_on_the_other_until_it_goes()
    {
        string[] node = ["--Storage:ConnectionString", await postgres.CreateDatabaseAsync(), "--Storage:Provider", "Postgres", "--Security:AdminToken", Token, "--Node:Role", "Worker", "--Layers:Samples", "false", "--Node:DrainSeconds", "1"];
        await using var one = await RunningServer.StartAsync([.. node, "--Node:Name", "one", "--Python:Workers", "1"]);
        await using var other = await RunningServer.StartAsync([.. node, "--Node:Name", "other", "--Python:Execution", "None"]);
        await QgisServer.Until(async () => (await SendAsync(one, HttpMethod.Get, "processes/native:buffer")).Status == 200, "QGIS is there");

        // Of its own accord.
        await FoundAsync(other, "q=echo&type=process", "processes:echo", "processes:EchoProcess");
        await FoundAsync(other, "externalIds=urn:geowps:service:ogcapi-records", "services:ogcapi-records");

        // A file, a layer, and a result that is published.
        (await SendAsync(one, HttpMethod.Put, "files/maps/quagga.txt", "Herds", "text/plain")).ShouldBe(201);
        (await SendAsync(one, HttpMethod.Post, "files/maps/quagga.txt?copyTo=/files/maps/zebra.txt")).Status.ShouldBeOneOf(201, 204);
        (await SendAsync(one, HttpMethod.Post, "admin/layers?id=waterholes&title=Waterholes%20of%20the%20quagga", Point, "application/geo+json")).ShouldBe(201);
        var result = (await SendAsync(one, HttpMethod.Post, "processes/native:buffer/execution", $$$$$"""{"inputs":{"INPUT":{{{{{Point}}}}},"DISTANCE":1},"outputs":{"OUTPUT":{"publish":{"id":"reach","title":"Reach of the quagga"}}}}""")).ShouldBe(200);
        result.Header("Link").ShouldContain("/collections/reach>; rel=\"collection\"");
        await FoundAsync(other, "q=quagga&sortby=id", "files:maps/quagga.txt", "layers:reach", "layers:waterholes");
        await FoundAsync(other, "q=quagga&bbox=6.9,50.9,7.1,51.1&sortby=id", "layers:reach", "layers:waterholes");
        await FoundAsync(other, $"q=quagga&filter={Uri.EscapeDataString("type = 'dataset' AND S_INTERSECTS(geometry, POINT(7.5 51.5))")}&sortby=-id", "layers:waterholes", "layers:reach");
        (await SendAsync(other, HttpMethod.Get, "collections/records/items?q=quagga&facets=source")).Json.GetProperty("facets").GetProperty("source").GetProperty("buckets").EnumerateArray()
            .Select(bucket => (bucket.GetProperty("value").GetString(), bucket.GetProperty("count").GetInt32())).ShouldBe([("layers", 2), ("files", 1)]);

        // By the values of a field of choice.
        (await SendAsync(one, HttpMethod.Post, "admin/layers?id=camps", Point.Replace("\"a\"", "\"Okaukuejo\"", StringComparison.Ordinal), "application/geo+json")).ShouldBe(201);
        (await SendAsync(one, HttpMethod.Patch, "admin/layers/camps", """{"searchFields":["nom"]}""", "application/merge-patch+json")).ShouldBe(400).MessageFor("/searchFields").ShouldContain("name");
        (await SendAsync(one, HttpMethod.Patch, "admin/layers/camps", """{"searchFields":["name"]}""", "application/merge-patch+json")).ShouldBe(200);
        await FoundAsync(other, "q=okaukuejo", "layers:camps");

        (await SendAsync(one, HttpMethod.Delete, "admin/layers/reach")).ShouldBe(204);
        (await SendAsync(one, HttpMethod.Delete, "files/maps/quagga.txt")).ShouldBe(204);
        await FoundAsync(other, "q=quagga", "layers:waterholes");
        (await SendAsync(other, HttpMethod.Get, "collections/records/items/layers:reach")).ShouldBe(404);
        await FoundAsync(other, "q=zebra", "files:maps/zebra.txt");
        one.Errors.Concat(other.Errors).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_catalogue_of_two_nodes_that_share_nothing_is_one_behind_a_gateway()
    {
        string[] node = ["--Python:Execution", "None", "--Http:TrustedProxies", "127.0.0.1", "--Security:AdminToken", Token, "--Layers:Samples", "false"];
        await using var one = await RunningServer.StartAsync(node);
        await using var other = await RunningServer.StartAsync(node);
        foreach (var (server, name) in ((RunningServer, string)[])[(one, "here"), (one, "both"), (other, "there"), (other, "both")])
        {
            (await SendAsync(server, HttpMethod.Put, $"files/quagga%20{name}.txt", name, "text/plain")).ShouldBe(201);
        }

        await using var gateway = await RunningServer.StartAsync("--Node:Role", "Gateway", "--Discovery:Nodes", $"{one.Address},{other.Address}", "--Security:AdminToken", Token, "--Gateway:ProbeMilliseconds", "200");

        // The same content on both nodes is one thing.
        await FoundAsync(gateway, "q=quagga&sortby=id", "files:quagga both.txt", "files:quagga here.txt", "files:quagga there.txt");
        (await SendAsync(gateway, HttpMethod.Get, "collections/records/items/files:quagga%20there.txt")).ShouldBe(200).Json.GetProperty("links").EnumerateArray()
            .ShouldAllBe(link => link.GetProperty("href").GetString()!.StartsWith(gateway.Address.ToString(), StringComparison.Ordinal));
        (await SendAsync(gateway, HttpMethod.Get, "collections/records/items/files:none")).ShouldBe(404);
        await FoundAsync(gateway, $"filter={Uri.EscapeDataString("source = 'files' AND title LIKE '%here%'")}&sortby=id", "files:quagga here.txt", "files:quagga there.txt");
        (await SendAsync(gateway, HttpMethod.Get, "collections/records/items?filter=title%20%3D")).ShouldBe(400).MessageFor("filter").ShouldContain("character 8");
        (await SendAsync(gateway, HttpMethod.Get, "collections/records/items?colour=red")).ShouldBe(400).Blamed.ShouldBe(["colour"]);
        (await SendAsync(gateway, HttpMethod.Get, "collections/records/queryables")).ShouldBe(200).Json.GetProperty("$id").GetString().ShouldBe($"{gateway.Address}collections/records/queryables");
        (await SendAsync(gateway, HttpMethod.Get, "collections/records/sortables")).ShouldBe(200);

        // Of one store it would be.
        (await SendAsync(gateway, HttpMethod.Get, "collections/records/changes")).ShouldBe(404);
        (await SendAsync(one, HttpMethod.Get, "collections/records/changes")).ShouldBe(200);
        (await SendAsync(gateway, HttpMethod.Get, "collections/records")).ShouldBe(200).Json.GetProperty("itemType").GetString().ShouldBe("record");

        // Sums of what nodes have.
        (await SendAsync(gateway, HttpMethod.Get, "collections/records/items?type=file&facets=type")).Json.GetProperty("facets").GetProperty("type").GetProperty("buckets")[0].GetProperty("count").GetInt32().ShouldBe(4);

        // Pages put together are the whole, and lead through the gateway.
        var (ids, pages) = (new List<string>(), 0);
        for (string? next = "collections/records/items?type=file&limit=2&sortby=id"; next is not null; pages++)
        {
            var page = (await SendAsync(gateway, HttpMethod.Get, next)).ShouldBe(200).Json;
            ids.AddRange(IdsOf(page));
            next = page.GetProperty("links").EnumerateArray().Where(link => link.GetProperty("rel").GetString() == "next").Select(link => new Uri(link.GetProperty("href").GetString()!).PathAndQuery[1..]).FirstOrDefault();
        }

        pages.ShouldBe(2);
        ids.ShouldBe(["files:quagga both.txt", "files:quagga here.txt", "files:quagga there.txt"]);
        gateway.Errors.ShouldBeEmpty();
    }

    private static async Task FoundAsync(RunningServer server, string query, params string[] ids)
    {
        var found = "";
        await QgisServer.Until(
            async () =>
            {
                var answer = await SendAsync(server, HttpMethod.Get, $"collections/records/items?{query}");
                found = answer.Status == 200 && !answer.Json.TryGetProperty("incomplete", out _) ? string.Join('|', IdsOf(answer.Json)) : answer.Text;
                return found == string.Join('|', ids);
            },
            $"{query} finds {string.Join('|', ids)}");
    }

    private static IEnumerable<string> IdsOf(JsonElement page) => page.GetProperty("features").EnumerateArray().Select(one => one.GetProperty("id").GetString()!);

    private static async Task<Answer> SendAsync(RunningServer server, HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, type) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var answer = await server.Client.SendAsync(request);
        return new Answer((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(), answer.Headers, answer.Content.Headers.ContentType?.ToString());
    }
}
