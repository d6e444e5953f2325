using GeoWps.Adapters.Http.Answers;
using GeoWps.Domain.Records;

namespace GeoWps.Adapters.Http.Records;

/// <summary>Where the catalogue and its records are.</summary>
internal static class RecordAddresses
{
    /// <summary>OGC API - Records Part 1, clause 8.2: how a catalogue is linked to.</summary>
    public const string Relation = "http://www.opengis.net/def/rel/ogc/1.0/ogc-catalog";

    public const string Sortables = "http://www.opengis.net/def/rel/ogc/1.0/sortables";

    /// <summary>The path of a search over all nodes; of one node it is that of its items.</summary>
    public const string Search = "search";

    public static string Catalogue(string baseAddress) => $"{baseAddress}collections/{CatalogueId.Value}";

    public static string Items(string baseAddress) => $"{Catalogue(baseAddress)}/items";

    public static string Changes(string baseAddress) => $"{Catalogue(baseAddress)}/changes";

    /// <remarks>Ids of files have slashes, and colons; both may stand in a path.</remarks>
    public static string Item(string baseAddress, string id) =>
        $"{Items(baseAddress)}/{string.Join('/', id.Split('/').Select(part => Uri.EscapeDataString(part).Replace("%3A", ":", StringComparison.Ordinal)))}";

    /// <summary>The address of a record's link, of this server where it names no other.</summary>
    public static string Of(string baseAddress, RecordLink link) => link.Href.Contains("://", StringComparison.Ordinal) || link.Href.StartsWith("mailto:", StringComparison.Ordinal)
        ? link.Href
        : baseAddress + link.Href.TrimStart('/');

    public static IEnumerable<Link> OfCatalogue(string baseAddress)
    {
        var address = Catalogue(baseAddress);
        yield return new Link(address, "self", Media.Json, "This catalogue");
        yield return Links.ToPage(address);
        yield return new Link(Items(baseAddress), "items", Media.GeoJson, "Records");
        yield return new Link(Addresses.In(Items(baseAddress), Representation.Html), "items", Media.HtmlType, "Records as a page");
        yield return new Link(address + "/queryables", Collections.FeatureLinks.Queryables, Collections.FeatureLinks.SchemaType, "What records can be asked for by");
        yield return new Link(address + "/sortables", Sortables, Collections.FeatureLinks.SchemaType, "What records can be sorted by");
    }
}
