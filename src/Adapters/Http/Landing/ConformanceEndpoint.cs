using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Landing;

/// <summary><c>GET /conformance</c>: OGC API - Processes 1.0, clause 7.5.</summary>
internal sealed class ConformanceEndpoint : ApiEndpoint
{
    public override void Configure() => GetAndHead("/conformance");

    public override Task<IResult> ExecuteAsync(CancellationToken ct) => Task.FromResult(
        Parameters.Unknown(Request.Query, "f") is { Count: > 0 } unknown ? Problems.InvalidParameters(unknown) : Represent(Json, Page));

    private string Address => BaseAddress + "conformance";

    private JsonAnswer Json() => new(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("conformsTo");
        foreach (var one in Conformance.Classes)
        {
            json.WriteStringValue(one);
        }

        json.WriteEndArray();
        json.WriteLinks(new Link(Address, "self", Media.Json, "This document"), Links.ToPage(Address));
        json.WriteEndObject();
    });

    private StoredPage Page() => new Page("Conformance classes", BaseAddress, [], [Links.ToJson(Address)]).Store(html =>
    {
        html.Element("p", "What this server fulfils, of the standards named.");
        html.Element("ul", () =>
        {
            foreach (var one in Conformance.Classes)
            {
                html.Element("li", () => html.Link(one, one));
            }
        });
    });
}
