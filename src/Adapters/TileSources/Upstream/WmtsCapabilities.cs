using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.TileSources.Upstream;

/// <summary>A WMTS 1.0.0 capabilities document (OGC 07-057r7, 7.1.1). Names are taken without their namespace: many servers err there.</summary>
internal static partial class WmtsCapabilities
{
    public static UpstreamReading.Found Read(XElement root, IReadOnlyList<TileMatrixSet> sets)
    {
        var contents = Child(root, "Contents") ?? throw new FormatException("there are no contents");
        var grids = Children(contents, "TileMatrixSet").ToDictionary(Identifier, Grid, StringComparer.Ordinal);
        var kvp = KvpAddress(root);
        var (layers, skipped) = (new List<UpstreamLayer>(), new List<string>());
        foreach (var layer in Children(contents, "Layer"))
        {
            var before = layers.Count;
            layers.AddRange(Offers(layer, grids, kvp, sets));
            if (layers.Count == before)
            {
                skipped.Add($"{Identifier(layer)}: none of its grids and formats is one of this server's");
            }
        }

        return new UpstreamReading.Found(layers, skipped);
    }

    private static IEnumerable<UpstreamLayer> Offers(XElement layer, Dictionary<string, (Crs? Crs, List<UpstreamMatrix> Matrices)> grids, string? kvp, IReadOnlyList<TileMatrixSet> sets)
    {
        var name = Identifier(layer);
        var styles = Children(layer, "Style").ToArray();
        var style = (styles.FirstOrDefault(one => (string?)one.Attribute("isDefault") is "true" or "1") ?? styles.FirstOrDefault()) is { } first ? Identifier(first) : "";
        var values = Children(layer, "Dimension").ToDictionary(Identifier, one => Text(one, "Default") ?? Text(one, "Value") ?? "", StringComparer.OrdinalIgnoreCase);
        foreach (var link in Children(layer, "TileMatrixSetLink").Select(link => Text(link, "TileMatrixSet")).OfType<string>())
        {
            if (!grids.TryGetValue(link, out var grid) || grid.Crs is not { } crs)
            {
                continue;
            }

            foreach (var match in UpstreamGrid.Match(crs, grid.Matrices, sets))
            {
                foreach (var (format, template) in Templates(layer, name, style, link, values, kvp))
                {
                    yield return new UpstreamLayer(
                        name,
                        Text(layer, "Title") ?? name,
                        new LayerSource.Upstream(UpstreamKind.Wmts, template, match.Set.Id, match.Ids),
                        new LayerContents { Kind = format.IsVector ? LayerKind.Vector : LayerKind.Map, Crs = match.Set.Crs, Extent = Box(layer) },
                        format,
                        match.MinLevel,
                        match.MaxLevel)
                    {
                        Description = Text(layer, "Abstract"),
                    };
                }
            }
        }
    }

