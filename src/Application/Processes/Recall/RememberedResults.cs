using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Processes.Recall;

/// <summary>
/// Answers a request with the results of an equal one that was answered before. Each job has results of its own: removing one takes nothing from another,
/// and a job that was answered so is no source for others, so that with the job that really ran its results are forgotten.
/// </summary>
public sealed partial class RememberedResults(
    IJobStore jobs, IBlobStore blobs, IJobEvents events, IOptions<ResultsOptions> options, TimeProvider clock, ILogger<RememberedResults> logger)
{
    private readonly RequestDigest _digests = new(blobs);

    /// <summary>Looks whether there is a job whose results will do.</summary>
    public async Task<Recollection> RecallAsync(ExecuteCall call, ProcessDescription process, ExecuteRequest request, CancellationToken cancellationToken)
    {
        var allowed = Allowed(process, request);
        if (allowed == Remembering.Never || call.Age.NoStore
            || await _digests.OfAsync(call.Body, call.BaseAddress, process, request, cancellationToken) is not { } digest)
        {
            return Recollection.None;
        }

        var wanted = !call.Age.NoRecall && (call.Age.MaxAge is not null || allowed == Remembering.Always);
        var notBefore = call.Age.MaxAge is { } age ? Before(age) : DateTimeOffset.MinValue;
        return new Recollection(digest, wanted ? await jobs.FindRememberedAsync(digest, call.Owner, notBefore, cancellationToken) : null);
    }

    /// <summary>Ends a running job with a copy of another's results.</summary>
    /// <param name="hold">Of the running job, which is held by its caller.</param>
    /// <returns>The job as it ended; or as it is put back to be run, because the other one has gone meanwhile.</returns>
    public async Task<Job> AnswerAsync(Job job, JobHold hold, Job source)
    {
        // Done whole, whoever hangs up.
        var never = CancellationToken.None;
        var copied = await new ResultCopies(blobs, source, JobKeys.Output(job.Id, hold.Attempt, "")).MakeAsync(never);
        if (copied is not null && await jobs.SucceedFromAsync(hold, source.Id, copied, never))
        {
            if (!job.Request.KeepsInputs)
            {
                await blobs.DeleteAllAsync(JobKeys.Attachments(job.Id), never);
            }

            LogAnswered(job.Id, source.Id);
        }
        else
        {
            await blobs.DeleteAllAsync(JobKeys.Output(job.Id, hold.Attempt, ""), never);
            await jobs.PutBackAsync(hold, $"The results of job {source.Id} are gone.", TimeSpan.Zero, forgetAttempt: true, never);
        }

        var now = await jobs.FindAsync(job.Id, never) ?? job;
        events.Publish(new JobEvent.Changed(now));
        return now;
    }

    /// <summary>What the operator and the process both allow. What gives something else each time is only repeated for who asks for it.</summary>
    private Remembering Allowed(ProcessDescription process, ExecuteRequest request)
    {
        var both = (Remembering)Math.Min((int)options.Value.Remember, (int)process.Remember);
        return both == Remembering.Always && VolatileText.IsIn(request) ? Remembering.Asked : both;
    }

    private DateTimeOffset Before(TimeSpan age)
    {
        var now = clock.GetUtcNow();
        return age < now - DateTimeOffset.MinValue ? now - age : DateTimeOffset.MinValue;
    }

    [LoggerMessage(EventId = 1320, Level = LogLevel.Information, Message = "Job {JobId} was answered from the results of job {Source}")]
    private partial void LogAnswered(JobId jobId, JobId source);
}

/// <param name="Digest">By which later requests may find the job's results; <see langword="null"/>: they may not.</param>
/// <param name="Source">The job whose results will do.</param>
public sealed record Recollection(string? Digest, Job? Source)
{
    public static Recollection None { get; } = new(null, null);
}
