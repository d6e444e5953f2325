using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Results;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Records.Use;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Processes;

/// <summary><c>POST /processes/{processID}/execution</c>: clause 7.11.</summary>
internal sealed class ExecuteEndpoint(
    ProcessCatalogues catalogues, ExecuteBody bodies, IBlobStore blobs, ExecuteProcess execute, ResultsAnswers results, UseCounts counts)
    : ExecutionEndpoint(execute, blobs, results, counts)
{
    public override void Configure() => Post("/processes/{processID}/execution");

    protected override async Task<IResult> RunAsync(CancellationToken ct)
    {
        var id = Segment("processID");
        if (catalogues.Find(id) is not { } found)
        {
            return Problems.NoSuchProcess(id);
        }

        var (body, key, problem) = await bodies.ReadWithKeyAsync(HttpContext, ct);
        if (body is null)
        {
            return problem!;
        }

        return ProcessMember.Read(body.Json) is { } named && ProcessMember.IdOf(named, BaseAddress) is var other && other != id && catalogues.Find(other)?.Process != found.Process
            ? await RefuseAsync(body, new Mistake("process", $"must be left out or name this process, {id} (got {named})"))
            : await ExecuteAsync(found, body, key, Prefer.Read(Request.Headers["Prefer"]), ct);
    }
}
