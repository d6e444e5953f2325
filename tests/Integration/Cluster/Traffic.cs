using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Cluster;

/// <summary>Something to do.</summary>
/// <param name="Output">Whose bytes are compared; <see langword="null"/> where the result becomes a layer.</param>
/// <param name="Expected">Those bytes, of a run that nothing disturbed.</param>
internal sealed record Work(string Process, string Body, string? Output, byte[] Expected);

/// <summary>
/// Callers of a gateway, each of which submits a job, waits for its end, and submits the next; others who only ask; and one who calls jobs off. A submit that got no answer is sent again with the
/// same key until it is accepted. What they were told is kept, to be held against what is true afterwards.
/// </summary>
internal sealed class Traffic : IDisposable
{
    private static readonly string[] Questions = ["conformance", "jobs?limit=3", "processes/echo", "collections?limit=1"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _end = new();
    private readonly RunningServer _gateway;
    private readonly Task[] _callers;
    private int _ended;
    private int _asked;

    /// <param name="toDismiss">What takes long and is called off.</param>
    public Traffic(RunningServer gateway, IReadOnlyList<Work> works, Work toDismiss)
    {
        _gateway = gateway;
        _callers =
        [
            .. works.Select(work => Task.Run(() => WorkAsync(work))),
            .. Questions.Select(question => Task.Run(() => AskOnAsync(question))),
            Task.Run(() => CallOffAsync(toDismiss)),
        ];
    }

    /// <summary>Jobs by their ids, as they were accepted.</summary>
    public ConcurrentDictionary<string, Work> Accepted { get; } = new();

    public ConcurrentBag<string> Dismissed { get; } = [];

    /// <summary>Layers that jobs have published.</summary>
    public ConcurrentBag<string> Layers { get; } = [];

    /// <summary>Questions (GET) that were not answered 200.</summary>
    public ConcurrentQueue<string> Failures { get; } = new();

    /// <summary>Submits and dismissals that had to be sent again.</summary>
    public ConcurrentQueue<string> Repeated { get; } = new();

    /// <summary>Jobs that did not end well although nothing was wrong with them.</summary>
    public ConcurrentQueue<string> Broken { get; } = new();

    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Waits until so many more jobs have ended.</summary>
    public async Task PassAsync(int jobs)
    {
        var goal = Volatile.Read(ref _ended) + jobs;
        await SplitCluster.UntilAsync(() => Task.FromResult(Volatile.Read(ref _ended) >= goal || _callers.Any(caller => caller.IsFaulted)), $"{jobs} more jobs end");
        await Task.WhenAll(_callers.Where(caller => caller.IsFaulted));
    }

    /// <summary>What was begun is waited for.</summary>
    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_callers);
    }

    public void Dispose() => _end.Dispose();

    private async Task WorkAsync(Work work)
    {
        while (!_end.IsCancellationRequested)
        {
            var job = await SubmitAsync(work);
            Accepted[job] = work;
            JsonElement status = default;
            await SplitCluster.UntilAsync(
                async () => await AskAsync($"jobs/{job}") is { } answer && (status = answer.Json).GetProperty("status").GetString() is not ("accepted" or "running"), $"{work.Process} {job} ends");
            if (status.GetProperty("status").GetString() != "successful")
            {
                Broken.Enqueue($"{work.Process} {job}: {status}");
            }
            else if (work.Output is null)
            {
                Layers.Add(status.GetProperty("links").EnumerateArray().Select(link => link.GetProperty("href").GetString()!).First(href => href.Contains("/collections/", StringComparison.Ordinal)).Split('/')[^1]);
            }

            Interlocked.Increment(ref _ended);
        }
    }

    private async Task AskOnAsync(string question)
    {
        while (!_end.IsCancellationRequested)
        {
            await AskAsync(question);
            await Task.Delay(20);
        }
    }

    private async Task CallOffAsync(Work work)
    {
        while (!_end.IsCancellationRequested)
        {
            var job = await SubmitAsync(work);
            await Task.Delay(Random.Shared.Next(400));

            // When the answer to the first was lost, the second finds it ended and removes it, and the third finds nothing.
            await ChangeAsync(HttpMethod.Delete, $"jobs/{job}", null, answer => answer.Status is 200 or 404);
            Dismissed.Add(job);
        }
    }

    private async Task<string> SubmitAsync(Work work) =>
        (await ChangeAsync(HttpMethod.Post, $"processes/{work.Process}/execution", work.Body, answer => answer.Status == 201, ("Prefer", "respond-async"), ("Idempotency-Key", $"{Guid.NewGuid():N}")))
            .Json.GetProperty("jobID").GetString()!;

    private async Task<Answer> ChangeAsync(HttpMethod method, string path, string? body, Func<Answer, bool> isDone, params (string Name, string Value)[] headers)
    {
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            try
            {
                var answer = await SplitCluster.SendAsync(_gateway, method, path, body, headers);
                if (isDone(answer))
                {
                    return answer;
                }

                // Whatever is down, it is not the caller's fault.
                answer.Status.ShouldBeGreaterThanOrEqualTo(500, answer.Text);
                Repeated.Enqueue($"{method} {path}: {answer.Status} {answer.Text}");
            }
            catch (HttpRequestException reason)
            {
                Repeated.Enqueue($"{method} {path}: {reason.Message}");
            }

            (patience.Elapsed < Patience).ShouldBeTrue($"{method} {path} is never answered; {Repeated.Last()}");
        }
    }

    private async Task<Answer?> AskAsync(string path)
    {
        Interlocked.Increment(ref _asked);
        try
        {
            var answer = await SplitCluster.SendAsync(_gateway, HttpMethod.Get, path);
            if (answer.Status == 200)
            {
                return answer;
            }

            Failures.Enqueue($"GET {path}: {answer.Status} {answer.Text}");
        }
        catch (HttpRequestException reason)
        {
            Failures.Enqueue($"GET {path}: no answer ({reason.Message})");
        }

        return null;
    }
}
