using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Tiles.Seeding;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>The sources there are: adds, replaces, removes and runs them.</summary>
public sealed class HarvestSources(
    IHarvestStore store, IRecordStore records, IScheduleStore times, IEnumerable<IHarvestReader> readers, ExecuteProcess execute, IJobStore jobs, TimeProvider clock) : IDisposable
{
    private const string NoAddress = "http://127.0.0.1/";

    // Between looking whether a job runs and starting one nobody else does the same.
    private readonly SemaphoreSlim _starting = new(1);
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the next change that is made here.</summary>
    internal Task Changed => _changed.Task;

    public Task<IReadOnlyList<HarvestSource>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    public Task<HarvestSource?> FindAsync(string id, CancellationToken cancellationToken) => store.FindAsync(id, cancellationToken);

    /// <param name="name">Of the address: one of this id gives way. <see langword="null"/>: the body has it, and it must be new.</param>
    /// <returns>The id, and what was done with it; <see langword="null"/> when there are mistakes.</returns>
    public async Task<(string Id, ScheduleChange Change)?> StoreAsync(JsonElement json, string? name, List<Mistake> mistakes, CancellationToken cancellationToken)
    {
        var before = name is null ? null : await store.FindAsync(name, cancellationToken);
        if (HarvestForm.Read(json, name, before, readers, clock.GetUtcNow(), mistakes) is not { } source)
        {
            return null;
        }

        var isNew = name is null ? await store.TryAddAsync(source, cancellationToken) : await store.PutAsync(source, cancellationToken);
        if (isNew || name is not null)
        {
            TellChange();
        }

        return (source.Id, isNew ? ScheduleChange.Added : name is null ? ScheduleChange.Exists : ScheduleChange.Replaced);
    }

    /// <summary>With its records.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        // The records first: whoever dies between the two leaves a source that can be removed again.
        if (await store.FindAsync(id, cancellationToken) is null)
        {
            return false;
        }

        await records.RemoveAllAsync(id, cancellationToken);
        var was = await store.RemoveAsync(id, cancellationToken);
        await times.RemoveAsync(HarvestNames.ScheduleOf(id), cancellationToken);
        TellChange();
        return was;
    }

    /// <summary>At one of its times, unless another node has taken that one.</summary>
    public async Task<ScheduleOutcome> AtAsync(HarvestSource source, DateTimeOffset due, CancellationToken cancellationToken) =>
        await times.TryTakeAsync(HarvestNames.ScheduleOf(source.Id), due, cancellationToken)
            ? await NowAsync(source.Id, NoAddress, $"harvest {source.Id} {due:yyyyMMddTHHmm}", maxRemoved: null, cancellationToken)
            : new ScheduleOutcome.Taken();

    /// <summary>Now, unless its job runs. Should two nodes start one at the same moment, the second job fails: <see cref="HarvestTurn"/>.</summary>
    /// <param name="maxRemoved">Share of its records that this run may remove; <see langword="null"/>: as the source says.</param>
    public async Task<ScheduleOutcome> NowAsync(string id, string baseAddress, string? idempotencyKey, double? maxRemoved, CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            var inputs = new JsonObject { [HarvestNames.Source] = id };
            if (maxRemoved is { } share)
            {
                inputs[HarvestNames.MaxRemoved] = share;
            }

            var json = new JsonObject { ["inputs"] = inputs }.ToJsonString();
            var running = await jobs.ListAsync(
                new JobFilter { ProcessIds = [HarvestNames.Process], Statuses = [JobStatus.Accepted, JobStatus.Running], Limit = 1000 }, cancellationToken);
            if (running.Jobs.FirstOrDefault(job => IsOf(job.Request.Json, id)) is { } before)
            {
                return new ScheduleOutcome.StillRuns(before);
            }

            var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
            var body = new RequestBody(JobId.New(clock.GetUtcNow()), JsonElement.Parse(json), [], digest);
            var call = new ExecuteCall(HarvestNames.Process, body, ExecuteMode.Async, Wait: null, Owner: null, baseAddress, idempotencyKey) { IsAdministrator = true };
            var outcome = await execute.ExecuteAsync(call, cancellationToken);
            return outcome is ExecuteOutcome.Started(var job) ? new ScheduleOutcome.Started(job) : new ScheduleOutcome.Refused(outcome);
        }
        finally
        {
            _starting.Release();
        }
    }

    public void Dispose() => _starting.Dispose();

    private static bool IsOf(string request, string id) => JsonElement.Parse(request).TryGetProperty("inputs", out var inputs)
        && inputs.ValueKind == JsonValueKind.Object && inputs.TryGetProperty(HarvestNames.Source, out var source) && source.ValueKind == JsonValueKind.String && source.GetString() == id;

    private void TellChange() => Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
