using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GeoWps.Application.Security;
using GeoWps.Application.Uploads;
using GeoWps.Domain.Uploads;

namespace GeoWps.Tests.Unit.Uploads;

/// <summary>The protocol, request by request: tus 1.0.0.</summary>
public sealed class UploadEndpointTests(UploadHost host) : IClassFixture<UploadHost>
{
    private static int _names;

    private static string NewName() => $"folder/file {Interlocked.Increment(ref _names)} 地.bin";

    [Fact]
    public async Task What_is_spoken_here_is_told_to_anybody_without_a_version()
    {
        using var answer = await host.Client.SendAsync(new HttpRequestMessage(HttpMethod.Options, "uploads"));

        ((int)answer.StatusCode).ShouldBe(204);
        Header(answer, "Tus-Version").ShouldBe("1.0.0");
        Header(answer, "Tus-Resumable").ShouldBe("1.0.0");
        Header(answer, "Tus-Extension").ShouldBe("creation,creation-with-upload,creation-defer-length,expiration,checksum,termination,concatenation");
        Header(answer, "Tus-Checksum-Algorithm").ShouldBe("sha1,md5,sha256,crc32");
        Header(answer, "Tus-Max-Size").ShouldBe($"{UploadHost.MaxMb * 1024 * 1024}");
        Header(answer, "Access-Control-Expose-Headers")!.ShouldContain("Upload-Offset");
    }

    [Fact]
    public async Task An_upload_in_three_requests_becomes_a_file_with_the_last()
    {
        var (name, content) = (NewName(), RandomNumberGenerator.GetBytes(100_000));
        var address = await host.CreateAsync(content.Length, name);
        address.ShouldStartWith(host.Client.BaseAddress + "uploads/");

        using var first = await host.AppendAsync(address, 0, content[..40_000]);
        ((int)first.StatusCode).ShouldBe(204);
        Header(first, "Upload-Offset").ShouldBe("40000");
        DateTimeOffset.ParseExact(Header(first, "Upload-Expires")!, "R", CultureInfo.InvariantCulture).ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddDays(6));
        (await host.FileAsync(name)).ShouldBeNull("it is not all here");
        using var nothing = await host.AppendAsync(address, 40_000, []);
        Header(nothing, "Upload-Offset").ShouldBe("40000");

        using var head = await host.SendAsync(HttpMethod.Head, address);
        ((int)head.StatusCode).ShouldBe(200);
        (Header(head, "Upload-Offset"), Header(head, "Upload-Length"), Header(head, "Cache-Control")).ShouldBe(("40000", "100000", "no-store"));
        Header(head, "Upload-Metadata").ShouldBe(UploadHost.Metadata(name));

        (await host.AppendAsync(address, 40_000, content[40_000..70_000])).Dispose();
        using var last = await host.AppendAsync(address, 70_000, content[70_000..]);

