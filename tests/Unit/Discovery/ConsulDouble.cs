using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GeoWps.Tests.Unit.Discovery;

/// <summary>
/// What Consul documents of the endpoints that discovery uses, of one agent of the datacentre <c>dc1</c>: an index that grows with every change, questions that wait for it, checks that really
/// ask, ACL tokens. Durations of checks are a twentieth of what is written: <c>1s</c> is 50 ms, <c>1m</c> is 3 s.
/// </summary>
internal sealed class ConsulDouble(string? token = null) : IAsyncDisposable
{
    private const double Scale = 0.05;

    private readonly Lock _lock = new();
    private readonly HttpClient _checker = new() { Timeout = TimeSpan.FromSeconds(2) };
    private Dictionary<string, Registered> _services = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _down = new();
    private WebApplication? _app;
    private ulong _index = 100;

    public string Address { get; private set; } = "http://127.0.0.1:0";

    /// <summary>Queries of all questions for healthy services, and the tokens of all requests.</summary>
    public ConcurrentQueue<(ulong Index, string Query)> Questions { get; } = new();

    public ConcurrentQueue<string> Tokens { get; } = new();

    public IReadOnlyCollection<string> Ids => [.. _services.Keys];

    /// <summary>What an answer says in place of the index, once for each entry.</summary>
    public ConcurrentQueue<ulong> FalseIndexes { get; } = new();

