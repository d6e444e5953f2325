using GeoWps.Adapters.Http.Answers;
using GeoWps.Domain.Layers;

namespace GeoWps.Adapters.Http.Collections;

/// <summary>Where the features of layers are, and how they are linked to.</summary>
internal static class FeatureLinks
{
    public const string Queryables = "http://www.opengis.net/def/rel/ogc/1.0/queryables";

    public const string SchemaType = "application/schema+json";

    /// <summary>OGC 18-058r1, 7.7: in which CRS the coordinates of an answer are.</summary>
    public const string ContentCrs = "Content-Crs";

    public static string Collection(string baseAddress, Layer layer) => $"{baseAddress}collections/{layer.Id}";

    public static string Items(string baseAddress, Layer layer) => $"{baseAddress}collections/{layer.Id}/items";

    public static string Item(string baseAddress, Layer layer, string id) => $"{Items(baseAddress, layer)}/{Uri.EscapeDataString(id)}";

    public static IEnumerable<Link> OfCollection(string baseAddress, Layer layer)
    {
        var items = Items(baseAddress, layer);
        yield return new Link(items, "items", Media.GeoJson, "Features");
        yield return new Link(Addresses.In(items, Representation.Html), "items", Media.HtmlType, "Features as a page");
        yield return new Link($"{Collection(baseAddress, layer)}/queryables", Queryables, SchemaType, "Fields that features can be asked for by");
    }
}
