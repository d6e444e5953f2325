using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Gateway;

/// <summary>A gateway before two nodes that share nothing, of which one has a source.</summary>
public sealed class DocumentsOfTwoStoresTests : IDisposable
{
    private const string Token = "the-token-of-these-tests";

    private readonly string _folder = Directory.CreateTempSubdirectory("geowps-documents-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_document_is_fetched_through_the_gateway_from_the_node_that_has_its_record()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.txt"), "Sewers");
        string[] node = ["--Python:Execution", "None", "--Http:TrustedProxies", "127.0.0.1", "--Security:AdminToken", Token];
        await using var one = await RunningServer.StartAsync([.. node, "--Layers:Folders", _folder]);
        await using var other = await RunningServer.StartAsync(node);
        using var put = Admin(HttpMethod.Put, "admin/sources/near", JsonSerializer.Serialize(new { kind = "folder", settings = new { path = _folder } }));
        (await one.Client.SendAsync(put)).StatusCode.ShouldBe(HttpStatusCode.Created);
        using var run = Admin(HttpMethod.Post, "admin/sources/near/run", null);
        (await one.Client.SendAsync(run)).StatusCode.ShouldBe(HttpStatusCode.Created);
        await UntilAsync(one, "collections/records/documents/near:a.txt");
        await using var gateway = await RunningServer.StartAsync(
            "--Node:Role", "Gateway", "--Discovery:Nodes", $"{one.Address},{other.Address}", "--Security:AdminToken", Token, "--Gateway:ProbeMilliseconds", "200");

        // Until the gateway knows both.
        await UntilAsync(gateway, "collections/records/documents/near:a.txt");
        for (var i = 0; i < 6; i++)
        {
            (await gateway.Client.GetStringAsync("collections/records/documents/near:a.txt")).ShouldBe("Sewers");
        }

        using var range = new HttpRequestMessage(HttpMethod.Get, "collections/records/documents/near:a.txt");
        range.Headers.Range = new RangeHeaderValue(1, 3);
        using var part = await gateway.Client.SendAsync(range);
        (part.StatusCode, await part.Content.ReadAsStringAsync()).ShouldBe((HttpStatusCode.PartialContent, "ewe"));
        // Its source is away: that is no node's failure, and not the same as a document that is gone.
        Directory.Move(_folder, _folder + "-away");
        for (var i = 0; i < 4; i++)
        {
            using var away = await gateway.Client.GetAsync("collections/records/documents/near:a.txt");
            away.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
            away.Headers.Contains("X-GeoWps-Source-Failed").ShouldBeFalse("that is between the node and the gateway");
        }

        Directory.Move(_folder + "-away", _folder);
        (await gateway.Client.GetStringAsync("collections/records/items/near:a.txt?f=json")).ShouldContain($"{gateway.Address}collections/records/documents/near:a.txt");
    }

    private static async Task UntilAsync(RunningServer server, string path)
    {
        for (var i = 0; i < 600; i++, await Task.Delay(100))
        {
            using var answer = await server.Client.GetAsync(path);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return;
            }
        }

        throw new TimeoutException($"{path} was not there");
    }

    private static HttpRequestMessage Admin(HttpMethod method, string path, string? json)
    {
        var request = new HttpRequestMessage(method, path) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return request;
    }
}
