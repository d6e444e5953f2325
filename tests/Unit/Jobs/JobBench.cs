using System.Text;
using GeoWps.Adapters.Storage.Memory;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Layers;
using GeoWps.Application;
using GeoWps.Application.Jobs;
using GeoWps.Application.Jobs.Callbacks;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Chains;
using GeoWps.Application.Processes.Recall;
using GeoWps.Application.Security;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Processes;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Jobs;

/// <summary>A node with the real store and one process that does what a test says.</summary>
internal sealed class JobBench : IDisposable
{
    public static readonly CancellationToken None = CancellationToken.None;

    public static readonly Caller Nobody = new(Name: null, Rights.Run);

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    /// <param name="withChains">Another lane, whose worker waits by the same clock.</param>
    public JobBench(bool withChains = false)
    {
        _database = new SqliteDatabase(_folder["jobs.db"], NullLogger.Instance);
        Jobs = new FlakyJobs(new SqliteJobStore(_database, Clock));
        Blobs = new MemoryBlobStore(16 * 1024 * 1024, Clock);
        ChainReader? chains = null;
        var chain = new ChainProvider(() => chains!, () => Execute!, Jobs, Blobs, Events, Clock, NullLogger<ChainProvider>.Instance);
        Catalogues = new ProcessCatalogues(withChains ? [Provider, chain] : [Provider]);
        chains = new ChainReader(Catalogues, Options.Create(new RequestLimits()), Clock);
        Readiness = new Readiness(Catalogues);
        Attempt = new JobAttempt(Jobs, Blobs, Events, Catalogues, Binder, Settings, Clock, NullLogger<JobAttempt>.Instance);
        Worker = new JobWorker(Jobs, Events, Catalogues, Attempt, Readiness, Settings, Options.Create(Node), Clock, NullLogger<JobWorker>.Instance);
        Dismiss = new DismissJob(Jobs, Blobs, Events, Worker, Settings, Clock, NullLogger<DismissJob>.Instance);
        Outbox = new SqliteCallbackOutbox(_database);
        var callbacks = new CallbackSender(
            Outbox, Far, Far, Jobs, Events, new FakeWeb(), Options.Create(new CallbackOptions()), Clock, NullLogger<CallbackSender>.Instance);
        Remembered = new RememberedResults(Jobs, Blobs, Events, Options.Create(Results), Clock, NullLogger<RememberedResults>.Instance);
        Execute = new ExecuteProcess(new ValidateRequest(Catalogues, Binder, chains, Jobs, Options.Create(new LayersOptions())), Jobs, Blobs, Events, Worker, Readiness, Dismiss, callbacks, Remembered, Settings);
    }

    public SqliteCallbackOutbox Outbox { get; }

    /// <summary>Where callbacks go.</summary>
    public FakeCallbacks Far { get; } = new();

    public SteppedClock Clock { get; } = new();

    public FlakyJobs Jobs { get; }

    public MemoryBlobStore Blobs { get; }

    public LocalJobEvents Events { get; } = new();

    public FakeProvider Provider { get; } = new(Bound.Process(Bound.Input("A", """{"type": "string"}""", minOccurs: 1)));

    public ProcessCatalogues Catalogues { get; }

    public Readiness Readiness { get; }

    public RequestBinder Binder { get; } = new(new FakeWeb());

    public IOptions<JobsOptions> Settings { get; } = Options.Create(new JobsOptions());

    public ResultsOptions Results { get; } = new();

    public RememberedResults Remembered { get; }

    public NodeOptions Node { get; } = new();

    public JobAttempt Attempt { get; }

    public JobWorker Worker { get; }

    public DismissJob Dismiss { get; }

    public ExecuteProcess Execute { get; }

    public TimeSpan Lease => TimeSpan.FromSeconds(Settings.Value.LeaseSeconds);

    public async Task<Job> AddAsync(string json = """{"inputs": {"A": "a"}}""", string? owner = null, int priority = 0, string? startAs = null, bool owesCallback = false)
    {
        // One after the other: jobs of the same instant have no order.
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        var job = new NewJob(
            JobId.New(Clock.GetUtcNow()), "p", "test", new JobRequest(json, [], Bound.Base), owner, priority, 100, startAs is null ? null : (startAs, Lease), null) { OwesCallback = owesCallback };
        return (await Jobs.AddAsync(job, None)).ShouldBeOfType<AddOutcome.Added>().Job;
    }

    /// <summary>A job that <c>w</c> holds, with a part of its request and a result in the blob store.</summary>
    public async Task<(Job Job, JobHold Hold)> RunningAsync(string json = """{"inputs": {"A": "a"}}""")
    {
        var job = await AddAsync(json, startAs: "w");
        await PutAsync(JobKeys.Attachment(job.Id, 0));
        await PutAsync(JobKeys.Output(job.Id, 1, "A.txt"));
        return (job, new JobHold(job.Id, 1, "w"));
    }

    public Task PutAsync(string key) =>
        Blobs.PutAsync(key, "x/y", (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(key), token).AsTask(), None);

    public async Task<Job> FindAsync(JobId id) => (await Jobs.FindAsync(id, None)).ShouldNotBeNull();

    public async Task<string[]> KeysAsync(JobId? id = null)
    {
        var keys = new List<string>();
        await foreach (var blob in Blobs.ListAsync(id is null ? "" : JobKeys.All(id), None))
        {
            keys.Add(id is null ? blob.Key : blob.Key[JobKeys.All(id).Length..]);
        }

        return [.. keys];
    }

    /// <summary>Waits for a job to come into a state, by the events that tell of it.</summary>
    public async Task<Job> UntilAsync(JobId id, JobStatus status)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var happenings = Events.WatchAsync(id, patience.Token);
        if (await FindAsync(id) is { } now && now.State.Status == status)
        {
            return now;
        }

        await foreach (var happening in happenings)
        {
            if (happening is JobEvent.Changed { Job: var job } && job.State.Status == status)
            {
                return job;
            }
        }

        throw new InvalidOperationException($"The job ended otherwise: {(await FindAsync(id)).State}");
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
