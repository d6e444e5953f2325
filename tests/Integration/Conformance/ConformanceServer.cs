using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Conformance;

/// <summary>A server with the built-in processes, for the abstract tests of OGC API - Processes (18-062r2, annex A). Each test carries the id of its own.</summary>
public sealed class ConformanceServer : IAsyncLifetime
{
    public const string Ogc = "http://www.opengis.net/def/rel/ogc/1.0/";

    public RunningServer Server { get; private set; } = null!;

    public FileHost Files { get; } = new();

    public async Task InitializeAsync() => Server = await RunningServer.StartAsync("--Python:Execution", "None");

    public async Task DisposeAsync()
    {
        Files.Dispose();
        await Server.DisposeAsync();
        Server.Errors.ShouldBeEmpty("the server logged errors");
    }

    public Task<Answer> GetAsync(string path, string accept = "application/json") => SendAsync(HttpMethod.Get, path, null, ("Accept", accept));

    public async Task<JsonElement> JsonAsync(string path) => (await GetAsync(path)).ShouldBe(200).Json;

    public Task<Answer> ExecuteAsync(string process, string request, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, $"processes/{process}/execution", request, headers);

    /// <returns>The path of a job that was asked for and has been made.</returns>
    public async Task<string> SubmitAsync(string process, string request)
    {
        var answer = (await ExecuteAsync(process, request, ("Prefer", "respond-async"))).ShouldBe(201);
        return answer.Headers.Location!.AbsolutePath.TrimStart('/');
    }

    /// <returns>The job in its end.</returns>
    public async Task<JsonElement> EndOfAsync(string job)
    {
        var info = await JsonAsync(job);
        await QgisServer.Until(
            async () => (info = await JsonAsync(job)).GetProperty("status").GetString() is not ("accepted" or "running"), $"{job} ends");
        return info;
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Server.Client.SendAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response.Headers, response.Content.Headers.ContentType?.ToString());
    }

    /// <summary>Links of a document, or of the head of an answer.</summary>
    public static string? Href(JsonElement document, string rel) => document.GetProperty("links").EnumerateArray()
        .Where(link => link.GetProperty("rel").GetString() == rel).Select(link => link.GetProperty("href").GetString()).FirstOrDefault();

    public static async Task ShouldBeExceptionAsync(Answer answer, int status, string? type = null)
    {
        answer.ShouldBe(status);
        answer.MediaType.ShouldBeOneOf("application/problem+json", "application/json");
        await OgcJsonSchema.ShouldFitAsync(answer.Json, "exception");
        if (type is not null)
        {
            answer.Json.GetProperty("type").GetString().ShouldBe($"http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/{type}");
        }
    }

    /// <summary>The parts of a <c>multipart/related</c>: the head and the body of each, by the id of its output.</summary>
    public static IReadOnlyDictionary<string, (string Head, string Body)> Parts(Answer answer)
    {
        answer.MediaType.ShouldNotBeNull().ShouldStartWith("multipart/related; boundary=\"");
        var boundary = "--" + answer.MediaType.Split('"')[1];
        answer.Text.ShouldEndWith($"\r\n{boundary}--\r\n");
        return answer.Text.Split(boundary).Skip(1).SkipLast(1).Select(part =>
        {
            var end = part.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            return (Head: part[..end], Body: part[(end + 4)..^2]);
        }).ToDictionary(part => part.Head.Split("Content-ID: <")[1].Split('>')[0], StringComparer.Ordinal);
    }
}

[CollectionDefinition(Name)]
public sealed class ConformanceServerTests : ICollectionFixture<ConformanceServer>
{
    public const string Name = "conformance";
}
