using System.Collections.Concurrent;
using GeoWps.Adapters.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GeoWps.Tests.Unit.Shell;

/// <summary>A server that answers as a test tells it, and the client run against it.</summary>
internal sealed class FakeApi : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly Dictionary<string, Func<HttpContext, Task>> _answers = new(StringComparer.Ordinal);

    private FakeApi()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _web = builder.Build();
        _web.Run(AnswerAsync);
    }

    public string Address => _web.Urls.Single();

    /// <summary>Every request: method and path, its headers, its body.</summary>
    public ConcurrentQueue<(string What, Dictionary<string, string> Headers, string Body)> Requests { get; } = new();

    public string Out { get; private set; } = "";

    public string Error { get; private set; } = "";

    public static async Task<FakeApi> StartAsync()
    {
        var api = new FakeApi();
        await api._web.StartAsync();
        return api;
    }

    /// <param name="what">Method and path with query: <c>GET /processes</c>.</param>
    public FakeApi On(string what, string json, int status = 200) =>
        On(what, context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = status < 400 ? "application/json" : "application/problem+json";
            return context.Response.WriteAsync(json);
        });

    public FakeApi On(string what, Func<HttpContext, Task> answer)
    {
        _answers[what] = answer;
        return this;
    }

    /// <summary>Runs the client with this server.</summary>
    /// <returns>The exit code; see <see cref="Out"/> and <see cref="Error"/>.</returns>
    public async Task<int> RunAsync(CancellationToken interrupted, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await ShellModule.RunAsync([.. args, "--server", Address], new Terminal(output, error, decorated: false), interrupted);
        (Out, Error) = (output.ToString(), error.ToString());
        return code;
    }

    public Task<int> RunAsync(params string[] args) => RunAsync(CancellationToken.None, args);

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var what = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}";
        using var reader = new StreamReader(context.Request.Body);
        Requests.Enqueue((what, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()), await reader.ReadToEndAsync(context.RequestAborted)));
        if (_answers.TryGetValue(what, out var answer))
        {
            await answer(context);
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }
}
