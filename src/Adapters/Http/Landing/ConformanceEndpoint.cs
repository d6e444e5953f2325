using GeoWps.Adapters.Http.Answers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Landing;

/// <summary><c>GET /conformance</c>: OGC API - Processes 1.0, clause 7.5.</summary>
internal sealed class ConformanceEndpoint : ApiEndpoint
{
    public override void Configure() => GetAndHead("/conformance");

    public override Task<IResult> ExecuteAsync(CancellationToken ct) => Task.FromResult<IResult>(new JsonAnswer(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("conformsTo");
        foreach (var one in Conformance.Classes)
        {
            json.WriteStringValue(one);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }));
}
