using System.Text.RegularExpressions;
using System.Xml.Linq;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.TileSources.Upstream;

/// <summary>A WMTS 1.0.0 capabilities document (OGC 07-057r7, 7.1.1).</summary>
internal static partial class WmtsCapabilities
{
    /// <exception cref="UpstreamRefusal">It has not what is wanted.</exception>
    /// <exception cref="FormatException">It is not what the standard says; the message names the place.</exception>
    public static UpstreamLayer Read(XElement root, UpstreamOffer offer, IReadOnlyList<TileMatrixSet> sets, ICoordinateTransforms transforms)
    {
        var contents = root.Child("Contents") ?? throw new FormatException("there are no Contents");
        var layer = UpstreamRefusal.Choose("layer", offer.Layer, [.. contents.Children("Layer")], WmtsElements.Identifier);
        var (name, extent) = (layer.Identifier(), Box(layer));
        var style = Style(layer, offer.Style);
        var (link, match, isNew) = Grid(contents, layer, extent, offer, sets, transforms);
        var (format, template) = Template(root, layer, name, style, link, offer.Format);
        return new UpstreamLayer(
            name,
            layer.Text("Title") ?? name,
            new LayerSource.Upstream(UpstreamKind.Wmts, template, match.Set.Id, match.Ids),
            new LayerContents { Kind = format.IsVector ? LayerKind.Vector : LayerKind.Map, Crs = match.Set.Crs, Extent = extent },
            format,
            match.MinLevel,
            match.MaxLevel)
        {
            Description = layer.Text("Abstract"),
            NewSet = isNew ? match.Set : null,
        };
    }

    /// <summary>The default one where none is wanted; empty where the layer has none.</summary>
    private static string Style(XElement layer, string? wanted)
    {
        var styles = layer.Children("Style").ToArray();
        return wanted is not null ? UpstreamRefusal.Choose("style", wanted, styles, WmtsElements.Identifier).Identifier()
            : (Array.Find(styles, one => (string?)one.Attribute("isDefault") is "true" or "1") ?? styles.FirstOrDefault())?.Identifier() ?? "";
    }

    /// <summary>The first of the layer's grids that is one of this server's; where none is, the first that can be defined.</summary>
    private static (string Link, UpstreamMatch Match, bool IsNew) Grid(
        XElement contents, XElement layer, Extent extent, UpstreamOffer offer, IReadOnlyList<TileMatrixSet> sets, ICoordinateTransforms transforms)
    {
        var all = contents.Children("TileMatrixSet").GroupBy(WmtsElements.Identifier, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal);
        var links = layer.Children("TileMatrixSetLink").Where(link => link.Text("TileMatrixSet") is { } id && all.ContainsKey(id)).ToArray();
        if (links.Length == 0)
        {
            throw new UpstreamRefusal("tileMatrixSet", $"the layer {layer.Identifier()} names none that the document has");
        }

        foreach (var link in links)
        {
            var id = link.Text("TileMatrixSet")!;
            if (new WmtsGrid(all[id]).Ours(sets).FirstOrDefault(match => offer.TileMatrixSet is not { } wanted || wanted == id || wanted == match.Set.Id) is { } match
                && Within(link, match) is { } within)
            {
                return (id, within, false);
            }
        }

        var left = offer.TileMatrixSet is null ? links : Array.FindAll(links, link => link.Text("TileMatrixSet") == offer.TileMatrixSet);
        if (left.Length == 0)
        {
            throw UpstreamRefusal.Absent("tileMatrixSet", offer.TileMatrixSet!, links.Select(link => link.Text("TileMatrixSet")!));
        }

        UpstreamRefusal? first = null;
        foreach (var link in left)
        {
            try
            {
                var id = link.Text("TileMatrixSet")!;
                return (id, Within(link, new WmtsGrid(all[id]).Define(extent, transforms)) ?? throw new UpstreamRefusal("tileMatrixSet", $"{id}: its TileMatrixSetLimits name none of its matrices"), true);
            }
            catch (UpstreamRefusal refusal)
            {
                first ??= refusal;
            }
        }

        throw first!;
    }

    /// <summary>Only the matrices that the layer has (table 12, <c>TileMatrixSetLimits</c>); <see langword="null"/> when it has none of them.</summary>
    private static UpstreamMatch? Within(XElement link, UpstreamMatch match)
    {
        var limits = link.Child("TileMatrixSetLimits").Children("TileMatrixLimits").Select(one => one.Text("TileMatrix") ?? "").ToHashSet(StringComparer.Ordinal);
        if (limits.Count == 0)
        {
            return match;
        }

        string[] ids = [.. match.Ids.Select(id => limits.Contains(id) ? id : "")];
        var min = Array.FindIndex(ids, id => id.Length > 0);
        return min < 0 ? null : match with { Ids = ids, MinLevel = min, MaxLevel = Array.FindLastIndex(ids, id => id.Length > 0) };
    }

    private static (TileFormat Format, string Template) Template(XElement root, XElement layer, string name, string style, string set, TileFormat? wanted)
    {
        var all = Templates(layer, name, style, set, KvpAddress(root)).ToArray();
        if (all.Length == 0)
        {
            throw new UpstreamRefusal("format", $"the layer {name} has tiles in no format that is known here, or neither a ResourceURL for them nor GetTile by KVP");
        }

        return wanted is null ? all[0] : UpstreamRefusal.Choose("format", wanted.Name, all, one => one.Format.Name);
    }

    /// <summary>By resource where the server has that, else by parameters; one for each format.</summary>
    private static IEnumerable<(TileFormat Format, string Template)> Templates(XElement layer, string name, string style, string set, string? kvp)
    {
        var values = layer.Children("Dimension").GroupBy(WmtsElements.Identifier, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(same => same.Key, same => same.First().Text("Default") ?? same.First().Text("Value") ?? "", StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<TileFormat>();
        foreach (var resource in layer.Children("ResourceURL").Where(resource => (string?)resource.Attribute("resourceType") == "tile"))
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

        foreach (var text in kvp is null ? [] : layer.Children("Format").Select(format => format.Value.Trim()))
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
        var gets = root.Child("OperationsMetadata").Children("Operation").Where(operation => (string?)operation.Attribute("name") == "GetTile").Descendants().Where(one => one.Name.LocalName == "Get");
        var href = gets.Where(get => !get.Descendants().Any(one => one.Name.LocalName == "Value") || get.Descendants().Any(one => one.Name.LocalName == "Value" && one.Value.Trim() == "KVP"))
            .Select(get => get.Attributes().FirstOrDefault(attribute => attribute.Name.LocalName == "href")?.Value.Trim()).FirstOrDefault();
        return href is null ? null : href.Contains('?', StringComparison.Ordinal) ? href.EndsWith('?') || href.EndsWith('&') ? href : href + "&" : href + "?";
    }

    private static Extent Box(XElement layer)
    {
        if (layer.Child("WGS84BoundingBox") is not { } box || box.Text("LowerCorner") is null || box.Text("UpperCorner") is null)
        {
            return Extent.World;
        }

        var (lower, upper) = (box.Numbers("LowerCorner", 2), box.Numbers("UpperCorner", 2));
        return new Extent(lower[0], lower[1], upper[0], upper[1]).Meet(Extent.World) is { IsEmpty: false } extent ? extent : Extent.World;
    }

    private static TileFormat? FormatOf(string? text) => text is null ? null : TileFormat.Find(text.Split(';')[0].Trim());

    [GeneratedRegex(@"\{(?<name>[^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
