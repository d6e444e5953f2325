using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Storage;

/// <summary>What every <see cref="IJobStore"/> does. An adapter derives from it, gives the two methods, and overrides nothing else.</summary>
public abstract partial class JobStoreContract : IDisposable
{
    protected const string Lane = "qgis";
    protected const string Worker = "worker-1";
    protected static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    protected static readonly CancellationToken None = CancellationToken.None;

    // Tests begin with many uses at once: one store for all of them.
    private readonly Lock _opening = new();
    private IJobStore? _store;

    protected TestClock Clock { get; } = new();

    protected IJobStore Store
    {
        get
        {
            lock (_opening)
            {
                return _store ??= Open(Clock);
            }
        }
    }

    /// <summary>Opens the store of this test: the same data each time.</summary>
    protected abstract IJobStore Open(TimeProvider clock);

    /// <summary>Closes what <see cref="Open"/> gave.</summary>
    protected abstract void Close(IJobStore store);

    public void Dispose()
    {
        Restart();
        CleanUp();
        GC.SuppressFinalize(this);
    }

    protected virtual void CleanUp()
    {
    }

    /// <summary>The next use opens the store again.</summary>
    protected void Restart()
    {
        if (_store is { } store)
        {
            Close(store);
            _store = null;
        }
    }

    /// <summary>The clock as stores keep it: whole milliseconds.</summary>
    protected DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(Clock.GetUtcNow().ToUnixTimeMilliseconds());

    protected NewJob NewJob(int priority = 0, string lane = Lane, int maxQueued = 1000, string process = "native:buffer", string? owner = null) =>
        new(
            JobId.New(Clock.GetUtcNow()),
            process,
            lane,
            new JobRequest("""{"inputs":{"INPUT":{"$attachment":0},"DISTANCE":0.1}}""", [], "http://localhost:8080/"),
            owner,
            priority,
            maxQueued,
            StartAs: null,
            Idempotency: null);

    protected async Task<Job> AddAsync(NewJob? job = null) =>
        (await Store.AddAsync(job ?? NewJob(), None)).ShouldBeOfType<AddOutcome.Added>().Job;

    protected async Task<Job> ClaimAsync(string worker = Worker) => (await Store.ClaimAsync(Lane, worker, Lease, null, None)).ShouldNotBeNull();

    protected async Task<(Job Job, JobHold Hold)> RunningAsync()
    {
        await AddAsync();
        var job = await ClaimAsync();
        return (job, Hold(job));
    }

    protected async Task<Job> FindAsync(JobId id) => (await Store.FindAsync(id, None)).ShouldNotBeNull();

    protected static JobHold Hold(Job job) => new(job.Id, job.Attempt, ((JobState.Running)job.State).Worker);

    protected static JsonElement Json(string text) => JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 256 }).RootElement.Clone();

    /// <summary>Records compare lists and JSON by reference; this compares what they say.</summary>
    protected static void ShouldBeSame(Job actual, Job expected)
    {
        Describe(actual).ShouldBe(Describe(expected));
        (actual with { Request = expected.Request, Outputs = expected.Outputs, State = expected.State }).ShouldBe(expected);
    }

    protected static string Describe(OutputValue value) => value switch
    {
        OutputValue.Literal literal => $"literal {literal.Id} {literal.MediaType} {literal.Json.GetRawText()}",
        OutputValue.Content content =>
            $"content {content.Id} {content.Key} {content.MediaType} {content.Name} {content.Length} [{string.Join(", ", content.Sidecars)}]",
        OutputValue.Many many => $"many {many.Id} [{string.Join(", ", many.Values.Select(Describe))}]",
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    private static string Describe(Job job) => string.Join(
        '\n',
        [
            job.Request.Json,
            job.Request.BaseAddress,
            string.Join(", ", job.Request.Attachments),
            job.State is JobState.Failed failed
                ? $"failed {failed.Started:O} {failed.Finished:O} {failed.Failure.Kind} {failed.Failure.Message} {string.Join('|', failed.Failure.Mistakes)}"
                : job.State.ToString(),
            .. job.Outputs.Select(Describe),
        ]);
}
