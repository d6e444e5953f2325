using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using GeoWps.Application.Security;
using GeoWps.Domain.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoWps.Tests.Unit.Gateway;

internal enum Mood
{
    Fine,
    Hanging,
    Failing,
    Slow,
}

/// <summary>A real server that offers what it is told to, and can be killed, started again at the same place, and put in a bad mood.</summary>
internal sealed class SmallNode(string name, params string[] processes) : IAsyncDisposable
{
    private WebApplication? _app;
    private string _urls = "http://127.0.0.1:0";

    public string Name => name;

    public Uri Address => new(_urls);

    /// <summary>With one, it speaks TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    public NodeEntry Entry => new(name, name, Address, []);

    public volatile Mood Mood;

    public string Version { get; set; } = "1";

    /// <summary>The administrator's, by which it judges seals; <see langword="null"/>: it says nothing of them.</summary>
    public string? Token { get; set; }

    /// <summary>Processes that it takes in for other nodes.</summary>
    public string[] Elsewhere { get; set; } = [];

    /// <summary>What was asked for, without probes.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Probes that were answered well.</summary>
    public int Probes => Volatile.Read(ref _probes);

    private int _probes;

    /// <summary>What it does for <c>/made/…</c>.</summary>
    public Func<HttpContext, Task> Work { get; set; } = context => context.Response.WriteAsync(name);

    /// <summary>The store that it says it shares.</summary>
    public string? Store { get; set; }

    /// <summary>What it answers to a search, and for a record; <see langword="null"/>: there is none.</summary>
    public Func<string, string?> SearchAnswer { get; set; } = _ => null;

    /// <summary>Ids of the jobs that it has.</summary>
    public ConcurrentDictionary<string, string> Jobs { get; } = new(StringComparer.Ordinal);

    public string Records { get; set; } = """{"records":[]}""";

    public async Task<SmallNode> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        if (Certificate is { } certificate)
        {
            _urls = _urls.Replace("http:", "https:", StringComparison.Ordinal);
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate));
        }

        builder.WebHost.UseUrls(_urls);
        _app = builder.Build();
        _app.Use(BehaveAsync);
        _app.MapGet("/health/ready", () => Interlocked.Increment(ref _probes));
        _app.MapGet("/health/offer", (HttpContext context) => Judge(context) ?? new NodeOffer(
            name,
            name,
            Version,
            [
                new ServiceOffer("tiles", [new RouteOffer("/made/{**rest}", []), new RouteOffer("/tiles/{layer}", ["GET", "HEAD"])]),
                new ServiceOffer("processes", [new RouteOffer("/processes", ["GET"]), new RouteOffer("/processes/{id}", ["GET"]), new RouteOffer("/processes/{id}/execution", ["POST"]), new RouteOffer("/jobs", ["GET", "POST"]), new RouteOffer("/jobs/{id}", ["GET", "DELETE"]), new RouteOffer("/jobs/{id}/results", ["GET"])]),
                new ServiceOffer("files", [new RouteOffer("/files/{**path}", ["GET", "PUT"])]),
                new ServiceOffer("records", [new RouteOffer("/records", ["GET"]), new RouteOffer("/search", ["GET"]), new RouteOffer("/collections/records/items", ["GET"]), new RouteOffer("/collections/records/items/{**record}", ["GET"])]),
                new ServiceOffer("core", [new RouteOffer("/", ["GET"]), new RouteOffer("/{odd}", ["GET"]), new RouteOffer("/admin/secret", ["GET"])]),
            ],
            [.. processes.Select(process => new ProcessOffer(process, Version))]) { Elsewhere = [.. Elsewhere.Select(process => new ProcessOffer(process, Version))], Store = Store });
        _app.Map("/made/{**rest}", (HttpContext context) => Work(context));
        _app.MapGet("/tiles/{layer}", () => name);
        _app.MapGet("/records", () => Results.Text(Records, "application/json"));
        foreach (var path in (string[])["/search", "/collections/records/items", "/collections/records/items/{**record}"])
        {
            _app.MapGet(path, (HttpContext context) => SearchAnswer(context.Request.Path.Value!) is { } answer ? Results.Text(answer, "application/geo+json") : Results.Json(new { status = 404 }, statusCode: 404));
        }

        _app.MapGet("/jobs", (HttpContext context) =>
        {
            var limit = int.Parse(context.Request.Query["limit"]!, System.Globalization.CultureInfo.InvariantCulture);
            var after = context.Request.Query["after"].ToString();
            var found = Jobs.Keys.Where(id => after.Length == 0 || string.CompareOrdinal(id, after) < 0).OrderDescending(StringComparer.Ordinal).ToArray();
            return Results.Json(new { jobs = found.Take(limit).Select(id => new { id, jobID = id, node = name }), links = found.Length > limit ? [new { rel = "next" }] : Array.Empty<object>() });
        });
        _app.MapPost("/jobs", (HttpContext context) =>
        {
            var id = $"made-by-{name}";
            Jobs[id] = "";
            context.Response.Headers.Location = $"http://somewhere/jobs/{id}";
            return Results.Json(new { id }, statusCode: 201);
        });
        _app.MapMethods("/jobs/{id}", ["GET", "DELETE"], (string id) => Jobs.ContainsKey(id) ? Results.Text(name) : Results.NotFound());
        _app.MapGet("/jobs/{id}/results", (string id) => Jobs.TryGetValue(id, out var results) && results.Length > 0 ? Results.Text(results) : Results.NotFound());
        _app.MapMethods("/files/{**path}", ["GET", "PUT"], (string path, HttpContext context) =>
        {
            if (context.Request.Method == "PUT")
            {
                Jobs[path] = "";
            }

            return Jobs.ContainsKey(path) ? Results.Text(name) : Results.NotFound();
        });
        _app.MapGet("/processes", () => Results.Json(new { processes = processes.Select(id => new { id, version = Version }) }));
        _app.MapGet("/processes/{id}", (string id) => processes.Contains(id) || Elsewhere.Contains(id) ? Results.Text(name) : Results.NotFound());
        _app.MapPost("/processes/{id}/execution", () => name);
        _app.MapGet("/", () => name);
        _app.Map("/{**rest}", (HttpContext context) => $"{name} secret {context.Request.Path}");
        await _app.StartAsync();
        _urls = _app.Urls.Single();
        return this;
    }

    /// <returns>None: it only writes down what it makes of the seal.</returns>
    private NodeOffer? Judge(HttpContext context)
    {
        if (Token is { } token && new CallerSeal(new AdminToken(token), TimeProvider.System).Read(context.Request.Headers[CallerSeal.Header].ToString(), "GET", "/health/offer") is null)
        {
            context.Response.Headers[CallerSeal.JudgementHeader] = CallerSeal.NotTaken;
        }

        return null;
    }

    /// <summary>Connections are cut, and no more are taken.</summary>
    public async Task KillAsync()
    {
        var app = _app!;
        _app = null;
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        try
        {
            await app.StopAsync(atOnce.Token);
        }
        catch (OperationCanceledException)
        {
            // That it did not end in good order is the point.
        }

        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await KillAsync();
        }
    }

    private async Task BehaveAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments("/health"))
        {
            Asked.Enqueue($"{context.Request.Method} {context.Request.Path}");
        }

        while (Mood == Mood.Hanging)
        {
            await Task.Delay(5, context.RequestAborted);
        }

        if (Mood == Mood.Failing)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        if (Mood == Mood.Slow)
        {
            await Task.Delay(100, context.RequestAborted);
        }

        await next(context);
    }
}