        Header(last, "Upload-Offset").ShouldBe("100000");
        Header(last, "Content-Location").ShouldBe($"{host.Client.BaseAddress}files/folder/{Uri.EscapeDataString(name[7..])}");
        (await host.FileAsync(name)).ShouldBe(content);
        using var after = await host.SendAsync(HttpMethod.Head, address);
        Header(after, "Upload-Offset").ShouldBe("100000");
        (await host.KeysAsync($"uploads/{address[^32..]}/")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_with_the_first_request_is_taken_and_its_length_may_be_said_later()
    {
        var name = NewName();
        using var created = await host.SendAsync(HttpMethod.Post, "uploads", [1, 2, 3], ("Upload-Defer-Length", "1"), ("Upload-Metadata", UploadHost.Metadata(name)));
        ((int)created.StatusCode).ShouldBe(201);
        Header(created, "Upload-Offset").ShouldBe("3");
        var address = created.Headers.Location!.ToString();
        using var head = await host.SendAsync(HttpMethod.Head, address);
        (Header(head, "Upload-Defer-Length"), Header(head, "Upload-Length")).ShouldBe(("1", null));

        using var wrong = await host.AppendAsync(address, 3, [], ("Upload-Length", "2"));
        ((int)wrong.StatusCode).ShouldBe(400);
        using var last = await host.AppendAsync(address, 3, [4], ("Upload-Length", "4"));

        ((int)last.StatusCode).ShouldBe(204);
        (await host.FileAsync(name)).ShouldBe([1, 2, 3, 4]);
        var small = NewName();
        using var whole = await host.SendAsync(HttpMethod.Post, "uploads/", [9], ("Upload-Length", "1"), ("Upload-Metadata", UploadHost.Metadata(small)));
        ((int)whole.StatusCode).ShouldBe(201);
        Header(whole, "Content-Location").ShouldNotBeNull();
        (await host.FileAsync(small)).ShouldBe([9]);
    }

    [Fact]
    public async Task Nothing_at_all_is_a_file_too()
    {
        var name = NewName();
        await host.CreateAsync(0, name);

        (await host.FileAsync(name)).ShouldBe([]);
    }

    [Theory]
    [InlineData("sha1")]
    [InlineData("md5")]
    [InlineData("sha256")]
    [InlineData("crc32")]
    public async Task A_body_counts_only_with_the_right_checksum(string algorithm)
    {
        var (name, content) = (NewName(), RandomNumberGenerator.GetBytes(3_000_000));
        var address = await host.CreateAsync(content.Length, name);

        using var wrong = await host.AppendAsync(address, 0, content, ("Upload-Checksum", $"{algorithm} {Convert.ToBase64String(Sum(algorithm, content[1..]))}"));
        ((int)wrong.StatusCode).ShouldBe(460);
        using var head = await host.SendAsync(HttpMethod.Head, address);
        Header(head, "Upload-Offset").ShouldBe("0");
        (await host.KeysAsync($"uploads/{address[^32..]}/")).ShouldBeEmpty();
        using var unknown = await host.AppendAsync(address, 0, content, ("Upload-Checksum", "rot13 AAAA"));
        ((int)unknown.StatusCode).ShouldBe(400);

        (await host.AppendAsync(address, 0, content[..100], ("Upload-Checksum", $"{algorithm} {Convert.ToBase64String(Sum(algorithm, content[..100]))}"))).Dispose();
        using var right = await host.AppendAsync(address, 100, content[100..], ("Upload-Checksum", $"{algorithm} {Convert.ToBase64String(Sum(algorithm, content[100..]))}"));
        ((int)right.StatusCode).ShouldBe(204);
        (await host.FileAsync(name)).ShouldBe(content);
    }

    [Fact]
    public async Task The_whole_has_the_digest_that_was_said_at_the_beginning_or_is_no_file()
    {
        var (good, bad, content) = (NewName(), NewName(), RandomNumberGenerator.GetBytes(1000));
        var digest = Convert.ToHexString(SHA256.HashData(content));
        using var right = await host.SendAsync(HttpMethod.Post, "uploads", content, ("Upload-Length", "1000"), ("Upload-Metadata", UploadHost.Metadata(good, ("sha256", digest))));
        ((int)right.StatusCode).ShouldBe(201);
        (await host.FileAsync(good)).ShouldBe(content);

        using var created = await host.SendAsync(HttpMethod.Post, "uploads", null, ("Upload-Length", "1000"), ("Upload-Metadata", UploadHost.Metadata(bad, ("sha256", digest))));
        var address = created.Headers.Location!.ToString();
        using var wrong = await host.AppendAsync(address, 0, [.. content[..^1], (byte)~content[^1]]);
        ((int)wrong.StatusCode).ShouldBe(422);
        using var head = await host.SendAsync(HttpMethod.Head, address);
        ((int)head.StatusCode).ShouldBe(422, "who asks must not take it for done");
        (await host.FileAsync(bad)).ShouldBeNull();
    }

    [Fact]
    public async Task Parts_are_put_together_in_their_order_and_used_up()
    {
        var (name, parts) = (NewName(), new List<string>());
        foreach (var text in new[] { "one ", "two ", "three" })
        {
            using var created = await host.SendAsync(HttpMethod.Post, "uploads", Encoding.ASCII.GetBytes(text), ("Upload-Length", $"{text.Length}"), ("Upload-Concat", "partial"));
            parts.Add(created.Headers.Location!.ToString());
        }

        using var head = await host.SendAsync(HttpMethod.Head, parts[0]);
        Header(head, "Upload-Concat").ShouldBe("partial");
        using var unfinished = await host.SendAsync(HttpMethod.Post, "uploads", null, ("Upload-Length", "1"), ("Upload-Concat", "partial"));
        using var early = await JoinAsync(parts[0], unfinished.Headers.Location!.ToString());
        ((int)early.StatusCode).ShouldBe(400);

        using var joined = await JoinAsync(parts[1], new Uri(parts[0]).AbsolutePath, parts[2]);

        ((int)joined.StatusCode).ShouldBe(201, await joined.Content.ReadAsStringAsync());
        Encoding.ASCII.GetString((await host.FileAsync(name))!).ShouldBe("two one three");
        var address = joined.Headers.Location!.ToString();
        using var final = await host.SendAsync(HttpMethod.Head, address);
        Header(final, "Upload-Concat").ShouldBe($"final;{parts[1]} {parts[0]} {parts[2]}");
        Header(final, "Upload-Length").ShouldBe("13");
        using var more = await host.AppendAsync(address, 13, [1]);
        ((int)more.StatusCode).ShouldBe(403);
        using var gone = await host.SendAsync(HttpMethod.Head, parts[0]);
        ((int)gone.StatusCode).ShouldBe(404);

        Task<HttpResponseMessage> JoinAsync(params string[] addresses) =>
            host.SendAsync(HttpMethod.Post, "uploads", null, ("Upload-Concat", $"final;{string.Join(' ', addresses)}"), ("Upload-Metadata", UploadHost.Metadata(name)));
    }

    [Fact]
    public async Task Requests_that_do_not_fit_are_refused_with_the_status_of_the_protocol()
    {
        var address = await host.CreateAsync(10, NewName());

        (await StatusAsync(host.SendAsync(HttpMethod.Head, address, null, ("Tus-Resumable", "0.2.2")))).ShouldBe(412);
        (await StatusAsync(host.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, address)))).ShouldBe(412);
        (await StatusAsync(host.AppendAsync(address, 1, [1]))).ShouldBe(409);
        (await StatusAsync(host.AppendAsync(address, 0, [1], ("Content-Type", "application/json")))).ShouldBe(415);
        (await StatusAsync(host.AppendAsync(address, 0, new byte[11]))).ShouldBe(413);
        (await StatusAsync(host.SendAsync(HttpMethod.Patch, address, [1]))).ShouldBe(400);
        (await StatusAsync(host.AppendAsync(address, -1, [1]))).ShouldBe(400);
        (await StatusAsync(host.AppendAsync($"uploads/{UploadId.New()}", 0, [1]))).ShouldBe(404);
        (await StatusAsync(host.SendAsync(HttpMethod.Head, "uploads/none"))).ShouldBe(404);
        using var head = await host.SendAsync(HttpMethod.Head, address);
        Header(head, "Upload-Offset").ShouldBe("0");
    }

    [Theory]
    [InlineData("Upload-Length", "-1", 400)]
    [InlineData("Upload-Length", "41943041", 413)]
    [InlineData("Upload-Defer-Length", "2", 400)]
    [InlineData("Upload-Defer-Length", "1", 400)]
    [InlineData("Upload-Metadata", "filename", 400)]
    [InlineData("Upload-Metadata", "filename ###", 400)]
    [InlineData("Upload-Metadata", "filename Li4vLi4vZXRj", 400)]
    [InlineData("Upload-Metadata", "filename YQ==,filename YQ==", 400)]
    [InlineData("Upload-Metadata", "filename YQ==,sha256 YQ==", 400)]
    [InlineData("Upload-Concat", "half", 400)]
    [InlineData("Upload-Concat", "final;", 400)]
    public async Task A_beginning_that_is_wrong_is_refused_by_name(string header, string value, int status)
    {
        var headers = new Dictionary<string, string> { ["Upload-Length"] = "10", ["Upload-Metadata"] = UploadHost.Metadata(NewName()) };
        headers[header] = value;

        using var answer = await host.SendAsync(HttpMethod.Post, "uploads", null, [.. headers.Select(pair => (pair.Key, pair.Value))]);

        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_when_that_is_asked_for()
    {
        var name = NewName();
        await host.CreateAsync(0, name);
        using var refused = await host.SendAsync(HttpMethod.Post, "uploads", null, ("Upload-Length", "1"), ("Upload-Metadata", UploadHost.Metadata(name)));
        ((int)refused.StatusCode).ShouldBe(409);

        using var replaced = await host.SendAsync(HttpMethod.Post, "uploads", [7], ("Upload-Length", "1"), ("Upload-Metadata", UploadHost.Metadata(name, ("overwrite", ""))));
        ((int)replaced.StatusCode).ShouldBe(201);
        (await host.FileAsync(name)).ShouldBe([7]);

        var other = NewName();
        var address = await host.CreateAsync(1, other);
        await host.CreateAsync(0, other);
        using var late = await host.AppendAsync(address, 0, [8]);
        ((int)late.StatusCode).ShouldBe(409);
        (await host.FileAsync(other)).ShouldBe([]);
    }

    [Fact]
    public async Task Uploads_and_their_files_are_their_owners()
    {
        var (anna, bob) = (await host.TokenOfAsync("anna"), await host.TokenOfAsync("bob"));
        var runner = await host.TokenOfAsync("runner", Rights.Run);
        var name = NewName();
        var address = await host.CreateAsync(2, name, As(anna));

        (await StatusAsync(host.SendAsync(HttpMethod.Head, address, null, As(bob)))).ShouldBe(404);
        (await StatusAsync(host.AppendAsync(address, 0, [1], As(bob)))).ShouldBe(404);
        (await StatusAsync(host.SendAsync(HttpMethod.Delete, address, null, As(bob)))).ShouldBe(404);
        (await StatusAsync(host.SendAsync(HttpMethod.Post, "uploads", null, ("Upload-Length", "1"), ("Upload-Metadata", UploadHost.Metadata(NewName())), As(runner)))).ShouldBe(403);
        (await ListAsync(anna)).ShouldContain(address);
        (await ListAsync(bob)).ShouldNotContain(address);

        (await StatusAsync(host.AppendAsync(address, 0, [1, 2], As(anna)))).ShouldBe(204);
        (await host.Get<GeoWps.Application.Files.FileLibrary>().FindAsync(PathOf(name), Caller.Administrator, CancellationToken.None))!.Owner.ShouldBe("anna");
        using var foreign = await host.SendAsync(
            HttpMethod.Post, "uploads", null, ("Upload-Length", "1"), ("Upload-Metadata", UploadHost.Metadata(name, ("overwrite", ""))), As(bob));
        ((int)foreign.StatusCode).ShouldBe(403);

        async Task<List<string>> ListAsync(string token)
        {
            using var answer = await host.SendAsync(HttpMethod.Get, "uploads", null, As(token));
            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            return [.. document.RootElement.GetProperty("uploads").EnumerateArray().Select(upload => upload.GetProperty("href").GetString()!)];
        }
    }

    [Fact]
    public async Task A_quota_is_judged_at_the_beginning_and_there_are_so_many_unfinished_ones()
    {
        var token = await host.TokenOfAsync("carla");
        using var first = await host.SendAsync(HttpMethod.Post, "uploads", new byte[30 << 20], ("Upload-Length", $"{30 << 20}"), ("Upload-Metadata", UploadHost.Metadata(NewName())), As(token));
        ((int)first.StatusCode).ShouldBe(201);
        using var second = await host.SendAsync(HttpMethod.Post, "uploads", null, ("Upload-Length", $"{31 << 20}"), ("Upload-Metadata", UploadHost.Metadata(NewName())), As(token));
        ((int)second.StatusCode).ShouldBe(507);

        for (var i = 0; i < 20; i++)
        {
            await host.CreateAsync(1, NewName(), As(token));
        }

        using var many = await host.SendAsync(HttpMethod.Post, "uploads", null, ("Upload-Length", "1"), ("Upload-Metadata", UploadHost.Metadata(NewName())), As(token));
        ((int)many.StatusCode).ShouldBe(429);
    }

    [Fact]
    public async Task What_comes_of_a_body_that_is_cut_off_is_kept_and_the_next_request_goes_on()
    {
        var (name, content) = (NewName(), RandomNumberGenerator.GetBytes(2_000_000));
        var address = await host.CreateAsync(content.Length, name);
        using (var cut = await OpenAsync(address, 0, content.Length))
        {
            await cut.GetStream().WriteAsync(content.AsMemory(0, 1_500_000));
            cut.Client.LingerState = new LingerOption(true, 0);
        }

        var offset = await OffsetAsync(address);
        offset.ShouldBeLessThanOrEqualTo(1_500_000);
        using var rest = await host.AppendAsync(address, offset, content[offset..]);
        ((int)rest.StatusCode).ShouldBe(204);
        (await host.FileAsync(name)).ShouldBe(content);
    }

    [Fact]
    public async Task The_newest_request_wins_over_one_whose_connection_stands_still()
    {
        var (name, content) = (NewName(), RandomNumberGenerator.GetBytes(2_000_000));
        var address = await host.CreateAsync(content.Length, name);
        using var still = await OpenAsync(address, 0, content.Length);
        await still.GetStream().WriteAsync(content.AsMemory(0, 700_000));
        UploadId.TryParse(address[^32..], out var id).ShouldBeTrue();
        for (var i = 0; i < 1_000 && !host.Get<UploadHolds>().IsHeldHere(id!); i++)
        {
            await Task.Delay(10);
        }

        var offset = await OffsetAsync(address);

        offset.ShouldBeLessThanOrEqualTo(700_000);
        var answer = new byte[12];
        await still.GetStream().ReadExactlyAsync(answer);
        Encoding.ASCII.GetString(answer).ShouldBe("HTTP/1.1 423");
        using var rest = await host.AppendAsync(address, offset, content[offset..]);
        ((int)rest.StatusCode).ShouldBe(204);
        (await host.FileAsync(name)).ShouldBe(content);
    }

    [Fact]
    public async Task An_upload_ends_when_it_is_asked_to_or_its_time_is_over()
    {
        var address = await host.CreateAsync(10, NewName());
        (await host.AppendAsync(address, 0, [1, 2])).Dispose();
        (await StatusAsync(host.SendAsync(HttpMethod.Post, address, null, ("X-HTTP-Method-Override", "DELETE")))).ShouldBe(204);
        (await StatusAsync(host.SendAsync(HttpMethod.Head, address))).ShouldBe(404);
        (await host.KeysAsync($"uploads/{address[^32..]}/")).ShouldBeEmpty();

        var overridden = await host.CreateAsync(2, NewName());
        (await StatusAsync(host.SendAsync(HttpMethod.Post, overridden, [1, 2], ("Upload-Offset", "0"), ("X-HTTP-Method-Override", "PATCH")))).ShouldBe(204);
    }

    [Fact]
    public async Task However_a_client_cuts_its_requests_the_pieces_are_few_and_the_file_is_right()
    {
        var (name, content, offset) = (NewName(), RandomNumberGenerator.GetBytes(3_000_000), 0);
        var address = await host.CreateAsync(content.Length, name);
        for (var i = 0; offset < content.Length - 100_000; i++)
        {
            var count = Math.Min(1 + (i * 9_973 % 250_000), content.Length - 100_000 - offset);
            (await StatusAsync(host.AppendAsync(address, offset, content[offset..(offset + count)]))).ShouldBe(204);
            offset += count;
        }

        (await host.KeysAsync($"uploads/{address[^32..]}/")).Count.ShouldBeLessThanOrEqualTo(3);
        (await StatusAsync(host.AppendAsync(address, offset, content[offset..]))).ShouldBe(204);
        (await host.FileAsync(name)).ShouldBe(content);
    }

    private static GeoWps.Domain.Files.FilePath PathOf(string text) => GeoWps.Domain.Files.FilePath.TryParse(text, out var path, out _) ? path : throw new ArgumentException(text);

    private static (string, string) As(string token) => ("Authorization", $"Bearer {token}");

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    private static async Task<int> StatusAsync(Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        return (int)response.StatusCode;
    }

    private static byte[] Sum(string algorithm, byte[] content)
    {
        switch (algorithm)
        {
            case "sha1":
                return SHA1.HashData(content);
            case "md5":
                return MD5.HashData(content);
            case "sha256":
                return SHA256.HashData(content);
            default:
                var crc = new Crc32();
                crc.Add(content);
                return crc.BigEndian();
        }
    }

    private async Task<int> OffsetAsync(string address)
    {
        using var head = await host.SendAsync(HttpMethod.Head, address);
        ((int)head.StatusCode).ShouldBe(200);
        return int.Parse(Header(head, "Upload-Offset")!, CultureInfo.InvariantCulture);
    }

    /// <summary>A PATCH whose body is still to come.</summary>
    private async Task<TcpClient> OpenAsync(string address, long offset, long length)
    {
        var uri = new Uri(address);
        var client = new TcpClient();
        await client.ConnectAsync(uri.Host, uri.Port);
        var head = $"PATCH {uri.AbsolutePath} HTTP/1.1\r\nHost: {uri.Authority}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: {offset}\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {length}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        return client;
    }
}
