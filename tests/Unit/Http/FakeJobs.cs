using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Http;

/// <summary>Jobs in memory with the transitions that requests lead to. What workers contend for is the contract suite's affair.</summary>
internal sealed class FakeJobs : IJobStore
{
    private readonly Lock _lock = new();
    private readonly List<Job> _jobs = [];
    private readonly Dictionary<JobId, List<LogEntry>> _logs = [];
    private readonly Dictionary<string, (string Digest, JobId Id)> _keys = [];

    private readonly Dictionary<string, JobId> _digests = [];

    public int MaxQueued { get; set; } = 10;

    public JobFilter? LastFilter { get; private set; }

    public void Put(Job job)
    {
        lock (_lock)
        {
            _jobs.RemoveAll(other => other.Id == job.Id);
            _jobs.Add(job);
        }
    }

    public Task<AddOutcome> AddAsync(NewJob job, CancellationToken cancellationToken)
    {
        if (job.Idempotency is { } sent && !_keys.TryAdd($"{job.Owner} {sent.Key}", (sent.BodyDigest, job.Id)))
        {
            var (digest, id) = _keys[$"{job.Owner} {sent.Key}"];
            return Task.FromResult<AddOutcome>(digest == sent.BodyDigest ? new AddOutcome.Repeated(Find(id)!) : new AddOutcome.KeyReused());
        }

        if (MaxQueued == 0)
        {
            return Task.FromResult<AddOutcome>(new AddOutcome.Full(0));
        }

        var state = job.StartAs is { } start ? new JobState.Running(Some.Time, start.Worker, Some.Time + start.Lease) : (JobState)new JobState.Accepted(null);
        var added = Some.Job(state, job.Id) with { ProcessId = job.ProcessId, Owner = job.Owner, Request = job.Request, IsAdministered = job.IsAdministered };
        Put(added);
        if (job.RequestDigest is { } request)
        {
            _digests[request] = job.Id;
        }

        return Task.FromResult<AddOutcome>(new AddOutcome.Added(added));
    }

    public Task<Job?> FindAsync(JobId id, CancellationToken cancellationToken) => Task.FromResult(Find(id));

    public Task<JobPage> ListAsync(JobFilter filter, CancellationToken cancellationToken)
    {
        LastFilter = filter;
        lock (_lock)
        {
            var found = _jobs.OrderByDescending(job => job.Id.Value, StringComparer.Ordinal)
                .Where(job => filter.SeenBy is not { } caller || caller.Owns(job.Owner))
                .Where(job => filter.After is null || string.CompareOrdinal(job.Id.Value, filter.After.Value) < 0).ToList();
            return Task.FromResult(new JobPage([.. found.Take(filter.Limit)], found.Count > filter.Limit));
        }
    }

    public Task<bool> RenewAsync(JobHold hold, TimeSpan lease, double progress, string? message, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> SucceedAsync(JobHold hold, IReadOnlyList<OutputValue> outputs, CancellationToken cancellationToken) =>
        End(hold.Id, job => job with { State = new JobState.Successful(Some.Time, Some.Time), Outputs = outputs });

    public Task<bool> SucceedFromAsync(JobHold hold, JobId source, IReadOnlyList<OutputValue> outputs, CancellationToken cancellationToken) =>
        End(hold.Id, job => job with { State = new JobState.Successful(Some.Time, Some.Time), Outputs = outputs, DerivedFrom = source });

    public Task<Job?> FindRememberedAsync(string requestDigest, string? owner, DateTimeOffset notBefore, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_digests.GetValueOrDefault(requestDigest) is { } id ? _jobs.Find(job => job.Id == id && job.State.Status == JobStatus.Successful && (job.Owner is null || job.Owner == owner)) : null);
        }
    }

    public Task<bool> FailAsync(JobHold hold, JobFailure failure, CancellationToken cancellationToken) =>
        End(hold.Id, job => job with { State = new JobState.Failed(Some.Time, Some.Time, failure) });

    public async Task<DismissOutcome?> DismissAsync(JobId id, CancellationToken cancellationToken)
    {
        var before = Find(id);
        var changed = before is not null && await End(id, job => job with { State = new JobState.Dismissed(null, Some.Time) });
        return before is null ? null : new DismissOutcome(changed, Find(id)!, before.State.Status == JobStatus.Running);
    }

    public Task<bool> RemoveAsync(JobId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_jobs.RemoveAll(job => job.Id == id) > 0);
        }
    }

    public Task AppendLogAsync(JobId id, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _logs[id] = [.. _logs.GetValueOrDefault(id, []), .. entries];
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<LogEntry>> ReadLogAsync(JobId id, int skip, int most, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<LogEntry>>([.. _logs.GetValueOrDefault(id, []).Skip(skip).Take(most)]);
        }
    }

    public Task<Job?> ClaimAsync(string lane, string worker, TimeSpan lease, IReadOnlyCollection<string>? processes, CancellationToken cancellationToken) => Task.FromResult<Job?>(null);

    public Task<DateTimeOffset?> NextDueAsync(string lane, IReadOnlyCollection<string>? processes, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

    public QueuePlace Place { get; set; } = new(2, IsClaimable: true);

    public Task<QueuePlace?> FindPlaceAsync(JobId id, CancellationToken cancellationToken) => Task.FromResult(Find(id) is { State.Status: JobStatus.Accepted } ? Place : null);

    public Task<bool> PutBackAsync(JobHold hold, string reason, TimeSpan delay, bool forgetAttempt, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Job>> RecoverAsync(int maxAttempts, string? ofWorkersOtherThan, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Job>>([]);

    public Task<IReadOnlyList<JobId>> ListStepsAsync(JobId chain, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<JobId>>([.. _jobs.Where(job => job.Parent == chain).Select(job => job.Id)]);
        }
    }

    public Task<IReadOnlyList<JobId>> ListEndedBeforeAsync(DateTimeOffset before, int most, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<string, QueueLength>> CountAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    private Job? Find(JobId id)
    {
        lock (_lock)
        {
            return _jobs.Find(job => job.Id == id);
        }
    }

    private Task<bool> End(JobId id, Func<Job, Job> next)
    {
        lock (_lock)
        {
            var job = _jobs.Find(one => one.Id == id);
            if (job is null || job.State.HasEnded)
            {
                return Task.FromResult(false);
            }

            Put(next(job));
            return Task.FromResult(true);
        }
    }
}
