using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Uploads;

/// <summary>Nodes that share PostgreSQL: whichever is asked goes on with an upload that another one has begun.</summary>
public sealed class ClusterUploadTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [PostgresFact]
    public async Task Two_nodes_go_on_with_each_others_uploads_also_while_one_stands_still_and_after_it_was_killed()
    {
        var connection = await postgres.CreateDatabaseAsync();
        string[] settings = ["--Python:Execution", "None", "--Storage:Provider", "Postgres", "--Storage:ConnectionString", connection];
        await using var one = await RunningServer.StartAsync(settings);
        await using var other = await RunningServer.StartAsync(settings);
        var content = RandomNumberGenerator.GetBytes(22_000_000);
        var path = await CreateAsync(one.Client, content.Length);

        // One is sent the first part over a connection that then stands still; the other takes over.
        using var still = new TcpClient();
        await still.ConnectAsync(one.Address.Host, one.Address.Port);
        await still.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"PATCH {path} HTTP/1.1\r\nHost: {one.Address.Authority}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {content.Length}\r\n\r\n"));
        await still.GetStream().WriteAsync(content.AsMemory(0, 9_000_000));
        await UntilAtLeastAsync(8_000_000, other.Client, path);

        var offset = await OffsetAsync(other.Client, path);
        offset.ShouldBeGreaterThanOrEqualTo(8_000_000);
        offset = await AppendAsync(other.Client, path, content, offset, 12_000_000);
        offset.ShouldBe(12_000_000);

        // Then the first again, which is killed in the middle of it.
        using var killed = new TcpClient();
        await killed.ConnectAsync(one.Address.Host, one.Address.Port);
        await killed.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"PATCH {path} HTTP/1.1\r\nHost: {one.Address.Authority}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: {offset}\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {content.Length - offset}\r\n\r\n"));
        await killed.GetStream().WriteAsync(content.AsMemory((int)offset, 9_000_000));
        await UntilAtLeastAsync(offset + 1, other.Client, path);

        await one.KillAsync();
        offset = await OffsetAsync(other.Client, path);
        offset.ShouldBeGreaterThan(12_000_000);
        (await AppendAsync(other.Client, path, content, offset, content.Length)).ShouldBe(content.Length);

        await using var database = await Databases.OpenAsync(connection);
        await using var blobs = new PostgresBlobStore(database, TimeSpan.FromHours(1), NullLogger.Instance);
        await using var blob = (await blobs.OpenAsync("files/big.bin", 0, null, CancellationToken.None)).ShouldNotBeNull();
        (await SHA256.HashDataAsync(blob.Content)).ShouldBe(SHA256.HashData(content));
    }

    private static async Task<string> CreateAsync(HttpClient client, long length)
    {
        using var request = Request(HttpMethod.Post, "/uploads", ("Upload-Length", $"{length}"), ("Upload-Metadata", $"filename {Convert.ToBase64String("big.bin"u8)}"));
        using var answer = await client.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(201, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.AbsolutePath;
    }

    /// <summary>By the document, which disturbs nobody.</summary>
    private static async Task UntilAtLeastAsync(long offset, HttpClient client, string path)
    {
        var now = 0L;
        for (var i = 0; (now = JsonElement.Parse(await client.GetStringAsync(path)).GetProperty("offset").GetInt64()) < offset; i++)
        {
            (i < 1200).ShouldBeTrue($"only {now} bytes are stored");
            await Task.Delay(50);
        }
    }

    private static async Task<long> OffsetAsync(HttpClient client, string path)
    {
        using var request = Request(HttpMethod.Head, path);
        using var answer = await client.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(200);
        return OffsetOf(answer);
    }

    private static async Task<long> AppendAsync(HttpClient client, string path, byte[] content, long from, int to)
    {
        using var request = Request(HttpMethod.Patch, path, ("Upload-Offset", $"{from}"));
        request.Content = new ByteArrayContent(content, (int)from, to - (int)from);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        using var answer = await client.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(204, await answer.Content.ReadAsStringAsync());
        return OffsetOf(answer);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        Array.ForEach(headers, header => request.Headers.TryAddWithoutValidation(header.Name, header.Value));
        return request;
    }

    private static long OffsetOf(HttpResponseMessage answer) => long.Parse(answer.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);
}
