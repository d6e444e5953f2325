using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GeoWps.Bench.Search;

/// <summary>
/// A node as one that has a machine of its own looks from here: its searches are the answers that the real node gave, byte by byte, after the time that it took for them alone, and they cost the
/// processors of this machine next to nothing. Everything else is asked of the real node.
/// </summary>
internal sealed partial class RememberedNode : IAsyncDisposable
{
    // What a sleep takes longer than it was told, on average: the kernel's slack of timers.
    private const long SlackNanoseconds = 60_000;

    private readonly WebApplication _app;
    private readonly ServerProcess _node;
    private readonly Dictionary<string, (byte[] Body, double Milliseconds)> _answers = new(StringComparer.Ordinal);

    private RememberedNode(WebApplication app, ServerProcess node) => (_app, _node) = (app, node);

    public HttpClient Client { get; private set; } = new();

    /// <param name="times">Of each of <see cref="ManyRecords.Searches"/>, in milliseconds, as the caller saw it.</param>
    public static async Task<RememberedNode> StartAsync(ServerProcess node, IReadOnlyList<double> times)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var self = new RememberedNode(builder.Build(), node);
        self._app.Run(self.AnswerAsync);
        await self._app.StartAsync();
        self.Client = new HttpClient { BaseAddress = new Uri(self._app.Urls.Single()) };
        foreach (var words in ManyRecords.Searches)
        {
            self._answers[words] = (await node.Client.GetByteArrayAsync(SearchBench.Address(words)), 0);
        }

        // What the way to here and back takes is a part of what the caller saw.
        var ways = new List<double>();
        foreach (var words in Enumerable.Repeat(ManyRecords.Searches, 20).SelectMany(all => all))
        {
            ways.Add(await SearchBench.OneAsync(self.Client, words));
        }

        var way = SearchBench.At(ways[(ways.Count / 2)..], 0.5);
        for (var i = 0; i < ManyRecords.Searches.Length; i++)
        {
            var words = ManyRecords.Searches[i];
            self._answers[words] = (self._answers[words].Body, Math.Max(0, times[i] - way));
        }

        return self;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != "/search" || !_answers.TryGetValue(context.Request.Query["q"].ToString(), out var answer))
        {
            await PassOnAsync(context);
            return;
        }

        if (answer.Milliseconds > 0)
        {
            await Task.Run(() => Sleep(answer.Milliseconds));
        }

        context.Response.ContentType = "application/geo+json";
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body);
    }

    private async Task PassOnAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri($"{context.Request.Path}{context.Request.QueryString}", UriKind.Relative));
        foreach (var (name, values) in context.Request.Headers.Where(header => header.Key is not ("Host" or "Connection")))
        {
            request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        using var answer = await _node.Client.SendAsync(request);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Connection" or "Content-Length")))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await context.Response.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync());
    }

    // .NET's own timers know whole milliseconds only.
    private static void Sleep(double milliseconds)
    {
        var nanoseconds = Math.Max(0, (long)(milliseconds * 1_000_000) - SlackNanoseconds);
        var time = new TimeSpec(nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
        _ = NanoSleep(in time, 0);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec time, nint left);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
