using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Security;

/// <summary>Tokens as people have them: made in a shell, shown to servers of one node and of several.</summary>
public sealed class TokenServerTests : IAsyncLifetime
{
    private const string Administrator = "the-token-of-these-tests";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PostgresServer _database = new();
    private readonly List<RunningServer> _servers = [];
    private bool _usesDatabase;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_servers.Select(server => server.DisposeAsync().AsTask()));

        if (_usesDatabase)
        {
            await _database.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_token_is_made_in_a_shell_outlives_a_restart_and_is_revoked()
    {
        var server = await RunningServer.StartAsync("--Python:Execution", "None", "--Security:AdminToken", Administrator, "--Security:Anonymous", "none");
        _servers.Add(server);
        var (refused, _, why) = await ShellAsync(server, null, "tokens", "add", "anna", "--may", "run");
        (refused, why.Contains("401", StringComparison.Ordinal) || why.Contains("token", StringComparison.OrdinalIgnoreCase)).ShouldBe((1, true), why);

        var (made, text, error) = await ShellAsync(server, Administrator, "tokens", "add", "anna", "--may", "run,admin", "--expires", "90d");
        made.ShouldBe(0, error);
        var token = text.Trim();
        token.ShouldMatch("^gwp_[A-Za-z0-9_-]{43}$");
        error.ShouldContain("anna may run,admin until ");
        (await ShellAsync(server, Administrator, "tokens", "add", "anna", "--may", "run")).Error.ShouldContain("anna already");
        (await ShellAsync(server, Administrator, "tokens", "add", "Anna!", "--may", "fly", "--expires", "never")).Error.ShouldContain("lower-case");

        (await EchoAsync(server, null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await EchoAsync(server, token)).ShouldBe(HttpStatusCode.OK);
        await server.KillAsync();
        await server.StartAgainAsync();
        (await EchoAsync(server, token)).ShouldBe(HttpStatusCode.OK);
        var secret = token[4..];
        Directory.EnumerateFiles(server.Directory, "jobs.db*").ShouldAllBe(file => !Contains(file, secret), "only the digest is kept");

        // It may administer itself.
        await UntilAsync(async () => !(await ShellAsync(server, token, "tokens", "list")).Out.Contains("never", StringComparison.Ordinal));
        (await ShellAsync(server, token, "tokens", "revoke", "anna")).Code.ShouldBe(0);
        (await EchoAsync(server, token)).ShouldBe(HttpStatusCode.Unauthorized);
        server.Log.ShouldAllBe(line => !line.Contains(token, StringComparison.Ordinal));
        server.Errors.ShouldBeEmpty();

        (await server.StopAsync()).ShouldBe(0);
        (await Should.ThrowAsync<InvalidOperationException>(() => server.StartAgainAsync("--Security:Anonymous", "run,admin"))).Message
            .ShouldContain("Security:Anonymous: 'admin' is not allowed");
    }

    [PostgresFact]
    public async Task Nodes_behind_a_gateway_know_each_others_tokens_keep_callers_apart_and_forget_what_was_revoked()
    {
        _usesDatabase = true;
        await _database.InitializeAsync();
        var database = await _database.CreateDatabaseAsync();
        string[] registry = ["--Discovery:Provider", "Postgres", "--Storage:ConnectionString", database, "--Security:AdminToken", Administrator];
        string[] worker = [.. registry, "--Node:Role", "Worker", "--Storage:Provider", "Postgres", "--Python:Execution", "None", "--Http:TrustedProxies", "127.0.0.1"];
        var workers = await Task.WhenAll(RunningServer.StartAsync([.. worker, "--Node:Name", "one"]), RunningServer.StartAsync([.. worker, "--Node:Name", "other"]));
        _servers.AddRange(workers);
        var gateway = await RunningServer.StartAsync([.. registry, "--Node:Role", "Gateway", "--Node:Name", "gateway", "--Gateway:ProbeMilliseconds", "300"]);
        _servers.Add(gateway);
        await UntilAsync(async () => (await SendAsync(gateway, HttpMethod.Get, "admin/nodes", Administrator)).Body.Split("\"in\"").Length == 3);

        var anna = await TokenAsync(workers[0], "anna");
        var bob = await TokenAsync(workers[1], "bob");
        await UntilAsync(async () => await EchoAsync(workers[1], anna) == HttpStatusCode.OK);
        await UntilAsync(async () => await EchoAsync(workers[0], bob) == HttpStatusCode.OK);
        var job = await SubmitAsync(gateway, anna);

        // Several times, so that both nodes are asked.
        for (var i = 0; i < 4; i++)
        {
            (await SendAsync(gateway, HttpMethod.Get, $"jobs/{job}", anna)).Status.ShouldBe(HttpStatusCode.OK);
            (await SendAsync(gateway, HttpMethod.Get, $"jobs/{job}", bob)).Status.ShouldBe(HttpStatusCode.NotFound);
            (await SendAsync(gateway, HttpMethod.Get, $"jobs/{job}", null)).Status.ShouldBe(HttpStatusCode.NotFound);
            (await SendAsync(gateway, HttpMethod.Get, "jobs", bob)).Body.ShouldNotContain(job);
            (await SendAsync(gateway, HttpMethod.Get, "jobs", anna)).Body.ShouldContain(job);
            (await SendAsync(gateway, HttpMethod.Delete, $"jobs/{job}", bob)).Status.ShouldBe(HttpStatusCode.NotFound);
        }

        (await SendAsync(workers[0], HttpMethod.Delete, "admin/tokens/anna", Administrator)).Status.ShouldBe(HttpStatusCode.NoContent);
        await UntilAsync(async () => await EchoAsync(workers[1], anna) == HttpStatusCode.Unauthorized);
        (await SendAsync(gateway, HttpMethod.Get, $"jobs/{job}", anna)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(gateway, HttpMethod.Get, $"jobs/{job}", bob)).Status.ShouldBe(HttpStatusCode.NotFound);

        // The gateway's seals fit, whatever is in an address.
        (await SendAsync(gateway, HttpMethod.Get, "processes/echo/execution?literalInput=%C3%A4%20%2F", null)).Status.ShouldBe(HttpStatusCode.OK);
        workers.SelectMany(node => node.Log).ShouldAllBe(line => !line.Contains("X-GeoWps-Caller", StringComparison.Ordinal));

        // What is sealed by nobody is said to be so.
        (await SendAsync(workers[0], HttpMethod.Get, "processes/echo/execution?literalInput=x", null, ("X-GeoWps-Caller", "1;0;127.0.0.1;local;AAAA"))).Status.ShouldBe(HttpStatusCode.OK);
        await UntilAsync(() => Task.FromResult(workers[0].Log.Any(line => line.Contains("X-GeoWps-Caller", StringComparison.Ordinal))));
        _servers.SelectMany(server => server.Errors).ShouldBeEmpty();
    }

    private static bool Contains(string file, string text)
    {
        using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        open.CopyTo(bytes);
        return bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    }

    private static async Task<string> TokenAsync(RunningServer server, string name)
    {
        var (status, body) = await SendAsync(server, HttpMethod.Post, "admin/tokens", Administrator, $$"""{"name":"{{name}}","may":["run"]}""");
        status.ShouldBe(HttpStatusCode.Created, body);
        return JsonElement.Parse(body).GetProperty("token").GetString()!;
    }

    private static async Task<string> SubmitAsync(RunningServer server, string token)
    {
        var (status, body) = await SendAsync(server, HttpMethod.Post, "jobs", token, """{"process":"echo","inputs":{"literalInput":"x"}}""", ("Prefer", "respond-async"));
        status.ShouldBe(HttpStatusCode.Created, body);
        return JsonElement.Parse(body).GetProperty("jobID").GetString()!;
    }

    private static async Task<HttpStatusCode> EchoAsync(RunningServer server, string? token) =>
        (await SendAsync(server, HttpMethod.Post, "processes/echo/execution", token, """{"inputs":{"literalInput":"hello"}}""")).Status;

    private static Task<(HttpStatusCode Status, string Body)> SendAsync(RunningServer server, HttpMethod method, string path, string? token, params (string Name, string Value)[] headers) =>
        SendAsync(server, method, path, token, null, headers);

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(
        RunningServer server, HttpMethod method, string path, string? token, string? json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        Array.ForEach(headers, header => request.Headers.Add(header.Name, header.Value));
        using var answer = await server.Client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<(int Code, string Out, string Error)> ShellAsync(RunningServer server, string? token, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach([RunningServer.HostAssembly, .. words, "--server", server.Address.ToString()], start.ArgumentList.Add);
        start.Environment.Remove("GEOWPS_TOKEN");
        if (token is not null)
        {
            start.Environment["GEOWPS_TOKEN"] = token;
        }

        using var shell = Process.Start(start)!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync();
        return (shell.ExitCode, await output, await error);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo())
        {
            await Task.Delay(100, patience.Token);
        }
    }
}
