using System.Collections.Concurrent;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Cluster;

/// <summary>Callers of a gateway without pause: some only ask, which may be repeated; others have a process run and wait for its result, which may not.</summary>
internal sealed class Flow : IDisposable
{
    /// <summary>Of each kind; as many requests are on their way at once.</summary>
    public const int Callers = 4;

    private const string Echo = """{"inputs": {"literalInput": "said"}, "response": "document"}""";

    private readonly CancellationTokenSource _end = new();
    private readonly Task[] _callers;
    private readonly RunningServer _gateway;
    private int _asked;
    private int _done;

    public Flow(RunningServer gateway)
    {
        _gateway = gateway;
        _callers =
        [
            .. Enumerable.Range(0, Callers).Select(_ => Task.Run(() => OnAndOnAsync(
                () => SplitCluster.SendAsync(gateway, HttpMethod.Get, "conformance"), "conformsTo", FailedQuestions, () => Interlocked.Increment(ref _asked)))),
            .. Enumerable.Range(0, Callers).Select(_ => Task.Run(() => OnAndOnAsync(
                () => SplitCluster.SendAsync(gateway, HttpMethod.Post, "processes/echo/execution", Echo), "said", FailedCalls, () => Interlocked.Increment(ref _done)))),
        ];
    }

    public ConcurrentQueue<string> FailedQuestions { get; } = new();

    public ConcurrentQueue<string> FailedCalls { get; } = new();

    /// <summary>Waits for so many more questions, and half as many calls where <paramref name="calls"/> says so.</summary>
    public Task PassAsync(int questions, bool calls = true)
    {
        var (asked, done) = (Volatile.Read(ref _asked) + questions, Volatile.Read(ref _done) + (calls ? questions / 2 : 0));
        return SplitCluster.UntilAsync(() => Task.FromResult(Volatile.Read(ref _asked) >= asked && Volatile.Read(ref _done) >= done), $"{questions} more answers of {_gateway.Address}");
    }

    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_callers);
    }

    public void Dispose() => _end.Dispose();

    private async Task OnAndOnAsync(Func<Task<Answer>> ask, string expected, ConcurrentQueue<string> failures, Action count)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var answer = await ask();
                if (answer.Status != 200 || !answer.Text.Contains(expected, StringComparison.Ordinal))
                {
                    failures.Enqueue($"{answer.Status} {answer.Text}");
                }
            }
            catch (HttpRequestException reason)
            {
                failures.Enqueue(reason.Message);
            }

            count();
            await Task.Delay(5);
        }
    }
}
