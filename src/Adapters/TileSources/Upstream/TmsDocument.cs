using System.Globalization;
using System.Xml.Linq;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.TileSources.Upstream;

/// <summary>A tile map of OSGeo's Tile Map Service 1.0.0: its rows are counted from the south.</summary>
internal static class TmsDocument
{
    public static UpstreamLayer Read(XElement root, Uri address, UpstreamOffer offer, IReadOnlyList<TileMatrixSet> sets)
    {
        var (title, srs) = (Text(root, "Title") ?? "tiles", Text(root, "SRS"));
        var format = root.Element("TileFormat") ?? throw new FormatException("there is no TileFormat");
        var kind = TileFormat.Find((string?)format.Attribute("mime-type") ?? "") ?? TileFormat.Find((string?)format.Attribute("extension") ?? "");
        var steps = (root.Element("TileSets")?.Elements("TileSet") ?? []).Select(set => new Step(
            new Uri(address, (string?)set.Attribute("href") ?? throw new FormatException("a tile set has no address")).AbsoluteUri, Number(set, "units-per-pixel"))).ToArray();
        if (kind is null)
        {
            throw new UpstreamRefusal("format", $"TileFormat {(string?)format.Attribute("mime-type")} is not known here");
        }

        if (steps.Length == 0 || !Crs.TryParse(srs is "OSGEO:41001" ? "EPSG:3857" : srs, out var crs))
        {
            throw new UpstreamRefusal("tileMatrixSet", steps.Length == 0 ? "the document has no TileSet" : $"SRS {srs} is not known here");
        }

        // The last part of the addresses is what differs.
        var folder = steps[0].Href[..(steps[0].Href.TrimEnd('/').LastIndexOf('/') + 1)];
        if (!Array.TrueForAll(steps, step => step.Href.StartsWith(folder, StringComparison.Ordinal) && !step.Href[folder.Length..].TrimEnd('/').Contains('/', StringComparison.Ordinal)))
        {
            throw new UpstreamRefusal("capabilities", "the tile sets of the document have no folder in common");
        }

        var origin = root.Element("Origin") is { } corner ? (Number(corner, "x"), Number(corner, "y")) : (double.NaN, double.NaN);
        var (width, height) = ((int)Number(format, "width"), (int)Number(format, "height"));
        var template = $"{folder}{{z}}/{{x}}/{{y}}.{(string?)format.Attribute("extension") ?? kind.Extension}";
        var layers = from set in sets
                     where set.Crs.SameAs(crs.Value)
                     let ids = set.Matrices.Select(matrix => steps.FirstOrDefault(step => IsOf(step, matrix))?.Href[folder.Length..].TrimEnd('/') ?? "").ToArray()
                     let min = Array.FindIndex(ids, id => id.Length > 0)
                     where min >= 0
                     orderby ids.Count(id => id.Length > 0) descending
                     select new UpstreamLayer(
                         title,
                         title,
                         new LayerSource.Upstream(UpstreamKind.Tms, template, set.Id, ids),
                         new LayerContents { Kind = kind.IsVector ? LayerKind.Vector : LayerKind.Map, Crs = set.Crs, Extent = Extent.World },
                         kind,
                         min,
                         Array.FindLastIndex(ids, id => id.Length > 0))
                     {
                         Description = Text(root, "Abstract"),
                     };
        var found = layers.FirstOrDefault(layer => offer.TileMatrixSet is null || layer.Source.TileMatrixSet == offer.TileMatrixSet)
            ?? throw new UpstreamRefusal("tileMatrixSet", $"the grid of the document is {(offer.TileMatrixSet is { } wanted ? $"not {wanted}" : "none of this server's")}");
        UpstreamGrid.Check(offer, title, sets.First(set => set.Id == found.Source.TileMatrixSet), kind);
        return found;

        bool IsOf(Step step, TileMatrix matrix)
        {
            var extent = matrix.Extent;
            return matrix.TileWidth == width && matrix.TileHeight == height && Math.Abs(step.UnitsPerPixel - matrix.CellSize) <= 1e-3 * matrix.CellSize
                && Math.Abs(origin.Item1 - extent.MinX) <= matrix.CellSize && Math.Abs(origin.Item2 - extent.MinY) <= matrix.CellSize;
        }
    }

    private static double Number(XElement element, string name) =>
        double.Parse((string?)element.Attribute(name) ?? throw new FormatException($"{name} is missing"), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string? Text(XElement parent, string name) => parent.Element(name)?.Value.Trim() is { Length: > 0 } text ? text : null;

    private sealed record Step(string Href, double UnitsPerPixel);
}
