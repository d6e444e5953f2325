using GeoWps.Adapters.Http.Pages;
using GeoWps.Adapters.Http.Tiles;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Http.Collections;

/// <summary>A layer at a glance: its drawn tiles of the finest matrix in which it is no more than a few, side by side. Nothing of it runs.</summary>
internal sealed class LayerPreview(LayerTilesets tilesets, MakeTiles maker)
{
    private const int MostColumns = 4;
    private const int MostRows = 3;

    /// <summary>A single place needs some of what is around it.</summary>
    private const int FinestLevel = 12;

    /// <summary>Addresses of tiles, row by row from the north; none where no source draws the layer.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Of(Layer layer, string baseAddress)
    {
        if (maker.FormatsOf(layer).FirstOrDefault(format => !format.IsVector) is not { } format
            || tilesets.Of(layer).FirstOrDefault(tileset => tileset.Set.Matrices.All(matrix => matrix.VariableMatrixWidths.Count == 0)) is not { } tileset)
        {
            return [];
        }

        var address = $"{TilesetView.AddressOf(baseAddress, layer, map: true)}/{tileset.Set.Id}";
        foreach (var (level, range) in tileset.Limits.Reverse().Where(limits => limits.Level <= FinestLevel && limits.Range.Columns <= MostColumns && limits.Range.Rows <= MostRows))
        {
            var matrix = tileset.Set.Matrices[level];
            var rows = Enumerable.Range(range.MinRow, range.Rows).Select(row => (IReadOnlyList<string>)
                [.. Enumerable.Range(range.MinColumn, range.Columns).Select(column => FormattableString.Invariant($"{address}/{Uri.EscapeDataString(matrix.Id)}/{row}/{column}?f={format.Name}"))]);
            return [.. matrix.CornerOfOrigin == CornerOfOrigin.TopLeft ? rows : rows.Reverse()];
        }

        return [];
    }

    public static void Write(HtmlWriter html, IReadOnlyList<IReadOnlyList<string>> rows) => html.Element("div", () =>
    {
        foreach (var row in rows)
        {
            html.Element("div", () =>
            {
                foreach (var tile in row)
                {
                    html.Void("img", ("src", tile), ("alt", ""), ("width", "256"), ("height", "256"));
                }
            });
        }
    }, ("class", "map"), ("role", "img"), ("aria-label", "Map of the layer"));
}
