using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Adapters.Http.Records;
using GeoWps.Adapters.Http.Tiles;
using GeoWps.Adapters.Http.Wmts;

namespace GeoWps.Adapters.Http.Landing;

/// <summary>What stands behind <c>/</c>: OGC API - Processes 1.0, clause 7.3, as JSON and as a page for a browser.</summary>
internal sealed record LandingPage(string Title, string BaseAddress)
{
    private const string Description = "Geoprocessing on the web: every process here can be described, executed and watched through OGC API - Processes and WPS.";

    private Link[] Links =>
    [
        new(BaseAddress + "api", "service-desc", Media.OpenApi, "API definition (OpenAPI 3.0)"),
        new(BaseAddress + "api?f=html", "service-doc", "text/html", "API definition as a page"),
        new(BaseAddress + "conformance", Answers.Links.Conformance, Media.Json, "Conformance classes"),
        new(BaseAddress + "processes", Answers.Links.Processes, Media.Json, "Processes"),
        new(BaseAddress + "jobs", Answers.Links.JobList, Media.Json, "Jobs"),
        new(BaseAddress + "files/", "related", Media.Json, "Files"),
        new(BaseAddress + "collections", "data", Media.Json, "Collections: the layers of this server"),
        new(RecordAddresses.Catalogue(BaseAddress), RecordAddresses.Relation, Media.Json, "The catalogue of records"),
        new(RecordAddresses.Items(BaseAddress), "search", Media.GeoJson, "Search"),
        new(TilesetView.DatasetAddress(BaseAddress, map: false), TilesetDocument.Tilesets(map: false), Media.Json, "Vector tiles of all layers"),
        new(TilesetView.DatasetAddress(BaseAddress, map: true), TilesetDocument.Tilesets(map: true), Media.Json, "Map tiles of all layers"),
        new(BaseAddress + "tileMatrixSets", TilesetDocument.TilingSchemes, Media.Json, "Tile matrix sets"),
        new(BaseAddress + "styles", Answers.Links.Styles, Media.Json, "Styles of all layers"),
        new(BaseAddress + WmtsCapabilitiesEndpoint.Path, "related", "text/xml", "WMTS 1.0.0"),
        new(BaseAddress + "tms", "related", "text/xml", "TMS 1.0.0"),
        new(BaseAddress + "uploads", "related", Media.Json, "Uploads (tus 1.0.0)"),
        new(BaseAddress + "wps?service=WPS&request=GetCapabilities", "related", "text/xml", "WPS 1.0.0 and 2.0.0"),
    ];

    public JsonAnswer AsJson() => new(json =>
    {
        json.WriteStartObject();
        json.WriteString("title", Title);
        json.WriteString("description", Description);
        json.WriteLinks(
        [
            new Link(BaseAddress + "?f=json", "self", Media.Json, "This document"),
            new Link(BaseAddress + "?f=html", "alternate", "text/html", "This document as a page"),
            .. Links,
        ]);
        json.WriteEndObject();
    });

    public StoredPage AsPage() => new Page(Title, BaseAddress, [], [Answers.Links.ToJson(BaseAddress)]).Store(html =>
    {
        html.Element("p", Description);
        html.Element("table", () => html.Element("tbody", () =>
        {
            foreach (var link in Links)
            {
                html.Element("tr", () =>
                {
                    html.Element("td", () => html.Link(link.Href, link.Title!));
                    html.Element("td", () => html.Element("code", link.Href));
                });
            }
        }), ("class", "stack"));
    });
}
