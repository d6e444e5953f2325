using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Security;
using GeoWps.Domain.Jobs;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Processes;

/// <summary><c>POST /processes/{processID}/validation</c>: the checks of an execution without it; 200, or 400 with every mistake.</summary>
internal sealed class ValidateEndpoint(ProcessCatalogues catalogues, ExecuteBody bodies, ValidateRequest validate, IBlobStore blobs, AdminToken token) : ApiEndpoint
{
    public override void Configure() => Post("/processes/{processID}/validation");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
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
            var call = new ExecuteCall(id, body, ExecuteMode.Sync, Wait: null, Owner: null, BaseAddress, IdempotencyKey: null) { IsAdministrator = Bearer.IsShown(Request, token) };
            var validated = await validate.ExecuteAsync(call, ct);
            return validated.Failure switch
            {
                null => new JsonAnswer(json =>
                {
                    json.WriteStartObject();
                    json.WriteBoolean("valid", true);
                    json.WriteEndObject();
                }),
                ExecuteOutcome.NotAllowed => Bearer.Refuse(HttpContext),
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
