using System.Security.Cryptography;
using System.Text;
using GeoWps.Adapters.Http.Answers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Pages;

/// <summary>What every page of the API has around its content: OGC API - Processes 1.0, class "HTML".</summary>
/// <param name="BaseAddress">Ending in a slash.</param>
/// <param name="Trail">Where the page stands: address and name of each page above it.</param>
/// <param name="Links">Those of the resource's JSON: a page leads to the same places.</param>
internal sealed record Page(string Title, string BaseAddress, IReadOnlyList<(string Href, string Name)> Trail, IReadOnlyList<Link> Links)
{
    /// <summary>Nothing on a page comes from elsewhere, and nothing on it runs, but for the script of the page of files.</summary>
    public static readonly string SecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(PageStyle.Text)))}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly string PolicyWithPictures = SecurityPolicy + "; img-src 'self'";

    private static readonly (string Path, string Name)[] Main =
    [
        ("processes", "Processes"), ("jobs", "Jobs"), ("collections", "Collections"), ("files/", "Files"), ("search", "Search"), ("api", "API"), ("conformance", "Conformance"),
    ];

    /// <summary>Seconds after which a browser looks again; <see langword="null"/>: it does not.</summary>
    public int? Refresh { get; init; }

    /// <summary>It shows pictures of this server's.</summary>
    public bool HasPictures { get; init; }

    /// <summary>What its policy allows beyond that of pages, beginning with a semicolon.</summary>
    public string MorePolicy { get; init; } = "";

    public byte[] Write(Action<HtmlWriter> content)
    {
        var html = new HtmlWriter();
        html.Element("html", () => Document(html, content), ("lang", "en"));
        return Encoding.UTF8.GetBytes(html.ToString());
    }

    /// <summary>A page that changes.</summary>
    public IResult Answer(Action<HtmlWriter> content, int status = StatusCodes.Status200OK) => new PageAnswer(Write(content), status, (HasPictures ? PolicyWithPictures : SecurityPolicy) + MorePolicy);

    /// <summary>A page that is made once.</summary>
    public StoredPage Store(Action<HtmlWriter> content) => new(new StoredAnswer(Write(content), Media.Html));

    private void Document(HtmlWriter html, Action<HtmlWriter> content)
    {
        html.Element("head", () =>
        {
            html.Void("meta", ("charset", "utf-8"));
            html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
            html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
            if (Refresh is { } seconds)
            {
                html.Void("meta", ("http-equiv", "refresh"), ("content", $"{seconds}"));
            }

            html.Element("title", Title);
            foreach (var link in Links.Where(link => link.Rel == "self"))
            {
                html.Void("link", ("rel", "alternate"), ("type", link.Type), ("href", Answers.Links.ToJson(link.Href).Href));
            }

            html.Style();
        });
        html.Element("body", () =>
        {
            html.Element("header", () =>
            {
                html.Element("nav", () =>
                {
                    html.Link(BaseAddress, "Home");
                    foreach (var (href, name) in Trail)
                    {
                        html.Text(" / ");
                        html.Link(href, name);
                    }
                }, ("aria-label", "Where you are"));
                html.Element("nav", () =>
                {
                    foreach (var (path, name) in Main)
                    {
                        html.Link(BaseAddress + path, name);
                        html.Text(" ");
                    }
                }, ("aria-label", "Server"));
            });
            html.Element("main", () =>
            {
                html.Element("h1", Title);
                content(html);
            });
            Footer(html);
        });
    }

    private void Footer(HtmlWriter html)
    {
        // The page's own address nobody needs on it; its link to itself, which is a document's, leads to that document.
        Link[] links = [.. Links.Where(link => link.Rel != "alternate" || link.Type != Media.HtmlType)
            .Select(link => link.Rel == "self" ? Answers.Links.ToJson(link.Href) : link)];
        if (links.Length == 0)
        {
            return;
        }

        html.Element("footer", () => html.Element("ul", () =>
        {
            foreach (var link in links)
            {
                html.Element("li", () => html.Link(link.Href, link.Title ?? link.Rel));
            }
        }, ("aria-label", "Links of this page")));
    }
}

/// <summary>Bytes of a page that are sent with the policy of pages.</summary>
internal sealed class StoredPage(StoredAnswer bytes) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.ContentSecurityPolicy = Page.SecurityPolicy;
        return bytes.ExecuteAsync(httpContext);
    }
}

internal sealed class PageAnswer(byte[] bytes, int status, string policy) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.ContentSecurityPolicy = policy;
        return httpContext.SendAsync(bytes, Media.Html, status);
    }
}
