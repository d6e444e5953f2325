using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using GeoWps.Application.Security;
using GeoWps.Tests.Integration.Cluster;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Files;

/// <summary>Files behind gateways: whichever node is asked, it is one store, and to each its own.</summary>
[Collection("Clusters")]
public sealed class FileClusterTests(FileCluster cluster) : IClassFixture<FileCluster>
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(1_500_000);

    [PostgresFact]
    public async Task What_one_node_stores_every_other_reads_lists_moves_and_removes()
    {
        await cluster.MendAsync();
        var anna = await cluster.TokenAsync("anna");
        foreach (var (writer, i) in cluster.Servers.Select((server, i) => (server, i)))
        {
            var folder = $"files/anna{i}";
            var stored = (await FileCluster.PutAsync(writer, $"{folder}/江河/a.bin", anna, Content, ("If-None-Match", "*"))).ShouldBe(201).Json;
            foreach (var reader in cluster.Servers)
            {
                (await AskAsync(reader, HttpMethod.Get, $"{folder}/江河/a.bin", anna)).ShouldBe(200).Body.ShouldBe(Content);
                var part = await FileCluster.AskAsync(reader, HttpMethod.Get, $"{folder}/江河/a.bin", anna, ("Range", "bytes=524200-524400"), ("If-Range", $"\"{stored.GetProperty("etag")}\""));
                part.ShouldBe(206).Body.ShouldBe(Content[524200..524401]);
                (await FileCluster.PutAsync(reader, $"{folder}/江河/a.bin", anna, [1], ("If-None-Match", "*"))).ShouldBe(412);
                var listed = (await AskAsync(reader, HttpMethod.Get, $"{folder}/?recursive=true", anna)).ShouldBe(200).Json.GetProperty("entries");
                listed.EnumerateArray().Select(entry => entry.GetProperty("path").GetString()).ShouldBe([$"anna{i}/江河", $"anna{i}/江河/a.bin"]);
            }

            var (mover, remover) = (cluster.Workers[i % 2], cluster.Gateways[i % 2]);
            (await AskAsync(mover, HttpMethod.Post, $"{folder}?moveTo=elsewhere{i}", anna)).ShouldBe(201);
            foreach (var reader in cluster.Servers)
            {
                (await AskAsync(reader, HttpMethod.Get, $"{folder}/江河/a.bin", anna)).ShouldBe(404);
                (await AskAsync(reader, HttpMethod.Head, $"files/elsewhere{i}/江河/a.bin", anna)).ShouldBe(200);
            }

            (await AskAsync(remover, HttpMethod.Delete, $"files/elsewhere{i}?recursive=true", anna)).ShouldBe(204);
            foreach (var reader in cluster.Servers)
            {
                (await AskAsync(reader, HttpMethod.Get, $"files/elsewhere{i}/", anna)).ShouldBe(404);
            }
        }
    }

    [PostgresFact]
    public async Task Files_jobs_results_and_uploads_of_others_are_not_there_unless_they_are_shared()
    {
        await cluster.MendAsync();
        var (carl, dora) = (await cluster.TokenAsync("carl"), await cluster.TokenAsync("dora"));
        (await FileCluster.PutAsync(cluster.Gateway, "files/carl/in/a.geojson", carl, """{"type": "FeatureCollection", "features": []}"""u8.ToArray())).ShouldBe(201);
        var upload = await FileCluster.BeginAsync(cluster.Gateway, carl, "carl/b.bin", 100);
        var job = (await FileCluster.JsonAsync(
            cluster.Gateway, HttpMethod.Post, "processes/echo/execution", carl, """{"inputs": {"literalInput": "carls"}}""", ("Prefer", "respond-async"))).ShouldBe(201).Json.GetProperty("jobID").GetString()!;
        await SplitCluster.UntilAsync(async () => (await AskAsync(cluster.Gateway, HttpMethod.Get, $"jobs/{job}", carl)).Text.Contains("\"successful\"", StringComparison.Ordinal), "the job ends");
        string[] things = ["files/carl/in/a.geojson", "files/carl/in/a.geojson?f=info", "files/carl/", "files/carl/?f=geojson", $"jobs/{job}", $"jobs/{job}/results", $"jobs/{job}/results/literalOutput", $"jobs/{job}/events", upload[1..]];
        const string Named = """{"inputs": {"literalInput": "x", "complexObjectInput": {"href": "/files/carl/in/a.geojson"}}}""";
        foreach (var server in cluster.Servers)
        {
            foreach (var thing in things)
            {
                (await AskAsync(server, HttpMethod.Get, thing, dora)).Status.ShouldBe(404, thing);
            }

            (await AskAsync(server, HttpMethod.Get, $"jobs/{job}/results?f=json", carl)).ShouldBe(200);
            (await AskAsync(server, HttpMethod.Get, "files/", dora)).ShouldBe(200).Text.ShouldNotContain("carl");
            (await AskAsync(server, HttpMethod.Get, "uploads", dora)).ShouldBe(200).Text.ShouldNotContain(upload);
            (await FileCluster.TusAsync(server, HttpMethod.Head, upload, dora, null)).ShouldBe(404);
            (await FileCluster.TusAsync(server, HttpMethod.Patch, upload, dora, [1], ("Upload-Offset", "0"))).ShouldBe(404);
            (await FileCluster.TusAsync(server, HttpMethod.Delete, upload, dora, null)).ShouldBe(404);
            (await AskAsync(server, HttpMethod.Delete, "files/carl/in/a.geojson", dora)).ShouldBe(404);
            (await FileCluster.PutAsync(server, "files/carl/mine.bin", dora, [1])).ShouldBe(403);
            var refused = (await FileCluster.JsonAsync(server, HttpMethod.Post, "processes/echo/execution", dora, Named)).ShouldBe(400).Json.GetProperty("mistakes");
            refused.EnumerateArray().ShouldContain(mistake => mistake.GetProperty("message").GetString()!.StartsWith("there is no file", StringComparison.Ordinal));
        }

        // A folder is shared at one node, and everybody reads at all of them; nobody but its owner writes.
        (await FileCluster.JsonAsync(cluster.Workers[0], HttpMethod.Patch, "files/carl/in", carl, """{"public": true}""")).ShouldBe(200);
        foreach (var server in cluster.Servers)
        {
            (await AskAsync(server, HttpMethod.Get, "files/carl/in/a.geojson", dora)).ShouldBe(200);
            (await AskAsync(server, HttpMethod.Get, "files/carl/in/a.geojson", token: null)).ShouldBe(200);
            (await AskAsync(server, HttpMethod.Get, "files/carl/in/", dora)).ShouldBe(200).Text.ShouldContain("a.geojson");
            (await AskAsync(server, HttpMethod.Delete, "files/carl/in/a.geojson", dora)).ShouldBe(403);
            (await FileCluster.PutAsync(server, "files/carl/in/a.geojson", dora, [1])).ShouldBe(403);
        }

        (await FileCluster.JsonAsync(cluster.Gateway, HttpMethod.Patch, "files/carl/in", carl, """{"public": false}""")).ShouldBe(200);
        (await AskAsync(cluster.Workers[1], HttpMethod.Get, "files/carl/in/a.geojson", dora)).ShouldBe(404);

        // A token that is revoked opens nothing any more, not even what is its own; another of the name does.
        (await AskAsync(cluster.Workers[0], HttpMethod.Delete, "admin/tokens/carl", SplitCluster.Token)).ShouldBe(204);
        foreach (var server in cluster.Servers)
        {
            await SplitCluster.UntilAsync(async () => (await AskAsync(server, HttpMethod.Get, "files/carl/in/a.geojson", carl)).Status == 401, "the token is refused");
        }

        var again = await cluster.TokenAsync("carl");
        (await AskAsync(cluster.Gateway, HttpMethod.Get, "files/carl/in/a.geojson", again)).ShouldBe(200);
    }

    [PostgresFact]
    public async Task An_upload_goes_on_over_other_gateways_and_nodes_after_each_was_killed()
    {
        await cluster.MendAsync();
        var emil = await cluster.TokenAsync("emil");
        var content = RandomNumberGenerator.GetBytes(22_500_000);
        var upload = await FileCluster.BeginAsync(cluster.Gateways[0], emil, "emil/big.bin", content.Length);
        (await FileCluster.TusAsync(cluster.Gateways[1], HttpMethod.Patch, upload, emil, content[..3_000_000], ("Upload-Offset", "0"))).ShouldBe(204);

        using (var still = await SendAsync(cluster.Gateways[1], upload, emil, content, from: 3_000_000, to: 12_000_000))
        {
            await SplitCluster.UntilAsync(async () => await KnownAsync(upload, emil) > 3_000_000, "a piece is stored");
            await cluster.Gateways[1].KillAsync();
        }

        var offset = await OffsetAsync(cluster.Gateways[0], upload, emil);
        offset.ShouldBeGreaterThan(3_000_000);
        using (var still = await SendAsync(cluster.Workers[0], upload, emil, content, from: offset, to: offset + 9_000_000))
        {
            await SplitCluster.UntilAsync(async () => await KnownAsync(upload, emil) > offset, "a piece is stored");
            await cluster.Workers[0].KillAsync();
        }

        var after = await OffsetAsync(cluster.Gateways[0], upload, emil);
        after.ShouldBeGreaterThan(offset);
        var done = await FileCluster.TusAsync(cluster.Gateways[0], HttpMethod.Patch, upload, emil, content[(int)after..], ("Upload-Offset", $"{after}"));
        done.ShouldBe(204).Header("Upload-Offset").ShouldBe($"{content.Length}");
        await cluster.MendAsync();
        foreach (var server in cluster.Servers)
        {
            (await AskAsync(server, HttpMethod.Get, "files/emil/big.bin", emil)).ShouldBe(200).Body.AsSpan().SequenceEqual(content).ShouldBeTrue();
        }
    }

    [PostgresFact]
    public async Task Where_a_caller_is_a_gateway_tells_and_nobody_else_can()
    {
        await cluster.MendAsync();
        (string, string) forwarded = ("X-Forwarded-For", "203.0.113.7");

        // At the gateway's own machine callers without a token may store; that somebody passed them on takes it away, and no header of theirs gives it back.
        (await FileCluster.PutAsync(cluster.Gateway, "files/seal.bin", token: null, [1])).Status.ShouldBeOneOf(200, 201);
        (await FileCluster.PutAsync(cluster.Gateway, "files/seal.bin", token: null, [1], forwarded)).ShouldBe(401);
        (await FileCluster.PutAsync(cluster.Workers[0], "files/seal.bin", token: null, [1], forwarded)).ShouldBe(401);
        var known = new CallerSeal(new AdminToken(SplitCluster.Token), TimeProvider.System).Write(new PassedCaller(System.Net.IPAddress.Loopback, IsLocal: true), "PUT", "/files/seal.bin");
        var guessed = new CallerSeal(new AdminToken("another-token-of-somebody"), TimeProvider.System).Write(new PassedCaller(System.Net.IPAddress.Loopback, IsLocal: true), "PUT", "/files/seal.bin");
        foreach (var worker in cluster.Workers)
        {
            (await FileCluster.PutAsync(worker, "files/seal.bin", token: null, [1], (CallerSeal.Header, guessed), forwarded)).ShouldBe(401);
            (await FileCluster.PutAsync(worker, "files/other.bin", token: null, [1], (CallerSeal.Header, known), forwarded)).ShouldBe(401);
            (await FileCluster.PutAsync(worker, "files/seal.bin", token: null, [1], (CallerSeal.Header, known), forwarded)).ShouldBe(200);
        }

        // A gateway takes the place of its caller from nobody: what it is told is thrown away, right as it may be.
        foreach (var gateway in cluster.Gateways)
        {
            (await FileCluster.PutAsync(gateway, "files/seal.bin", token: null, [1], (CallerSeal.Header, guessed), forwarded)).ShouldBe(401);
            (await FileCluster.PutAsync(gateway, "files/seal.bin", token: null, [1], (CallerSeal.Header, known), forwarded)).ShouldBe(401);
        }
    }

    [PostgresFact]
    public async Task A_quota_is_one_over_all_nodes()
    {
        await cluster.MendAsync();
        var fred = await cluster.TokenAsync("fred");
        var content = new byte[(FileCluster.QuotaMb - 4) * 1024 * 1024];
        (await FileCluster.PutAsync(cluster.Workers[0], "files/fred/a.bin", fred, content)).ShouldBe(201);
        foreach (var server in cluster.Servers)
        {
            (await FileCluster.PutAsync(server, "files/fred/b.bin", fred, content[..5_000_000])).ShouldBe(507).Detail.ShouldContain($"{FileCluster.QuotaMb} MiB");
            (await AskAsync(server, HttpMethod.Post, "files/fred/a.bin?copyTo=fred/c.bin", fred)).ShouldBe(507);
        }

        (await AskAsync(cluster.Workers[1], HttpMethod.Delete, "files/fred/a.bin", fred)).ShouldBe(204);
        (await FileCluster.PutAsync(cluster.Gateway, "files/fred/b.bin", fred, content[..5_000_000])).ShouldBe(201);
    }

    private static Task<Answer> AskAsync(RunningServer server, HttpMethod method, string path, string? token) => FileCluster.AskAsync(server, method, path, token);

    /// <summary>Sends the beginning of what it announces, to the end, and leaves the connection as it is.</summary>
    private static async Task<TcpClient> SendAsync(RunningServer server, string upload, string token, byte[] content, long from, long to)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(server.Address.Host, server.Address.Port);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"PATCH {upload} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nAuthorization: Bearer {token}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: {from}\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {content.Length - from}\r\n\r\n"));
        await connection.GetStream().WriteAsync(content.AsMemory((int)from, (int)(to - from)));
        return connection;
    }

    /// <summary>By the document, which disturbs nobody.</summary>
    private async Task<long> KnownAsync(string upload, string token) => (await AskAsync(cluster.Workers[1], HttpMethod.Get, upload, token)).ShouldBe(200).Json.GetProperty("offset").GetInt64();

    private static async Task<long> OffsetAsync(RunningServer server, string upload, string token)
    {
        long offset = -1;
        await SplitCluster.UntilAsync(
            async () =>
            {
                var answer = await FileCluster.TusAsync(server, HttpMethod.Head, upload, token, null);
                offset = answer.Status == 200 ? long.Parse(answer.Header("Upload-Offset"), CultureInfo.InvariantCulture) : -1;
                return offset >= 0;
            },
            "the upload is let go of");
        return offset;
    }
}
