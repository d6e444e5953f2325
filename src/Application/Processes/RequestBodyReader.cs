using System.IO.Pipelines;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Processes;

/// <summary>What came of reading a body.</summary>
public abstract record BodyOutcome
{
    private BodyOutcome()
    {
    }

    public sealed record Read(RequestBody Body) : BodyOutcome;

    /// <summary>It is no JSON object that can be read: 400.</summary>
    public sealed record Refused(Mistake Mistake) : BodyOutcome;

    /// <summary>413.</summary>
    public sealed record TooLarge(long MaxBytes) : BodyOutcome;
}

/// <summary>Reads an execute request's body as a stream: large parts go to the blob store while it is read.</summary>
public sealed class RequestBodyReader(IBlobStore blobs, IOptions<RequestLimits> limits)
{
    /// <param name="id">The id of the job that it will be.</param>
    public Task<BodyOutcome> ReadAsync(JobId id, PipeReader body, CancellationToken cancellationToken) =>
        throw new NotImplementedException($"{id} {blobs} {limits}");
}