    public async Task StartAsync()
    {
        _down = new CancellationTokenSource();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address);
        _app = builder.Build();
        _app.Use(AuthorizeAsync);
        _app.MapPut("/v1/agent/service/register", (Delegate)RegisterAsync);
        _app.MapPut("/v1/agent/service/deregister/{id}", (string id) => Deregister(id) ? Results.Ok() : Results.Text($"Unknown service ID \"{id}\"", statusCode: 404));
        _app.MapGet("/v1/agent/service/{id}", (string id) => _services.TryGetValue(id, out var one) ? Json(Shown(one)) : Results.Text($"unknown service ID: {id}", statusCode: 404));
        _app.MapGet("/v1/agent/services", () => Json(new JsonObject(_services.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)Shown(one.Value))))));
        _app.MapGet("/v1/health/service/{name}", (Delegate)HealthAsync);
        await _app.StartAsync();
        Address = _app.Urls.Single();
    }

    /// <summary>The agent is killed.</summary>
    /// <param name="forget">Its services, as an agent in development mode does; and its index begins anew.</param>
    public async Task StopAsync(bool forget)
    {
        await _down.CancelAsync();
        using var now = new CancellationTokenSource(0);
        await _app!.StopAsync(now.Token);
        await _app.DisposeAsync();
        if (forget)
        {
            (_services, _index) = ([], 10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_down.IsCancellationRequested)
        {
            await StopAsync(forget: true);
        }

        _checker.Dispose();
    }

    /// <summary>Something else changed, as everything in Consul shares one index.</summary>
    public void Touch() => Change(() => { });

    private async Task AuthorizeAsync(HttpContext context, RequestDelegate next)
    {
        var sent = context.Request.Headers["X-Consul-Token"].ToString();
        Tokens.Enqueue(sent);
        if (token is not null && sent != token)
        {
            context.Response.StatusCode = 403;
            await context.Response.WriteAsync("Permission denied: token with AccessorID 'anonymous' lacks permission 'service:write' on \"geowps\"");
            return;
        }

        await next(context);
    }

    private async Task<IResult> RegisterAsync(HttpContext context)
    {
        var body = (JsonObject)(await JsonNode.ParseAsync(context.Request.Body))!;
        var check = body["Check"]!;
        var service = new Registered(body, (string)check["Status"]! == "passing");
        Change(() =>
        {
            service.CreateIndex = _index + 1;
            _services[(string)body["ID"]!] = service;
        });
        _ = CheckAsync((string)body["ID"]!, service, (string)check["HTTP"]!, Duration((string)check["Interval"]!) * Scale, Duration((string)check["DeregisterCriticalServiceAfter"]!) * Scale, _down.Token);
        return Results.Ok();
    }

    private async Task CheckAsync(string id, Registered service, string address, TimeSpan interval, TimeSpan deregisterAfter, CancellationToken down)
    {
        var critical = TimeSpan.Zero;
        while (true)
        {
            await Task.Delay(interval, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (down.IsCancellationRequested || !_services.TryGetValue(id, out var now) || now != service)
            {
                return;
            }

            var passes = await PassesAsync(address);
            critical = passes ? TimeSpan.Zero : critical + interval;
            if (passes != service.Passes)
            {
                Change(() => service.Passes = passes);
            }

            if (critical > deregisterAfter)
            {
                Deregister(id);
            }
        }
    }

    private async Task<bool> PassesAsync(string address)
    {
        try
        {
            using var answer = await _checker.GetAsync(new Uri(address));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<IResult> HealthAsync(HttpContext context, string name, ulong index = 0, string? wait = null, string? dc = null, string? passing = null)
    {
        Questions.Enqueue((index, context.Request.QueryString.Value!));
        if (dc is not null and not "dc1")
        {
            return Results.Text("No path to datacenter", statusCode: 500);
        }

        // Until there is something newer than what the caller knows; also a caller who knows more than there is waits.
        var patience = wait is null ? TimeSpan.FromMinutes(5) : Duration(wait);
        if (index > 0)
        {
            var changed = _changed.Task;
            if (index >= _index)
            {
                await Task.WhenAny(changed, Task.Delay(patience, CancellationTokenSource.CreateLinkedTokenSource(_down.Token, context.RequestAborted).Token));
            }
        }

        if (_down.IsCancellationRequested)
        {
            context.Abort();
        }

        context.Response.Headers["X-Consul-Index"] = (FalseIndexes.TryDequeue(out var wrong) ? wrong : _index).ToString(CultureInfo.InvariantCulture);
        lock (_lock)
        {
            return Json(new JsonArray([.. _services.Values.Where(one => (string)one.Body["Name"]! == name && (passing is null || one.Passes)).Select(one => new JsonObject
            {
                ["Node"] = new JsonObject { ["Node"] = "agent", ["Address"] = "127.0.0.1" },
                ["Service"] = Shown(one, one.CreateIndex),
                ["Checks"] = new JsonArray(new JsonObject { ["Status"] = one.Passes ? "passing" : "critical" }),
            })]));
        }
    }

    private bool Deregister(string id)
    {
        var known = false;
        Change(() => known = _services.Remove(id));
        return known;
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            _index++;
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private static JsonObject Shown(Registered one, ulong? createIndex = null)
    {
        var shown = new JsonObject
        {
            ["ID"] = one.Body["ID"]!.DeepClone(),
            ["Service"] = one.Body["Name"]!.DeepClone(),
            ["Tags"] = one.Body["Tags"]!.DeepClone(),
            ["Meta"] = one.Body["Meta"]!.DeepClone(),
            ["Address"] = one.Body["Address"]!.DeepClone(),
            ["Port"] = one.Body["Port"]!.DeepClone(),
        };
        if (createIndex is { } index)
        {
            shown["CreateIndex"] = index;
        }

        return shown;
    }

    private static IResult Json(JsonNode node) => Results.Text(node.ToJsonString(JsonSerializerOptions.Default), "application/json");

    private static TimeSpan Duration(string text) => text switch
    {
        [.. var number, 'm', 's'] => TimeSpan.FromMilliseconds(double.Parse(number, CultureInfo.InvariantCulture)),
        [.. var number, 's'] => TimeSpan.FromSeconds(double.Parse(number, CultureInfo.InvariantCulture)),
        [.. var number, 'm'] => TimeSpan.FromMinutes(double.Parse(number, CultureInfo.InvariantCulture)),
        _ => throw new FormatException(text),
    };

    private sealed class Registered(JsonObject body, bool passes)
    {
        public JsonObject Body { get; } = body;

        public bool Passes { get; set; } = passes;

        public ulong CreateIndex { get; set; }
    }
}
