using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using static GeoWps.Bench.Report;

namespace GeoWps.Bench.Catalogue;

/// <summary>What it takes to be told what the server offers. Each document takes turns with the same bytes from a web server that does nothing else.</summary>
internal static class CatalogueBench
{
    private const int Warm = 50;
    private const int Rounds = 5;
    private const int Each = 60;

    private static readonly (string Name, string Path, double Most)[] Documents =
    [
        ("WPS 1.0.0: GetCapabilities", "/wps?service=WPS&request=GetCapabilities&AcceptVersions=1.0.0", 3),
        ("WPS 2.0.0: GetCapabilities", "/wps?service=WPS&request=GetCapabilities&AcceptVersions=2.0.0", 3),
        ("WPS 1.0.0: DescribeProcess of one", "/wps?service=WPS&version=1.0.0&request=DescribeProcess&identifier=native:buffer", 3),
        ("WPS 2.0.0: DescribeProcess of one", "/wps?service=WPS&version=2.0.0&request=DescribeProcess&identifier=native:buffer", 3),
        ("WPS 1.0.0: DescribeProcess ALL", "/wps?service=WPS&version=1.0.0&request=DescribeProcess&identifier=ALL", 30),
        ("WPS 2.0.0: DescribeProcess ALL", "/wps?service=WPS&version=2.0.0&request=DescribeProcess&identifier=ALL", 30),
        ("OGC API: list of processes", "/processes", 3),
        ("OGC API: one description", "/processes/native:buffer", 3),
        ("OGC API: API definition", "/api", 30),
    ];

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var figures = new List<Figure>();
        await using var server = await StepAsync("start", () => ServerProcess.StartAsync(1));
        foreach (var (name, path, most) in Documents)
        {
            figures.AddRange(await StepAsync(name, () => MeasureAsync(server.Client, name, path, most)));
        }

        return figures;
    }

    private static async Task<Figure[]> MeasureAsync(HttpClient client, string name, string path, double most)
    {
        var address = new Uri(path, UriKind.Relative);
        using var first = await client.GetAsync(address);
        var (bytes, tag) = (await first.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(), first.Headers.ETag ?? throw new InvalidOperationException($"{path} has no ETag"));
        await using var plain = await PlainServer.StartAsync(bytes);
        await TimeAsync(client, address, null, Warm);
        await TimeAsync(plain.Client, new Uri("/", UriKind.Relative), null, Warm);
        var (ours, limit, known) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            limit.AddRange(await TimeAsync(plain.Client, new Uri("/", UriKind.Relative), null, Each));
            ours.AddRange(await TimeAsync(client, address, null, Each));
            known.AddRange(await TimeAsync(client, address, tag, Each));
        }

        var size = $"{(bytes.Length / 1024.0).ToString("0", CultureInfo.InvariantCulture)} KiB";
        return
        [
            new Figure($"{name}, {size}", Milliseconds(Median(ours)), $"the same bytes from a plain server: {Ratio(Median(ours) / Median(limit))} times", $"below {most} ms", Median(ours) < most),
            new Figure($"{name}, known already (304)", Milliseconds(Median(known)), null, $"below {most} ms", Median(known) < most),
        ];
    }

    private static async Task<List<double>> TimeAsync(HttpClient client, Uri address, EntityTagHeaderValue? known, int count)
    {
        var times = new List<double>(count);
        for (var i = 0; i < count; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (known is not null)
            {
                request.Headers.IfNoneMatch.Add(known);
            }

            var started = Stopwatch.GetTimestamp();
            using var answer = await client.SendAsync(request);
            await answer.Content.CopyToAsync(Stream.Null);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (answer.StatusCode != (known is null ? HttpStatusCode.OK : HttpStatusCode.NotModified))
            {
                throw new InvalidOperationException($"{address} answered {(int)answer.StatusCode}.");
            }
        }

        return times;
    }

    /// <summary>Sends the same bytes to everybody.</summary>
    private sealed class PlainServer : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private PlainServer(WebApplication app) => (_app, Client) = (app, new HttpClient { BaseAddress = new Uri(app.Urls.Single()) });

        public HttpClient Client { get; }

        public static async Task<PlainServer> StartAsync(byte[] bytes)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            app.Run(context =>
            {
                context.Response.ContentLength = bytes.Length;
                return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
            });
            await app.StartAsync();
            return new PlainServer(app);
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await _app.DisposeAsync();
        }
    }
}
