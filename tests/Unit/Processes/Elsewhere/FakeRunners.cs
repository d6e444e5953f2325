using System.Collections.Concurrent;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Processes.Elsewhere;

/// <summary>Other nodes, as a test says.</summary>
internal sealed class FakeRunners : IRunners
{
    private Action? _heard;

    public volatile IReadOnlyList<Runner> Others = [];

    public volatile bool IsAway;

    public TimeSpan Life => TimeSpan.FromSeconds(15);

    public ConcurrentQueue<IReadOnlyList<RunnerLane>> Told { get; } = [];

    public TimeSpan Grace { get; private set; }

    public bool HasLeft { get; private set; }

    public UnclaimedJobs Unclaimed { get; set; } = new([], []);

    public IReadOnlyList<Mistake>? Answered { get; set; }

    public (string Lane, string Process)? Asked { get; private set; }

    public Func<string, string, bool>? Has { get; private set; }

    public Func<RunnerQuestion, CancellationToken, Task<IReadOnlyList<Mistake>>>? OnQuestion { get; private set; }

    public void Hear() => _heard?.Invoke();

    public Task KeepAsync(string name, IReadOnlyList<RunnerLane> lanes, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            throw new IOException("away");
        }

        Told.Enqueue(lanes);
        return Task.CompletedTask;
    }

    public Task LeaveAsync(CancellationToken cancellationToken)
    {
        HasLeft = true;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Runner>> ListOthersAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            throw new IOException("away");
        }

        Grace = grace;
        return Task.FromResult(Others);
    }

    public IDisposable Listen(Action heard)
    {
        _heard = heard;
        return new Nothing();
    }

    public Task<IReadOnlyList<Mistake>?> AskAsync(string lane, string process, ExecuteRequest request, CancellationToken cancellationToken)
    {
        Asked = (lane, process);
        return Task.FromResult(Answered);
    }

    public IDisposable Answer(Func<string, string, bool> has, Func<RunnerQuestion, CancellationToken, Task<IReadOnlyList<Mistake>>> answer)
    {
        (Has, OnQuestion) = (has, answer);
        return new Nothing();
    }

    public Task<UnclaimedJobs> LookAfterUnclaimedAsync(TimeSpan patience, CancellationToken cancellationToken) => Task.FromResult(Unclaimed);

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
