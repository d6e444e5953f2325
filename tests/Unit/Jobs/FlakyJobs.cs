using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Jobs;

/// <summary>A store that fails where a test says so.</summary>
internal sealed class FlakyJobs(IJobStore inner) : IJobStore
{
    private volatile HashSet<string> _failing = [];

    public bool IsShared { get; set; }

    /// <summary>The methods that fail from now on.</summary>
    public void Fail(params string[] methods) => _failing = [.. methods];

    /// <summary>A success is stored, and its answer is lost on the way.</summary>
    public bool LosesSuccess { get; set; }

    /// <summary>What somebody else does as soon as a job was put back.</summary>
    public Func<Task> OncePutBack { get; set; } = () => Task.CompletedTask;

    public Task<AddOutcome> AddAsync(NewJob job, CancellationToken cancellationToken) => Try(nameof(AddAsync), () => inner.AddAsync(job, cancellationToken));

    public Task<Job?> FindAsync(JobId id, CancellationToken cancellationToken) => Try(nameof(FindAsync), () => inner.FindAsync(id, cancellationToken));

    public Task<JobPage> ListAsync(JobFilter filter, CancellationToken cancellationToken) => Try(nameof(ListAsync), () => inner.ListAsync(filter, cancellationToken));

    public Task<Job?> ClaimAsync(string lane, string worker, TimeSpan lease, IReadOnlyCollection<string>? processes, CancellationToken cancellationToken) =>
        Try(nameof(ClaimAsync), () => inner.ClaimAsync(lane, worker, lease, processes, cancellationToken));

    public Task<DateTimeOffset?> NextDueAsync(string lane, IReadOnlyCollection<string>? processes, CancellationToken cancellationToken) => Try(nameof(NextDueAsync), () => inner.NextDueAsync(lane, processes, cancellationToken));

    public Task<QueuePlace?> FindPlaceAsync(JobId id, CancellationToken cancellationToken) => Try(nameof(FindPlaceAsync), () => inner.FindPlaceAsync(id, cancellationToken));

    public Task<bool> RenewAsync(JobHold hold, TimeSpan lease, double progress, string? message, CancellationToken cancellationToken) =>
        Try(nameof(RenewAsync), () => inner.RenewAsync(hold, lease, progress, message, cancellationToken));

    public Task<bool> SucceedAsync(JobHold hold, IReadOnlyList<OutputValue> outputs, CancellationToken cancellationToken) =>
        Try(nameof(SucceedAsync), async () =>
        {
            var isStored = await inner.SucceedAsync(hold, outputs, cancellationToken);
            return LosesSuccess ? throw new IOException("The answer is lost.") : isStored;
        });

    public Task<bool> SucceedFromAsync(JobHold hold, JobId source, IReadOnlyList<OutputValue> outputs, CancellationToken cancellationToken) =>
        Try(nameof(SucceedFromAsync), () => inner.SucceedFromAsync(hold, source, outputs, cancellationToken));

    public Task<Job?> FindRememberedAsync(string requestDigest, string? owner, DateTimeOffset notBefore, CancellationToken cancellationToken) =>
        Try(nameof(FindRememberedAsync), () => inner.FindRememberedAsync(requestDigest, owner, notBefore, cancellationToken));

    public Task<bool> FailAsync(JobHold hold, JobFailure failure, CancellationToken cancellationToken) =>
        Try(nameof(FailAsync), () => inner.FailAsync(hold, failure, cancellationToken));

    public Task<bool> PutBackAsync(JobHold hold, string reason, TimeSpan delay, bool forgetAttempt, CancellationToken cancellationToken) =>
        Try(nameof(PutBackAsync), async () =>
        {
            var isBack = await inner.PutBackAsync(hold, reason, delay, forgetAttempt, cancellationToken);
            await OncePutBack();
            return isBack;
        });

    public Task<DismissOutcome?> DismissAsync(JobId id, CancellationToken cancellationToken) => Try(nameof(DismissAsync), () => inner.DismissAsync(id, cancellationToken));

    public Task<IReadOnlyList<Job>> RecoverAsync(int maxAttempts, string? ofWorkersOtherThan, CancellationToken cancellationToken) =>
        Try(nameof(RecoverAsync), () => inner.RecoverAsync(maxAttempts, ofWorkersOtherThan, cancellationToken));

    public Task<bool> RemoveAsync(JobId id, CancellationToken cancellationToken) => Try(nameof(RemoveAsync), () => inner.RemoveAsync(id, cancellationToken));

    public Task<IReadOnlyList<JobId>> ListStepsAsync(JobId chain, CancellationToken cancellationToken) =>
        Try(nameof(ListStepsAsync), () => inner.ListStepsAsync(chain, cancellationToken));

    public Task<IReadOnlyList<JobId>> ListEndedBeforeAsync(DateTimeOffset before, int most, CancellationToken cancellationToken) =>
        Try(nameof(ListEndedBeforeAsync), () => inner.ListEndedBeforeAsync(before, most, cancellationToken));

    public Task AppendLogAsync(JobId id, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken) => Try(
        nameof(AppendLogAsync),
        async () =>
        {
            await inner.AppendLogAsync(id, entries, cancellationToken);
            return true;
        });

    public Task<IReadOnlyList<LogEntry>> ReadLogAsync(JobId id, int skip, int most, CancellationToken cancellationToken) =>
        Try(nameof(ReadLogAsync), () => inner.ReadLogAsync(id, skip, most, cancellationToken));

    public Task<IReadOnlyDictionary<string, QueueLength>> CountAsync(CancellationToken cancellationToken) => Try(nameof(CountAsync), () => inner.CountAsync(cancellationToken));

    private async Task<T> Try<T>(string method, Func<Task<T>> work) => _failing.Contains(method) ? throw new IOException($"{method} fails.") : await work();
}
