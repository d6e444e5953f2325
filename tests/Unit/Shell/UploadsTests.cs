using System.Security.Cryptography;
using System.Text;
using GeoWps.Tests.Unit.Storage;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Tests.Unit.Shell;

public sealed class UploadsTests : IDisposable
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    private readonly TemporaryFolder _folder = new();

    // Only uploads look at it.
    public UploadsTests() => Environment.SetEnvironmentVariable("XDG_STATE_HOME", _folder["state"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_is_sent_from_where_the_server_is_after_a_failure_and_by_the_next_command()
    {
        var (file, offset, fails) = (Write("0123456789"), 0L, 2);
        await using var api = (await FakeApi.StartAsync())
            .On("POST /uploads", context => Answer(context, 201, ("Location", $"http://elsewhere/uploads/{Id}")))
            .On($"HEAD /uploads/{Id}", context => Answer(context, 200, ("Upload-Offset", $"{offset}")))
            .On($"PATCH /uploads/{Id}", context =>
            {
                if (fails-- > 0)
                {
                    offset += 3;
                    return Answer(context, 500);
                }

                offset = 10;
                return Answer(context, 204, ("Upload-Offset", "10"), ("Content-Location", "/files/in/a.txt"));
            });

        (await api.RunAsync("files", "put", file, "in/", "--new")).ShouldBe(0, api.Error);

        api.Out.ShouldBe("/files/in/a.txt\n");
        var sent = api.Requests.ToList();
        sent[0].Headers["Upload-Metadata"].ShouldBe($"filename {Convert.ToBase64String("in/a.txt"u8)}");
        sent[0].Headers["Upload-Length"].ShouldBe("10");
        sent.Where(request => request.What.StartsWith("PATCH", StringComparison.Ordinal)).Select(request => (request.Headers["Upload-Offset"], request.Body))
            .ShouldBe([("0", "0123456789"), ("3", "3456789"), ("6", "6789")]);
        sent.ShouldAllBe(request => request.Headers["Tus-Resumable"] == "1.0.0");
    }

    [Fact]
    public async Task A_command_that_failed_leaves_its_upload_to_the_next_and_a_file_that_has_changed_is_another()
    {
        var (file, may) = (Write("0123456789"), false);
        await using var api = (await FakeApi.StartAsync())
            .On("POST /uploads", context => Answer(context, 201, ("Location", $"/uploads/{Id}")))
            .On($"HEAD /uploads/{Id}", context => Answer(context, 200, ("Upload-Offset", "4")))
            .On($"PATCH /uploads/{Id}", context => may ? Answer(context, 204, ("Upload-Offset", "10"), ("Content-Location", "/files/a.txt")) : Answer(context, 404));
        (await api.RunAsync("files", "put", file)).ShouldBe(1);
        may = true;
        api.Requests.Clear();

        (await api.RunAsync("files", "put", file, "--json")).ShouldBe(0, api.Error);

        api.Requests.Select(request => request.What).ShouldBe([$"HEAD /uploads/{Id}", $"PATCH /uploads/{Id}"]);
        api.Out.ShouldContain("\"resumedAt\": 4");
        api.Requests.Clear();
        await File.WriteAllTextAsync(file, "another text");
        (await api.RunAsync("files", "put", file)).ShouldBe(1, "the server says that only 10 bytes are there");
        api.Requests.First().What.ShouldBe("POST /uploads");
    }

    [Fact]
    public async Task Parts_and_the_whole_are_sent_with_their_checksums_when_that_is_asked_for()
    {
        var file = Write("0123456789");
        await using var api = (await FakeApi.StartAsync())
            .On("POST /uploads", context => Answer(context, 201, ("Location", $"/uploads/{Id}")))
            .On($"PATCH /uploads/{Id}", context => Answer(context, 204, ("Upload-Offset", "10"), ("Content-Location", "/files/a.txt")));

        (await api.RunAsync("files", "put", file, "--checksum")).ShouldBe(0, api.Error);

        var (sum, requests) = (SHA256.HashData("0123456789"u8), api.Requests.ToList());
        requests[0].Headers["Upload-Metadata"].ShouldContain($"sha256 {Convert.ToBase64String(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(sum)))}");
        requests[0].Headers["Upload-Metadata"].ShouldContain($"overwrite {Convert.ToBase64String("true"u8)}");
        requests[1].Headers["Upload-Checksum"].ShouldBe($"sha256 {Convert.ToBase64String(sum)}");
    }

    [Fact]
    public async Task Uploads_are_listed_and_removed()
    {
        await using var api = (await FakeApi.StartAsync())
            .On("GET /uploads", $$"""{"uploads":[{"id":"{{Id}}","status":"receiving","offset":5,"length":10,"path":"a/b.tif","expires":"2030-01-02T03:04:05Z"}]}""")
            .On($"DELETE /uploads/{Id}", context => Answer(context, 204));

        (await api.RunAsync("uploads")).ShouldBe(0);
        api.Out.ShouldContain("a/b.tif");
        (await api.RunAsync("uploads", "rm", Id)).ShouldBe(0);
        api.Out.ShouldBe($"{Id} removed\n");
        api.Requests.Last().Headers["Tus-Resumable"].ShouldBe("1.0.0");
        (await api.RunAsync("files", "put", _folder["none"])).ShouldBe(2);
    }

    private string Write(string text)
    {
        File.WriteAllText(_folder["a.txt"], text);
        return _folder["a.txt"];
    }

    private static Task Answer(HttpContext context, int status, params (string Name, string Value)[] headers)
    {
        context.Response.StatusCode = status;
        Array.ForEach(headers, header => context.Response.Headers[header.Name] = header.Value);
        return Task.CompletedTask;
    }
}
