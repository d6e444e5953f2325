using System.Text.Json;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>A link: <c>link.yaml</c>. Addresses are absolute, because public clients follow no others.</summary>
/// <param name="Templated">The address has variables in braces: RFC 6570.</param>
internal readonly record struct Link(string Href, string Rel, string? Type = null, string? Title = null, bool Templated = false);

/// <summary>The relations of OGC API - Processes, and how links are written.</summary>
internal static class Links
{
    private const string Ogc = "http://www.opengis.net/def/rel/ogc/1.0/";

    public const string Conformance = Ogc + "conformance";
    public const string Processes = Ogc + "processes";
    public const string JobList = Ogc + "job-list";
    public const string Execute = Ogc + "execute";
    public const string Results = Ogc + "results";
    public const string Exceptions = Ogc + "exceptions";
    public const string Styles = Ogc + "styles";

    /// <summary>RFC 4287, registered: where what is linked from comes from.</summary>
    public const string Via = "via";

    /// <summary>RFC 6573, registered: the collection that something is, or is part of.</summary>
    public const string Collection = "collection";

    /// <summary>From a document to its page.</summary>
    public static Link ToPage(string address) => new(Addresses.In(address, Representation.Html), "alternate", Media.HtmlType, "This document as a page");

    /// <summary>From a page to its document.</summary>
    public static Link ToJson(string address) => new(Addresses.In(address, Representation.Json), "alternate", Media.Json, "As JSON");

    public static void WriteLinks(this Utf8JsonWriter json, params ReadOnlySpan<Link> links)
    {
        json.WriteStartArray("links");
        foreach (var link in links)
        {
            json.WriteStartObject();
            json.WriteString("href", link.Href);
            json.WriteString("rel", link.Rel);
            WriteIfAny(json, "type", link.Type);
            WriteIfAny(json, "title", link.Title);
            if (link.Templated)
            {
                json.WriteBoolean("templated", true);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>As a field of the answer's head: RFC 8288.</summary>
    public static string Header(string href, string rel, string? type = null) =>
        type is null ? $"<{href}>; rel=\"{rel}\"" : $"<{href}>; rel=\"{rel}\"; type=\"{type.Replace("\"", "", StringComparison.Ordinal)}\"";

    public static void WriteIfAny(this Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }
}
