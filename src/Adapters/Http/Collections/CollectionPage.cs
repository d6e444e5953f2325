using System.Globalization;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Domain.Layers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Collections;

/// <summary>A layer for people.</summary>
internal static class CollectionPage
{
    /// <param name="preview">See <see cref="LayerPreview"/>.</param>
    public static IResult Of(Layer layer, string baseAddress, IReadOnlyList<Link> links, IReadOnlyList<IReadOnlyList<string>> preview) => new Page(
        layer.Title, baseAddress, [($"{baseAddress}collections?f=html", "Collections")], links) { HasPictures = preview.Count > 0 }.Answer(html =>
    {
        if (layer.Description is { } description)
        {
            html.Element("p", description);
        }

        if (preview.Count > 0)
        {
            LayerPreview.Write(html, preview);
        }

        html.Element("dl", () =>
        {
            html.Fact("Id", layer.Id);
            html.Fact("Kind", layer.Contents.GeometryType ?? (layer.IsVector ? "Features" : "Map"));
            html.Fact("Features", layer.Contents.FeatureCount?.ToString("N0", CultureInfo.InvariantCulture));
            html.Fact("CRS", layer.Contents.Crs.ToString());
            if (layer.Contents.Extent is { IsEmpty: false } extent)
            {
                html.Fact("Extent", string.Create(CultureInfo.InvariantCulture, $"{extent.MinX:0.####}, {extent.MinY:0.####} to {extent.MaxX:0.####}, {extent.MaxY:0.####} (longitude, latitude)"));
            }

            html.Fact("Keywords", string.Join(", ", layer.Keywords));
            html.Fact("Attribution", layer.Attribution);
            html.Fact("Expires", layer.Expires?.ToString("u", CultureInfo.InvariantCulture));
        });
        html.Element("ul", () =>
        {
            foreach (var link in links.Where(link => link.Rel is not ("self" or "alternate") && link.Type != Media.HtmlType))
            {
                html.Element("li", () => html.Link(link.Type is Media.Json or Media.GeoJson or FeatureLinks.SchemaType ? Addresses.In(link.Href, Representation.Html) : link.Href, link.Title ?? link.Rel));
            }
        });
        if (layer.Contents.Fields.Count > 0)
        {
            html.Element("h2", "Fields");
            html.Table(["Name", "Type"], layer.Contents.Fields, field =>
            {
                html.Element("td", field.Name);
                html.Element("td", field.Format ?? field.Type);
            });
        }
    });
}
