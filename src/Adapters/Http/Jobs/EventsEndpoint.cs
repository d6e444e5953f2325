using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Reading = GeoWps.Adapters.Http.Jobs.PatientReader<GeoWps.Application.Ports.JobEvent>.Reading;

namespace GeoWps.Adapters.Http.Jobs;

/// <summary>
/// <c>GET /jobs/{jobID}/events</c>: server-sent events (<c>status</c>, <c>progress</c>, <c>log</c>, <c>results</c>), from the present state to the last.
/// </summary>
internal sealed class EventsEndpoint(IJobStore jobs, IJobEvents events, TimeProvider clock) : JobEndpoint(jobs)
{
    private readonly IJobStore _jobs = jobs;

    public override void Configure() => GetAndHead("/jobs/{jobID}/events");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (Request.Headers["Last-Event-ID"] == JobEventStream.LastId)
        {
            // A browser comes back whenever a stream ends; this is how it is told to stay away.
            return TypedResults.NoContent();
        }

        if (!JobId.TryParse(JobIdText, out var id))
        {
            return Problems.NoSuchJob(JobIdText);
        }

        // Watching begins before the job is read, so that nothing falls between the two.
        await using var reader = new PatientReader<JobEvent>(token => events.WatchAsync(id, token), clock, ct);
        if (await FindJobAsync(ct) is not { } job)
        {
            return Problems.NoSuchJob(JobIdText);
        }

        var response = HttpContext.Response;
        response.ContentType = Media.EventStream;
        if (HttpMethods.IsHead(Request.Method))
        {
            return TypedResults.Empty;
        }

        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await SendAsync(new JobEventStream(response.BodyWriter, BaseAddress), job, reader, ct);
        return TypedResults.Empty;
    }

    private async Task SendAsync(JobEventStream stream, Job job, PatientReader<JobEvent> reader, CancellationToken cancellationToken)
    {
        await SendAsync(stream, job, cancellationToken);
        var ended = job.State.HasEnded;
        while (!ended)
        {
            switch (await reader.ReadAsync(JobEventStream.Heartbeat))
            {
                case Reading.Element:
                    await stream.SendAsync(reader.Current!, cancellationToken);
                    ended = reader.Current is JobEvent.Changed { Job.State.HasEnded: true };
                    break;
                case Reading.Silence:
                    // An end that was missed (another node's, say) is found here at the latest.
                    ended = await BeatAsync(stream, job.Id, cancellationToken);
                    break;
                default:
                    ended = true;
                    break;
            }
        }
    }

    private async Task<bool> BeatAsync(JobEventStream stream, JobId id, CancellationToken cancellationToken)
    {
        var job = await _jobs.FindAsync(id, cancellationToken);
        if (job is { State.HasEnded: true } or { State.Status: JobStatus.Accepted })
        {
            // One that waits has moved on in the queue.
            await SendAsync(stream, job, cancellationToken);
            return job.State.HasEnded;
        }

        await stream.BeatAsync(cancellationToken);
        return job is null;
    }

    private async Task SendAsync(JobEventStream stream, Job job, CancellationToken cancellationToken) => await stream.SendAsync(
        new JobEvent.Changed(job), cancellationToken, job.State.Status == JobStatus.Accepted ? await _jobs.FindPlaceAsync(job.Id, cancellationToken) : null);
}
