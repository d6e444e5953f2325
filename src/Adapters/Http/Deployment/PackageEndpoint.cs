using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Deployment;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Deployment;

/// <summary><c>GET /processes/{processID}/package</c>: the body that the process was deployed with. Behind the token: it is the operator's source.</summary>
internal sealed class PackageEndpoint(FindPackage find, ProcessCatalogues catalogues) : AdminEndpoint
{
    public override void Configure() => GetAndHead("/processes/{processID}/package");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var id = Segment("processID");
        return await find.ExecuteAsync(id, ct) is { } package ? new StoredAnswer(package.Content.ToArray(), package.MediaType)
            : catalogues.Find(id) is null ? Problems.NoSuchProcess(id)
            : Problems.NoPackage(id);
    }
}
