using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Http.Jobs;

/// <summary>What the endpoints below <c>/jobs/{jobID}</c> share.</summary>
internal abstract class JobEndpoint(IJobStore jobs) : ApiEndpoint
{
    /// <summary>As the caller wrote it; a text that is no id names an unknown job, which is no bad request.</summary>
    protected string JobIdText => Segment("jobID");

    /// <returns><see langword="null"/> for an unknown job, and for another's: nobody is told that there is one.</returns>
    protected async Task<Job?> FindJobAsync(CancellationToken cancellationToken) =>
        JobId.TryParse(JobIdText, out var id) && await jobs.FindAsync(id, cancellationToken) is { } job && HttpContext.Caller().Owns(job.Owner) ? job : null;
}
