using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Collections;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Application.Records;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Records;

/// <summary>The catalogue as a collection: <c>catalog.yaml</c> of OGC API - Records Part 1.</summary>
internal sealed class CatalogueDocument(IOptions<RecordsOptions> options)
{
    private const string Description = "What this server knows: layers, processes, services, files, and what was harvested from elsewhere.";

    public string Title => options.Value.Title;

    public void Write(Utf8JsonWriter json, string baseAddress)
    {
        json.WriteStartObject();
        json.WriteString("id", CatalogueId.Value);
        json.WriteString("type", "Collection");
        json.WriteString("title", options.Value.Title);
        json.WriteString("description", Description);
        json.WriteString("itemType", "record");
        json.WriteStartArray("crs");
        json.WriteStringValue(Domain.Spatial.Crs.Crs84.Uri);
        json.WriteEndArray();
        json.WriteStartArray("conformsTo");
        json.WriteStringValue("http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-collection");
        json.WriteEndArray();
        json.WriteStartArray("defaultSortOrder");
        json.WriteStartObject();
        json.WriteString("field", RecordProperties.Title);
        json.WriteString("direction", "asc");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteLinks([.. RecordAddresses.OfCatalogue(baseAddress), new Link(RecordAddresses.Changes(baseAddress), RecordChangesLink.Relation, Media.GeoJson, "What has changed since a state")]);
        json.WriteEndObject();
    }

    public IResult Page(string baseAddress) => new Page(options.Value.Title, baseAddress, [($"{baseAddress}collections?f=html", "Collections")], [Links.ToJson(RecordAddresses.Catalogue(baseAddress))]).Answer(html =>
    {
        html.Element("p", Description);
        RecordsPage.Form(html, Addresses.In(RecordAddresses.Items(baseAddress), Representation.Html), null);
        html.Element("ul", () =>
        {
            foreach (var link in RecordAddresses.OfCatalogue(baseAddress).Where(link => link.Rel is not ("self" or "alternate") && link.Type != Media.HtmlType))
            {
                html.Element("li", () => html.Link(Addresses.In(link.Href, Representation.Html), link.Title!));
            }
        });
    });
}

/// <summary><c>GET /collections/records</c>: OGC API - Records Part 1, clause 10.2.</summary>
internal sealed class CatalogueEndpoint(CatalogueDocument document) : ApiEndpoint
{
    public override void Configure() => GetAndHead($"/collections/{CatalogueId.Value}");

    public override Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var baseAddress = BaseAddress;
        return Task.FromResult(Parameters.Unknown(Request.Query, "f") is { Count: > 0 } unknown
            ? Problems.InvalidParameters(unknown)
            : Represent(() => new JsonAnswer(json => document.Write(json, baseAddress)), () => document.Page(baseAddress)));
    }
}

/// <summary>What records can be asked for by, or sorted by, as a JSON Schema: OGC API - Features Part 3, 6.2; OGC API - Records Part 1, clause 8.6.</summary>
internal abstract class PropertiesEndpoint(string title, string text) : ApiEndpoint
{
    protected abstract string Name { get; }

    protected abstract bool Has(string property);

    public override void Configure() => GetAndHead($"/collections/{CatalogueId.Value}/{Name}");

    public override Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var address = $"{RecordAddresses.Catalogue(BaseAddress)}/{Name}";
        return Task.FromResult(Parameters.Unknown(Request.Query, "f") is { Count: > 0 } unknown
            ? Problems.InvalidParameters(unknown)
            : Represent(() => new JsonAnswer(json => Write(json, address)) { ContentType = FeatureLinks.SchemaType }, () => PageOf(address)));
    }

    private IEnumerable<(string Name, RecordPropertyKind Kind, string Title)> All => RecordProperties.All.Where(property => Has(property.Name));

    private void Write(Utf8JsonWriter json, string address)
    {
        json.WriteStartObject();
        json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.WriteString("$id", address);
        json.WriteString("type", "object");
        json.WriteString("title", title);
        json.WriteStartObject("properties");
        foreach (var property in All)
        {
            json.WriteStartObject(property.Name);
            json.WriteString("title", property.Title);
            switch (property.Kind)
            {
                case RecordPropertyKind.Geometry:
                    json.WriteString("format", "geometry-any");
                    break;
                case RecordPropertyKind.TextList:
                    json.WriteString("type", "array");
                    json.WriteStartObject("items");
                    json.WriteString("type", "string");
                    json.WriteEndObject();
                    break;
                default:
                    json.WriteString("type", "string");
                    json.WriteIfAny("format", property.Kind is RecordPropertyKind.Instant or RecordPropertyKind.Interval ? "date-time" : null);
                    break;
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();

        // Records have what their sources say beside.
        json.WriteBoolean("additionalProperties", Name == "queryables");
        json.WriteEndObject();
    }

    private IResult PageOf(string address) => new Page(
        title, BaseAddress, [(Addresses.In(RecordAddresses.Catalogue(BaseAddress), Representation.Html), "Records")], [Links.ToJson(address)]).Answer(html =>
    {
        html.Element("p", text);
        html.Table(["Name", "What it is"], [.. All], property =>
        {
            html.Element("td", property.Name);
            html.Element("td", property.Title);
        });
    });
}

/// <summary><c>GET /collections/records/queryables</c>.</summary>
internal sealed class RecordQueryablesEndpoint()
    : PropertiesEndpoint("What records can be asked for by", "Each is a name in filters: items?filter=title LIKE 'A%'. Records have further members of their sources, which can be asked for, too.")
{
    protected override string Name => "queryables";

    protected override bool Has(string property) => true;
}

/// <summary><c>GET /collections/records/sortables</c>.</summary>
internal sealed class RecordSortablesEndpoint() : PropertiesEndpoint("What records can be sorted by", "items?sortby=-updated,title")
{
    protected override string Name => "sortables";

    protected override bool Has(string property) => RecordProperties.Sortable.Contains(property);
}
