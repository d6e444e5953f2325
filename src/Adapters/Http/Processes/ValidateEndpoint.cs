using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Security;
using GeoWps.Domain.Jobs;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Processes;

/// <summary><c>POST /processes/{processID}/validation</c>: the checks of an execution without it; 200, or 400 with every mistake.</summary>
internal sealed class ValidateEndpoint(ProcessCatalogues catalogues, ExecuteBody bodies, ValidateRequest validate, IBlobStore blobs) : ApiEndpoint
{
    public override void Configure() => Post("/processes/{processID}/validation");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (Bearer.Refuse(HttpContext, Rights.Run) is { } refusal)
        {
            return refusal;
        }

        var id = Segment("processID");
        if (catalogues.Find(id) is null)
        {
            return Problems.NoSuchProcess(id);
        }

        var (body, problem) = await bodies.ReadAsync(HttpContext, ct);
        if (body is null)
        {
            return problem!;
        }

        try
        {
            var call = new ExecuteCall(id, body, ExecuteMode.Sync, Wait: null, Owner: null, BaseAddress, IdempotencyKey: null);
            var validated = await validate.ExecuteAsync(call.By(HttpContext.Caller()), ct);
            return validated.Failure switch
            {
                null => new JsonAnswer(json =>
                {
                    json.WriteStartObject();
                    json.WriteBoolean("valid", true);
                    json.WriteEndObject();
                }),
                ExecuteOutcome.NotAllowed(_, var needed) => Bearer.Refuse(HttpContext, needed)!,
                ExecuteOutcome.Refused(var mistakes) => Problems.InvalidInput(mistakes),
                _ => Problems.NoSuchProcess(id),
            };
        }
        finally
        {
            await blobs.DeleteAllAsync(JobKeys.All(body.Id), CancellationToken.None);
        }
    }
}
