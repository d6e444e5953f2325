using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>What a tileset can be described as: its own document, TileJSON, a page.</summary>
internal static class TilesetForms
{
    public const string TileJson = "tilejson";

    private const string TileJsonType = "application/vnd.mapbox.tile+json";

    public static IResult Answer(HttpRequest request, TilesetView view)
    {
        request.HttpContext.Response.Headers.Vary = "Accept";
        var form = request.Query["f"].ToString();
        if (form is not ("" or "json" or "html" or TileJson))
        {
            return Problems.InvalidParameters([new("f", $"must be json, html or tilejson (got {form})")]);
        }

        if (form == TileJson || (form.Length == 0 && Accept.Prefers(request, TileJsonType, Media.Json, Media.HtmlType)))
        {
            return view.HasTileJson
                ? new JsonAnswer(json => TileJsonDocument.Write(json, view)) { ContentType = form.Length > 0 ? Media.Json : TileJsonType }
                : Problems.InvalidParameters([new("f", $"TileJSON is for {TileAddress.WebMercator} only")]);
        }

        if (Representation.IsPage(request))
        {
            return TilesetPages.One(view);
        }

        // RFC 9652: the address of every tile, for who does not read the document.
        request.HttpContext.Response.Headers["Link-Template"] = $"\"{view.Template(view.Formats[0])}\"; rel=\"item\"; type=\"{view.Formats[0].MediaType}\"";
        return new JsonAnswer(json => TilesetDocument.Write(json, view, inList: false));
    }
}
