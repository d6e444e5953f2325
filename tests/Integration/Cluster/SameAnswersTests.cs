using System.Net.Http.Headers;
using System.Xml.Linq;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Workers;

namespace GeoWps.Tests.Integration.Cluster;

/// <summary>What a caller carries from one node to another: two unequal nodes say the same, to the letter.</summary>
[Collection("Clusters")]
public sealed class SameAnswersTests : IAsyncLifetime
{
    private const string Token = "token-of-the-tests-0";

    private readonly PostgresServer _postgres = new();
    private RunningServer[] _nodes = [];

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        if (new PostgresQgisFactAttribute().Skip is null)
        {
            string[] cluster =
            [
                "--Storage:ConnectionString", await _postgres.CreateDatabaseAsync(), "--Storage:Provider", "Postgres", "--Security:AdminToken", Token, "--Node:Role", "Worker", "--Node:DrainSeconds", "1",
            ];
            var works = await RunningServer.StartAsync(Scripted, [.. cluster, "--Node:Name", "works", "--Python:Workers", "1"]);
            _nodes = [works, await RunningServer.StartAsync([.. cluster, "--Node:Name", "asked", "--Python:Workers", "1"])];
            await UntilBothAsync("processes/script:python", there: true);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var server in _nodes)
        {
            await server.DisposeAsync();
        }

        await _postgres.DisposeAsync();
    }

    [PostgresQgisFact]
    public async Task Documents_tags_and_sequences_of_one_node_hold_on_the_other_and_change_with_what_is_offered()
    {
        await PublishAsync();
        foreach (var path in (string[])
        [
            "?f=json", "conformance?f=json", "api?f=json", "processes?f=json", "processes?f=html&limit=5", "processes/script:python?f=json", "processes/native:buffer?f=json", "collections?f=json", "collections/countries?f=json",
            "collections/countries/queryables?f=json", "collections/countries/tiles?f=json", "collections/countries/items/1?f=json", "tileMatrixSets?f=json", "jobs?f=json", "tms/1.0.0",
            "wps?service=WPS&version=2.0.0&request=DescribeProcess&identifier=ALL", "wps?service=WPS&version=1.0.0&request=DescribeProcess&identifier=ALL",
            .. Capabilities,
        ])
        {
            var (one, other) = (await AskAsync(_nodes[0], path), await AskAsync(_nodes[1], path));
            one.ShouldBe(other, path);
        }

        string[] first = [.. await Task.WhenAll(Capabilities.Select(SequenceAsync))];

        // A process goes with its node, which only the services of processes tell of, and comes back.
        (await _nodes[0].StopAsync()).ShouldBe(0);
        await UntilAsync(_nodes[1], "processes/script:python", there: false);
        foreach (var (path, before) in Capabilities.Zip(first))
        {
            var (sequence, _) = await CapabilitiesAsync(_nodes[1], path);
            (string.CompareOrdinal(sequence, before) is > 0).ShouldBe(path.Contains("WPS", StringComparison.Ordinal), $"{path}: {before} {sequence}");
        }

        await _nodes[0].StartAgainAsync();
        await UntilBothAsync("processes/script:python", there: true);
        string[] second = [.. await Task.WhenAll(Capabilities.Select(SequenceAsync))];
        string.CompareOrdinal(second[0], first[0]).ShouldBeGreaterThan(0);
        second[^1].ShouldBe(first[^1], "no layer has changed");

        // Who has nothing of its own comes and goes, and then all do.
        (await _nodes[1].StopAsync()).ShouldBe(0);
        (await CapabilitiesAsync(_nodes[0], Capabilities[0])).Sequence.ShouldBe(second[0]);
        (await _nodes[0].StopAsync()).ShouldBe(0);
        await Task.WhenAll(_nodes.Select(node => node.StartAgainAsync()));
        await UntilBothAsync("processes/script:python", there: true);
        (await Task.WhenAll(Capabilities.Select(SequenceAsync))).ShouldBe(second);
    }

    private static string[] Capabilities { get; } =
        ["wps?service=WPS&version=1.0.0&request=GetCapabilities", "wps?service=WPS&version=2.0.0&request=GetCapabilities", "wmts?service=WMTS&version=1.0.0&request=GetCapabilities"];

    private static void Scripted(string data)
    {
        Directory.CreateDirectory(Path.Combine(data, "scripts"));
        File.WriteAllText(Path.Combine(data, "scripts", "python.py"), RunningWorkers.Script);
    }

    private async Task PublishAsync()
    {
        using var data = new ByteArrayContent(await File.ReadAllBytesAsync(Sample.Countries)) { Headers = { ContentType = MediaTypeHeaderValue.Parse("application/geo+json") } };
        using var publish = new HttpRequestMessage(HttpMethod.Post, "admin/layers?id=countries") { Content = data, Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };
        using var answer = await _nodes[1].Client.SendAsync(publish);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        await UntilBothAsync("collections/countries", there: true);
    }

    /// <summary>The number of a document on both nodes, each of which takes the other's for its own.</summary>
    private async Task<string> SequenceAsync(string path)
    {
        var (one, _) = await CapabilitiesAsync(_nodes[0], path);
        var (other, _) = await CapabilitiesAsync(_nodes[1], path);
        one.ShouldBe(other, path);
        foreach (var node in _nodes)
        {
            (await CapabilitiesAsync(node, $"{path}&updateSequence={Uri.EscapeDataString(one)}")).Sections.ShouldBe(0, path);
            (await CapabilitiesAsync(node, $"{path}&updateSequence=2026-01-01T00:00:00.000Z")).Sections.ShouldBeGreaterThan(2, path);
        }

        return one;
    }

    private static async Task<(string Sequence, int Sections)> CapabilitiesAsync(RunningServer node, string path)
    {
        var root = XDocument.Parse(await node.Client.GetStringAsync(path)).Root!;
        return (root.Attribute("updateSequence")!.Value, root.Elements().Count());
    }

    /// <summary>As a gateway asks, under one name.</summary>
    private static async Task<string> AskAsync(RunningServer node, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "geo.example.org" } };
        using var answer = await node.Client.SendAsync(request);
        return $"{(int)answer.StatusCode} {answer.Headers.ETag} {answer.Content.Headers.LastModified} {await answer.Content.ReadAsStringAsync()}";
    }

    private Task UntilBothAsync(string path, bool there) => Task.WhenAll(_nodes.Select(node => UntilAsync(node, path, there)));

    private static Task UntilAsync(RunningServer node, string path, bool there) => QgisServer.Until(
        async () =>
        {
            using var answer = await node.Client.GetAsync(path);
            return answer.IsSuccessStatusCode == there;
        },
        $"{path} is {(there ? "" : "not ")}there");
}
