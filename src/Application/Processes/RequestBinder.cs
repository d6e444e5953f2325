using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes;

/// <summary>Reads an execute request against its process's description.</summary>
public sealed class RequestBinder
{
    /// <param name="baseAddress">Under which the caller reached the server: references below it are our own.</param>
    public BoundRequest Bind(ProcessDescription process, RequestBody body, string baseAddress) =>
        throw new NotImplementedException($"{process.Id} {body.Id} {baseAddress}");

    /// <summary>The same for a request that was accepted before.</summary>
    public BoundRequest Bind(ProcessDescription process, JobRequest request) => throw new NotImplementedException($"{process.Id} {request.BaseAddress}");
}

/// <summary>Either the request, or every mistake in it.</summary>
public sealed record BoundRequest(ExecuteRequest? Request, IReadOnlyList<Mistake> Mistakes);
