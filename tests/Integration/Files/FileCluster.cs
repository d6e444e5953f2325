using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using GeoWps.Tests.Integration.Cluster;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Files;

/// <summary>Two workers that keep files in PostgreSQL, behind two gateways; and how people speak to them.</summary>
public sealed class FileCluster : SplitCluster
{
    public const int QuotaMb = 24;

    protected override int WorkerCount => 2;

    protected override string[] WorkerSettings => ["--Python:Execution", "None", "--Files:OwnerQuotaMb", $"{QuotaMb}"];

    protected override string Ready => "processes/echo";

    /// <summary>Workers and gateways: whatever is asked of files, each answers.</summary>
    internal IEnumerable<RunningServer> Servers => Workers.Concat(Gateways);

    /// <summary>Makes a token as an operator does, in a shell.</summary>
    public async Task<string> TokenAsync(string name, string may = "run,files")
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach([RunningServer.HostAssembly, "tokens", "add", name, "--may", may, "--server", Workers[0].Address.ToString()], start.ArgumentList.Add);
        start.Environment["GEOWPS_TOKEN"] = Token;
        using var shell = Process.Start(start)!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync();
        shell.ExitCode.ShouldBe(0, await error);
        var token = (await output).Trim();
        foreach (var worker in Workers)
        {
            await UntilAsync(async () => (await AskAsync(worker, HttpMethod.Get, "jobs", token)).Status == 200, "the token is known everywhere");
        }

        return token;
    }

    public static Task<Answer> AskAsync(RunningServer server, HttpMethod method, string path, string? token, params (string Name, string Value)[] headers) =>
        AskAsync(server, method, path, token, content: null, headers);

    public static async Task<Answer> AskAsync(RunningServer server, HttpMethod method, string path, string? token, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        Array.ForEach(headers, header => request.Headers.TryAddWithoutValidation(header.Name, header.Value));
        using var answer = await server.Client.SendAsync(request);
        return new Answer((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(), answer.Headers, answer.Content.Headers.ContentType?.ToString());
    }

    public static Task<Answer> PutAsync(RunningServer server, string path, string? token, byte[] content, params (string Name, string Value)[] headers) =>
        AskAsync(server, HttpMethod.Put, path, token, new ByteArrayContent(content), headers);

    public static Task<Answer> JsonAsync(RunningServer server, HttpMethod method, string path, string? token, string json, params (string Name, string Value)[] headers) =>
        AskAsync(server, method, path, token, new StringContent(json, new MediaTypeHeaderValue("application/json")), headers);

    /// <summary>Of the tus protocol.</summary>
    public static Task<Answer> TusAsync(RunningServer server, HttpMethod method, string path, string token, byte[]? body, params (string Name, string Value)[] headers)
    {
        var content = body is null ? null : new ByteArrayContent(body);
        content?.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        return AskAsync(server, method, path, token, content, [("Tus-Resumable", "1.0.0"), .. headers]);
    }

    /// <returns>The upload's path.</returns>
    public static async Task<string> BeginAsync(RunningServer server, string token, string file, long length) => new Uri((await TusAsync(
        server, HttpMethod.Post, "uploads", token, null, ("Upload-Length", $"{length}"), ("Upload-Metadata", $"filename {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(file))}")))
        .ShouldBe((int)HttpStatusCode.Created).Header("Location")).AbsolutePath;
}
