using System.Globalization;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>Tilesets for people.</summary>
internal static class TilesetPages
{
    public static IResult List(string title, string address, string baseAddress, IReadOnlyList<(string Href, string Name)> trail, IReadOnlyList<TilesetView> views) =>
        new Page(title, baseAddress, trail, [Links.ToJson(address)]).Answer(html =>
        {
            html.Element("p", views.Count == 0 ? "There are none." : "Each is the same data in another grid.");
            html.Table<TilesetView>(["Tile matrix set", "CRS", "Levels", "Formats"], views, view =>
            {
                html.Element("td", () => html.Link(Addresses.In(view.Self, Representation.Html), view.Set.Id));
                html.Element("td", view.Set.Crs.ToString());
                html.Element("td", Levels(view));
                html.Element("td", string.Join(", ", view.Formats.Select(format => format.Name)));
            });
        });

    public static IResult One(TilesetView view) => new Page(
        $"{view.Title} in {view.Set.Id}",
        view.BaseAddress,
        [(Addresses.In(view.Address, Representation.Html), "Tilesets")],
        [Links.ToJson(view.Self)]).Answer(html =>
    {
        html.Element("dl", () =>
        {
            html.Fact("Tile matrix set", () => html.Link($"{view.BaseAddress}tileMatrixSets/{view.Set.Id}?f=html", view.Set.Title ?? view.Set.Id));
            html.Fact("CRS", view.Set.Crs.ToString());
            html.Fact("Kind", view.DataType);
            html.Fact("Layers", string.Join(", ", view.Layers.Select(layer => layer.Title)));
            html.Fact("Levels", Levels(view));
            if (view.HasTileJson)
            {
                html.Fact("For map libraries", () => html.Link(view.TileJson, "TileJSON"));
            }

            foreach (var format in view.Formats)
            {
                html.Fact($"Tiles as {format.Name}", () => html.Element("code", view.Template(format)));
            }
        });
        html.Element("h2", "What is there");
        html.Table<Domain.Tiles.TileMatrixLimits>(["Tile matrix", "Rows", "Columns", "Tiles"], view.Limits, limits =>
        {
            html.Element("td", view.Set.Matrices[limits.Level].Id);
            html.Element("td", string.Create(CultureInfo.InvariantCulture, $"{limits.Range.MinRow} to {limits.Range.MaxRow}"));
            html.Element("td", string.Create(CultureInfo.InvariantCulture, $"{limits.Range.MinColumn} to {limits.Range.MaxColumn}"));
            html.Element("td", limits.Range.Count.ToString("N0", CultureInfo.InvariantCulture));
        });
    });

    private static string Levels(TilesetView view) =>
        view.Limits.Count == 0 ? "none" : $"{view.Set.Matrices[view.Limits[0].Level].Id} to {view.Set.Matrices[view.Limits[^1].Level].Id}";
}