    /// <summary>By resource where the server has that, else by parameters; one for each format.</summary>
    private static IEnumerable<(TileFormat Format, string Template)> Templates(
        XElement layer, string name, string style, string set, Dictionary<string, string> values, string? kvp)
    {
        var seen = new HashSet<TileFormat>();
        foreach (var resource in Children(layer, "ResourceURL").Where(resource => (string?)resource.Attribute("resourceType") == "tile"))
        {
            if (FormatOf((string?)resource.Attribute("format")) is { } format && (string?)resource.Attribute("template") is { } template)
            {
                var filled = Place().Replace(template, place => place.Groups["name"].Value switch
                {
                    var key when key.Equals("style", StringComparison.OrdinalIgnoreCase) => Uri.EscapeDataString(style),
                    var key when key.Equals("TileMatrixSet", StringComparison.OrdinalIgnoreCase) => Uri.EscapeDataString(set),
                    var key when key.Equals("Layer", StringComparison.OrdinalIgnoreCase) => Uri.EscapeDataString(name),
                    var key when values.TryGetValue(key, out var value) => Uri.EscapeDataString(value),
                    _ => place.Value,
                });
                if (UpstreamTemplate.Refuse(filled) is null && seen.Add(format))
                {
                    yield return (format, filled);
                }
            }
        }

        foreach (var text in kvp is null ? [] : Children(layer, "Format").Select(format => format.Value.Trim()))
        {
            if (FormatOf(text) is { } format && seen.Add(format))
            {
                var extra = string.Concat(values.Where(pair => pair.Value.Length > 0).Select(pair => $"&{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
                yield return (format, $"{kvp}SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={Uri.EscapeDataString(name)}&STYLE={Uri.EscapeDataString(style)}&FORMAT={Uri.EscapeDataString(text)}"
                    + $"&TILEMATRIXSET={Uri.EscapeDataString(set)}&TILEMATRIX={{TileMatrix}}&TILEROW={{TileRow}}&TILECOL={{TileCol}}{extra}");
            }
        }
    }

    /// <returns>With the mark after which parameters stand; <see langword="null"/> where GetTile is not asked for by parameters.</returns>
    private static string? KvpAddress(XElement root)
    {
        var gets = Children(Child(root, "OperationsMetadata"), "Operation").Where(operation => (string?)operation.Attribute("name") == "GetTile").Descendants().Where(one => one.Name.LocalName == "Get");
        var href = gets.Where(get => !get.Descendants().Any(one => one.Name.LocalName == "Value") || get.Descendants().Any(one => one.Name.LocalName == "Value" && one.Value.Trim() == "KVP"))
            .Select(get => get.Attributes().FirstOrDefault(attribute => attribute.Name.LocalName == "href")?.Value.Trim()).FirstOrDefault();
        return href is null ? null : href.Contains('?', StringComparison.Ordinal) ? href.EndsWith('?') || href.EndsWith('&') ? href : href + "&" : href + "?";
    }

    private static (Crs? Crs, List<UpstreamMatrix> Matrices) Grid(XElement set)
    {
        var crs = Crs.TryParse(Text(set, "SupportedCRS"), out var known) ? known : null;
        return (crs, [.. Children(set, "TileMatrix").Select(matrix =>
        {
            var corner = Numbers(Text(matrix, "TopLeftCorner"));
            return new UpstreamMatrix(Identifier(matrix), Numbers(Text(matrix, "ScaleDenominator")).Item1, null, corner, (int)Numbers(Text(matrix, "TileWidth")).Item1, (int)Numbers(Text(matrix, "TileHeight")).Item1);
        })]);
    }

    private static Extent Box(XElement layer) =>
        Child(layer, "WGS84BoundingBox") is { } box && Text(box, "LowerCorner") is { } lower && Text(box, "UpperCorner") is { } upper
            ? new Extent(Numbers(lower).Item1, Numbers(lower).Item2, Numbers(upper).Item1, Numbers(upper).Item2).Meet(Extent.World)
            : Extent.World;

    private static TileFormat? FormatOf(string? text) => text is null ? null : TileFormat.Find(text.Split(';')[0].Trim());

    /// <returns>One number twice where there is only one.</returns>
    private static (double, double) Numbers(string? text)
    {
        var numbers = (text ?? throw new FormatException("a number is missing")).Split((char[])[' ', ',', '\n', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return numbers.Length == 0 ? throw new FormatException("a number is missing")
            : (double.Parse(numbers[0], CultureInfo.InvariantCulture), double.Parse(numbers[Math.Min(1, numbers.Length - 1)], CultureInfo.InvariantCulture));
    }

    private static string Identifier(XElement element) => Text(element, "Identifier") ?? "";

    private static XElement? Child(XElement? parent, string name) => Children(parent, name).FirstOrDefault();

    private static IEnumerable<XElement> Children(XElement? parent, string name) => parent?.Elements().Where(one => one.Name.LocalName == name) ?? [];

    private static string? Text(XElement parent, string name) => Child(parent, name)?.Value.Trim() is { Length: > 0 } text ? text : null;

    [GeneratedRegex(@"\{(?<name>[^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
