using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Results;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Records.Use;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Processes;

/// <summary><c>POST /jobs</c>: the draft of version 2.0, where the request itself names its process. Everything else is as for an execution.</summary>
internal sealed class CreateJobEndpoint(
    ProcessCatalogues catalogues, ExecuteBody bodies, IBlobStore blobs, ExecuteProcess execute, ResultsAnswers results, UseCounts counts)
    : ExecutionEndpoint(execute, blobs, results, counts)
{
    public override void Configure() => Post("/jobs");

    protected override async Task<IResult> RunAsync(CancellationToken ct)
    {
        var (body, key, problem) = await bodies.ReadWithKeyAsync(HttpContext, ct);
        if (body is null)
        {
            return problem!;
        }

        if (ProcessMember.Read(body.Json) is not { } named)
        {
            return await RefuseAsync(body, new Mistake("process", "the address or the id of a process is required"));
        }

        return catalogues.Find(ProcessMember.IdOf(named, BaseAddress)) is { } found
            ? await ExecuteAsync(found, body, key, Prefer.Read(Request.Headers["Prefer"]), ct)
            : await RefuseAsync(body, new Mistake("process", $"there is no process {named}"));
    }
}
