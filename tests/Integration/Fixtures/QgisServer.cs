using System.Text;
using System.Text.Json;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>
/// A server with QGIS that a collection of tests shares, data for it, and a web server for references. No answer, whatever was asked, may name the
/// data directory; and at the end the log must hold no error.
/// </summary>
public abstract class QgisServer : IAsyncLifetime
{
    private RunningServer? _server;

    public RunningServer Server => _server!;

    public FileHost Files { get; } = new();

    internal Gdal Gdal { get; } = new();

    /// <summary>Texts that no answer may hold.</summary>
    protected List<string> Secrets { get; } = [];

    public async Task InitializeAsync()
    {
        if (!Qgis.IsMissing)
        {
            _server = await StartAsync();
            Secrets.Add(_server.Directory);
            await Until(async () => (await GetAsync("processes/native:buffer")).Status == 200, "QGIS tells its algorithms");
        }
    }

    public virtual async Task DisposeAsync()
    {
        Files.Dispose();
        Gdal.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
            _server.LinesOf("info").ShouldNotBeEmpty("the log was read");
            _server.Errors.ShouldBeEmpty("the server logged errors");
        }
    }

    public Task<Answer> ExecuteAsync(string process, object request, string? prefer = null) => PostAsync($"processes/{process}/execution", request, prefer);

    public Task<Answer> ValidateAsync(string process, object request) => PostAsync($"processes/{process}/validation", request);

    /// <returns>The job's id.</returns>
    public async Task<string> SubmitAsync(string process, object request) =>
        (await ExecuteAsync(process, request, "respond-async")).ShouldBe(201).Json.GetProperty("jobID").GetString()!;

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public async Task<string> StatusOfAsync(string job) => (await GetAsync($"jobs/{job}")).ShouldBe(200).Json.GetProperty("status").GetString()!;

    public async Task<string> EndOfAsync(string job)
    {
        var status = "";
        await Until(async () => (status = await StatusOfAsync(job)) is not ("accepted" or "running"), $"job {job} ends");
        return status;
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Server.Client.SendAsync(request);
        var answer = new Answer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response.Headers, response.Content.Headers.ContentType?.ToString());
        foreach (var secret in Secrets)
        {
            answer.Text.ShouldNotContain(secret);
        }

        return answer;
    }

    /// <summary>Waits for what comes in its own time; far longer than it takes.</summary>
    public static async Task Until(Func<Task<bool>> condition, string what)
    {
        var patience = DateTime.UtcNow.AddSeconds(60);
        while (!await condition())
        {
            (DateTime.UtcNow < patience).ShouldBeTrue($"in vain: {what}");
            await Task.Delay(50);
        }
    }

    protected abstract string[] Settings();

    protected virtual Task<RunningServer> StartAsync() => RunningServer.StartAsync(Prepare, Settings());

    /// <summary>Fills the data folder before the first start.</summary>
    protected virtual void Prepare(string data)
    {
    }

    private async Task<Answer> PostAsync(string path, object request, string? prefer = null)
    {
        using var content = new StringContent(request as string ?? JsonSerializer.Serialize(request), Encoding.UTF8, "application/json");
        return await SendAsync(HttpMethod.Post, path, content, prefer is null ? [] : [("Prefer", prefer)]);
    }
}
