using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Results;
using GeoWps.Adapters.Http.Wps;
using GeoWps.Adapters.Http.Wps.Requests;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Records.Use;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Processes;

/// <summary>
/// <c>GET /processes/{processID}/execution</c> with the inputs as parameters: class "KVP-encoded execute" of the draft of version 2.0. It is answered with
/// the results, whatever the caller prefers: a GET that made jobs and did not wait for them would fill the queue by being looked at.
/// </summary>
internal sealed class KvpExecuteEndpoint(
    ProcessCatalogues catalogues, IBlobStore blobs, IOptions<RequestLimits> limits, TimeProvider clock, ExecuteProcess execute, ResultsAnswers results, UseCounts counts)
    : ExecutionEndpoint(execute, blobs, results, counts)
{
    private static readonly Prefer Synchronous = new(RespondAsync: false, Wait: null);

    public override void Configure() => Get("/processes/{processID}/execution");

    protected override async Task<IResult> RunAsync(CancellationToken ct)
    {
        var id = Segment("processID");
        if (catalogues.Find(id) is not { } found)
        {
            return Problems.NoSuchProcess(id);
        }

        var parts = new RequestParts(JobId.New(clock.GetUtcNow()), Blobs, limits);
        RequestBody? body = null;
        try
        {
            body = await new KvpExecution(new ExecuteDraft(parts, found.Process), Request.Query).ReadAsync(ct);
        }
        catch (OwsRefusedException refused)
        {
            return Problems.InvalidParameters([new Mistake(refused.Fault.Locator ?? "", refused.Fault.Text)]);
        }
        finally
        {
            if (body is null)
            {
                await parts.DiscardAsync();
            }
        }

        return await ExecuteAsync(found, body, key: null, Synchronous, ct);
    }
}
