using System.Net;
using System.Text;
using GeoWps.Adapters.Http.Answers;

namespace GeoWps.Adapters.Http.Landing;

/// <summary>What stands behind <c>/</c>: OGC API - Processes 1.0, clause 7.3, as JSON and as a page for a browser.</summary>
internal sealed record LandingPage(string Title, string BaseAddress)
{
    private const string Description = "Geoprocessing on the web: every process here can be described, executed and watched through OGC API - Processes.";

    private Link[] Links =>
    [
        new(BaseAddress + "api", "service-desc", Media.OpenApi, "API definition (OpenAPI 3.0)"),
        new(BaseAddress + "conformance", Answers.Links.Conformance, Media.Json, "Conformance classes"),
        new(BaseAddress + "processes", Answers.Links.Processes, Media.Json, "Processes"),
        new(BaseAddress + "jobs", Answers.Links.JobList, Media.Json, "Jobs"),
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

    public byte[] AsHtml()
    {
        var page = new StringBuilder();
        var title = WebUtility.HtmlEncode(Title);
        page.Append($$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{{title}}</title>
            <style>
            body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 4rem auto; padding: 0 1.2rem; color: #1c2b33; background: #fbfcfc }
            h1 { font-size: 2rem; margin: 0 0 .4rem } ul { list-style: none; padding: 0; margin: 2rem 0 }
            li { border-top: 1px solid #dbe3e6; padding: .7rem 0 } a { color: #0b6e8a } code { color: #5b6d76 }
            @media (prefers-color-scheme: dark) {
            body { color: #e3eaed; background: #12191d } li { border-color: #2b3a41 } a { color: #6cc6e0 } code { color: #93a4ac }
            }
            </style>
            </head>
            <body>
            <h1>{{title}}</h1>
            <p>{{WebUtility.HtmlEncode(Description)}}</p>
            <ul>

            """);
        foreach (var link in Links)
        {
            var href = WebUtility.HtmlEncode(link.Href);
            page.Append($"<li><a href=\"{href}\">{WebUtility.HtmlEncode(link.Title)}</a> <code>{href}</code></li>\n");
        }

        page.Append("</ul>\n</body>\n</html>\n");
        return Encoding.UTF8.GetBytes(page.ToString());
    }
}
