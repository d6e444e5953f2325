using GeoWps.Adapters.Http.Answers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Processes;

/// <summary><c>GET /processes/{processID}</c>: clause 7.10.</summary>
internal sealed class DescribeProcessEndpoint(ProcessDocuments documents) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/processes/{processID}");

    public override Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var id = Segment("processID");
        return Task.FromResult(Represent(
            () => (IResult?)documents.Describe(id, BaseAddress) ?? Problems.NoSuchProcess(id),
            () => (IResult?)documents.PageOf(id, BaseAddress) ?? Problems.NoSuchProcess(id)));
    }
}
