using GeoWps.Adapters.Http.Answers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary><c>GET /api</c>: the API's definition in OpenAPI 3.0, or as a page.</summary>
internal sealed class ApiDefinitionEndpoint(ApiDocuments documents) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/api");

    public override Task<IResult> ExecuteAsync(CancellationToken ct) => Task.FromResult(Represent(
        () => documents.At(BaseAddress).As(Accept.ForApiDefinition(Request)),
        () => documents.PageAt(BaseAddress)));
}
