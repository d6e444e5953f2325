using System.Text;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Adapters.Http.Tiles;
using GeoWps.Application.Layers;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Layers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Styles;

/// <summary>The styles of a layer, or of the whole server: one each. After OGC API - Styles (OGC 20-009, a draft).</summary>
internal sealed class StylesEndpoint(LayerCatalogue layers) : ApiEndpoint
{
    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/styles", "/collections/{layer}/styles");
    }

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var (id, baseAddress) = (Segment("layer"), BaseAddress);
        var layer = id.Length == 0 ? null : await layers.FindAsync(id, ct);
        if (id.Length > 0 && layer is null)
        {
            return Problems.NoSuchCollection(id);
        }

        var address = layer is null ? baseAddress + "styles" : $"{baseAddress}collections/{layer.Id}/styles";
        var title = layer?.Title ?? "All layers";
        Link[] links = [.. StyleForm.Of(layer).Select(form => new Link(Addresses.In($"{address}/{StyleEndpoint.Default}", form.Name), "stylesheet", form.MediaType, form.Title))];
        return Represent(
            () => new JsonAnswer(json =>
            {
                json.WriteStartObject();
                json.WriteString("default", StyleEndpoint.Default);
                json.WriteStartArray("styles");
                json.WriteStartObject();
                json.WriteString("id", StyleEndpoint.Default);
                json.WriteString("title", title);
                json.WriteLinks(links);
                json.WriteEndObject();
                json.WriteEndArray();
                json.WriteLinks(new Link(address, "self", Media.Json, "This document"), Links.ToPage(address));
                json.WriteEndObject();
            }),
            () => new Page($"Styles: {title}", baseAddress, Trail(layer, baseAddress), [Links.ToJson(address)]).Answer(html => html.Table(["Style", "Form"], links, link =>
            {
                html.Element("td", () => html.Link(link.Href, link.Title!));
                html.Element("td", link.Type);
            })));
    }

    private static (string Href, string Name)[] Trail(Layer? layer, string baseAddress) => layer is null
        ? []
        : [($"{baseAddress}collections?f=html", "Collections"), ($"{baseAddress}collections/{layer.Id}?f=html", layer.Title)];
}

/// <summary>A style: a MapLibre document that is ready to be shown, or the layer's QML.</summary>
internal sealed class StyleEndpoint(LayerTilesets tilesets, DatasetTilesets dataset, MakeTiles maker) : ApiEndpoint
{
    public const string Default = "default";

    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/styles/" + Default, "/collections/{layer}/styles/" + Default);
    }

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        HttpContext.Response.Headers.Vary = "Accept";
        var id = Segment("layer");
        if (id.Length == 0)
        {
            var (all, _) = await dataset.FindAsync(TileAddress.WebMercator, null, map: false, ct);
            return Choose(null, out var form) is { } mistake ? mistake
                : MapStyle.Answer(all is null ? MapStyle.Empty() : MapStyle.Make(TilesetView.Of(BaseAddress, all, map: false, "")), form);
        }

        var (tileset, absent) = await tilesets.FindAsync(id, TileAddress.WebMercator, ct);
        return tileset is not null ? Answer(tileset)
            : absent == AbsentPart.Layer ? Problems.NoSuchCollection(id)
            : Problems.NoSuchTileMatrixSet(TileAddress.WebMercator);
    }

    private IResult Answer(LayerTileset tileset)
    {
        var layer = tileset.Layer;
        if (Choose(layer, out var form) is { } mistake)
        {
            return mistake;
        }

        if (form == StyleForm.Qml)
        {
            return new StoredAnswer(Encoding.UTF8.GetBytes(layer.Style!.Text), form.MediaType);
        }

        var map = TileForms.Of(layer, map: false, maker).Count == 0 || !layer.IsVector;
        return MapStyle.Answer(MapStyle.Of(TilesetView.Of(BaseAddress, tileset, map, maker)), form);
    }

    private Problem? Choose(Layer? layer, out StyleForm form)
    {
        var forms = StyleForm.Of(layer);
        form = forms[0];
        if (Request.Query["f"].ToString() is { Length: > 0 } name)
        {
            if (forms.FirstOrDefault(one => one.Name == name) is not { } named)
            {
                return Problems.InvalidParameters([new("f", $"must be {string.Join(" or ", forms.Select(one => one.Name))} (got {name})")]);
            }

            form = named;
            return null;
        }

        // A browser that is led here gets the document, too.
        if (Accept.Best(Request, [.. forms.Select(one => one.MediaType)]) is not { } best)
        {
            return Problems.NotAcceptable(forms.Select(one => one.MediaType));
        }

        form = forms[best];
        return null;
    }
}
